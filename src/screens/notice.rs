//! A page without a shipment: loading, not found, busy, offline, our error.

use doorstep_model::screen::{Notice, Remedy};

use super::recipient::{Deed, Part, text};
use crate::{page, place};

/// What says `notice`.
pub(super) fn notice(notice: &Notice) -> Part {
    let mut parts =
        vec![Part::of("h1", "sentence", vec![Part::text(notice.title)]), text("detail", notice.text)];
    if let Some((remedy, label)) = notice.remedy {
        let link = Part::of("a", "button", vec![Part::text(label)]).with("href", address(remedy));
        parts.push(match remedy {
            // Our other pages let nobody frame them: what leads from a frame to one opens it beside.
            Remedy::Home => link.when(cfg!(not(feature = "page")), "target", "_blank"),
            Remedy::Retry => link.deed(Deed::Retry),
        });
    }
    Part::of("section", "notice", parts).with("data-kind", notice.kind.as_str())
}

fn address(remedy: Remedy) -> String {
    match remedy {
        Remedy::Home if place::is_guest() => [place::server(), "/"].concat(),
        Remedy::Home => ["/", &page::query()].concat(),
        Remedy::Retry => String::new(),
    }
}
