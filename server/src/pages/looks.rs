//! A shop's looks on a page of its shipments: its logo or name above, where its customers find help below, and
//! its colour. They stand around the widget's element, so that server and widget show the same. Knows nothing of
//! what the page shows.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use doorstep_model::catalogue::Catalogue;
use maud::{Markup, html};
use sha2::{Digest as _, Sha256};

use crate::access::{Brand, Logo, Shades};
use crate::identity::TenantId;
use crate::state::AppState;
use crate::store::StoreError;

/// Of one shop.
#[derive(Debug)]
pub(super) struct Looks {
    brand: Brand,
    logo: Option<Logo>,
}

impl Looks {
    /// Of a shop that shows itself as `brand`; `None` for one that does not.
    pub(super) async fn of(
        state: &AppState,
        tenant: TenantId,
        brand: Option<Brand>,
    ) -> Result<Option<Self>, StoreError> {
        let Some(brand) = brand else { return Ok(None) };
        Ok(Some(Self { brand, logo: state.store.logo_of(tenant).await? }))
    }

    /// The shop's colour as a style sheet.
    pub(super) fn style(&self) -> Option<String> {
        let Shades { plain, light, dark } = self.brand.shades()?;
        let (plain, light, dark) = (plain.as_str(), light.as_str(), dark.as_str());
        Some(format!(
            ":root{{--brand:{plain};--accent:{light}}}\
             @media(prefers-color-scheme:dark){{:root:not([data-theme=light]){{--accent:{dark}}}}}\
             :root[data-theme=dark]{{--accent:{dark}}}"
        ))
    }

    /// By what a policy knows that style sheet.
    pub(super) fn style_source(&self) -> String {
        let digest = |style: String| format!("'sha256-{}'", STANDARD.encode(Sha256::digest(style)));
        self.style().map(digest).unwrap_or_default()
    }

    /// What stands above.
    pub(super) fn above(&self) -> Markup {
        html! {
            header.brand {
                @match &self.logo {
                    Some(logo) => img src=(logo.path()) alt=(self.brand.name) width=(logo.width) height=(logo.height);,
                    None => (self.brand.name),
                }
            }
        }
    }

    /// What stands below.
    pub(super) fn below(&self, words: &Catalogue) -> Markup {
        html! {
            @if let Some(support) = &self.brand.support {
                footer.support {
                    (words.brand_help(self.brand.name.as_str())) " "
                    a href=(support.as_str()) target="_blank" rel="noopener noreferrer" {
                        bdi { (support.plain()) }
                    }
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use doorstep_model::text::Label;

    use super::*;
    use crate::access::LogoName;
    use crate::language::Language;

    fn looks(logo: Option<Logo>) -> Looks {
        let brand = Brand {
            name: Label::parse("<Shop> & \"Sons\"").unwrap_or_else(|e| panic!("{e}")),
            accent: "#ffcc00".parse().ok(),
            accent_dark: None,
            support: "mailto:help@shop.example".parse().ok(),
        };
        Looks { brand, logo }
    }

    #[test]
    fn without_a_logo_its_name_stands_there() {
        let html = looks(None).above().into_string();
        assert_eq!(html, "<header class=\"brand\">&lt;Shop&gt; &amp; &quot;Sons&quot;</header>");
    }

    #[test]
    fn a_logo_says_the_name_and_keeps_its_room() {
        let logo = Logo { name: LogoName::of(b"abc"), width: 320, height: 80 };
        let html = looks(Some(logo)).above().into_string();
        for part in [
            "/logos/ba7816bf",
            "alt=\"&lt;Shop&gt; &amp; &quot;Sons&quot;\"",
            "width=\"320\"",
            "height=\"80\"",
        ] {
            assert!(html.contains(part), "{part}: {html}");
        }
    }

    #[test]
    fn help_is_named_and_linked() {
        let html = looks(None).below(&Language::English.catalogue()).into_string();
        assert!(html.contains("href=\"mailto:help@shop.example\""), "{html}");
        assert!(html.contains("<bdi>help@shop.example</bdi>"), "{html}");
    }

    #[test]
    fn the_style_sheet_holds_readable_shades_only_for_what_is_read() {
        let style = looks(None).style().unwrap_or_default();
        assert!(style.starts_with(":root{--brand:#ffcc00;--accent:#"), "{style}");
        assert!(!style.contains("--accent:#ffcc00}@"), "yellow is not read on white: {style}");
        assert!(style.contains("[data-theme=dark]{--accent:#ffcc00}"), "{style}");
    }
}
