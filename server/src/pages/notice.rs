//! A page without a shipment as HTML: not found, nothing here, our error. Stands side by side with the
//! widget's `src/screens/notice.rs`.

use doorstep_model::screen::{Notice, Remedy};
use maud::{Markup, html};

/// What stands inside `#doorstep`.
pub(super) fn notice(notice: &Notice) -> Markup {
    html! {
        section.notice data-kind=(notice.kind.as_str()) {
            h1.sentence { (notice.title) }
            p.detail { (notice.text) }
            @if let Some((remedy, label)) = notice.remedy {
                a.button href=(target(remedy)) { (label) }
            }
        }
    }
}

/// Without scripts, to ask again is to load the page again.
fn target(remedy: Remedy) -> &'static str {
    match remedy {
        Remedy::Home => "/",
        Remedy::Retry => "",
    }
}
