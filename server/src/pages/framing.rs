//! What a page in a frame has of its surroundings: who may frame it, light or dark, and other names for
//! the steps. Knows nothing of what the page shows.

use doorstep_model::screen::Titles;

use crate::access::{Origin, TenantSettings};

/// Of one page.
#[derive(Debug, Default)]
pub(super) struct Framing {
    /// What the page around it asks for; the viewer's own choice otherwise.
    pub(super) theme: Option<&'static str>,
    /// Names of the steps, where a link brings them.
    pub(super) titles: Option<Titles>,
    /// Sources of `frame-ancestors`.
    pub(super) ancestors: String,
    /// Whether the page is to become the recipient's.
    pub(super) personal: bool,
}

/// The themes that may be asked for.
const THEMES: [&str; 2] = ["light", "dark"];

impl Framing {
    /// Of a page with shipments of a tenant that decided `settings`; `personal` where the page is to become
    /// the recipient's.
    pub(super) fn of(settings: &TenantSettings, theme: Option<&str>, personal: bool) -> Self {
        Self {
            theme: THEMES.into_iter().find(|known| theme == Some(*known)),
            titles: None,
            ancestors: ancestors(&settings.origins, personal),
            personal,
        }
    }
}

/// Anybody may show what everybody may see; what is somebody's own, only pages that are known to be the
/// shop's, since whoever frames a page can trick people into pressing what stands on it.
fn ancestors(origins: &[Origin], personal: bool) -> String {
    match (origins, personal) {
        ([], false) => "*".to_owned(),
        ([], true) => "'none'".to_owned(),
        _ => origins.iter().map(Origin::as_str).collect::<Vec<_>>().join(" "),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn settings(origins: &[&str]) -> TenantSettings {
        let origins = origins.iter().map(|origin| origin.parse().unwrap_or_else(|e| panic!("{e}")));
        TenantSettings { origins: origins.collect(), ..TenantSettings::default() }
    }

    #[test]
    fn only_the_shops_pages_frame_what_is_somebodys_own() {
        let of = |origins: &[&str], personal| Framing::of(&settings(origins), None, personal).ancestors;
        assert_eq!(of(&[], false), "*");
        assert_eq!(of(&[], true), "'none'");
        for personal in [false, true] {
            let both = of(&["https://a.example", "https://b.example:8443"], personal);
            assert_eq!(both, "https://a.example https://b.example:8443");
        }
    }

    #[test]
    fn a_theme_is_one_that_is_known() {
        for (asked, theme) in [("dark", Some("dark")), ("light", Some("light")), ("auto", None), ("x", None)]
        {
            assert_eq!(Framing::of(&settings(&[]), Some(asked), false).theme, theme);
        }
    }
}
