//! A page without a shipment as HTML: not found, nothing here, our error. Stands side by side with the
//! widget's `src/screens/notice.rs`.

use doorstep_model::screen::{Notice, Remedy};
use maud::{Markup, html};

use crate::language::Chosen;

/// What stands inside `#doorstep`. Our other pages let nobody frame them: in a frame, what leads to one opens
/// it beside.
pub(super) fn notice(notice: &Notice, chosen: Chosen, framed: bool) -> Markup {
    html! {
        section.notice data-kind=(notice.kind.as_str()) {
            h1.sentence { (notice.title) }
            p.detail { (notice.text) }
            @if let Some((remedy, label)) = notice.remedy {
                a.button href=(target(remedy, chosen)) target=[(framed && remedy == Remedy::Home).then_some("_blank")] {
                    (label)
                }
            }
        }
    }
}

/// Without scripts, to ask again is to load the page again.
fn target(remedy: Remedy, chosen: Chosen) -> String {
    match remedy {
        Remedy::Home => format!("/{}", chosen.query()),
        Remedy::Retry => String::new(),
    }
}
