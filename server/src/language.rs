//! Which language a page is written in: the one that its address asks for (`?lang=`), else the best of what
//! the browser asks for that the catalogue has. Knows nothing of what is said.

use std::convert::Infallible;

use axum::extract::FromRequestParts;
use doorstep_model::catalogue::Catalogue;
use http::request::Parts;
use http::{HeaderMap, header};

/// A language in which pages are written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Language {
    /// English with times as in Britain and most of the world: 14:10, 24 November.
    #[default]
    English,
    /// English with times as in the United States: 2:10 PM, November 24.
    EnglishUs,
    /// Spanish as in Spain.
    Spanish,
    /// Spanish as in Mexico, and for the rest of the Americas.
    SpanishMexico,
    /// Portuguese as in Brazil, and for whoever reads any Portuguese.
    Portuguese,
    /// French.
    French,
    /// German.
    German,
    /// Arabic, with the digits 0 to 9.
    Arabic,
}

impl Language {
    /// All of them.
    pub const ALL: [Self; 8] = [
        Self::English,
        Self::EnglishUs,
        Self::Spanish,
        Self::SpanishMexico,
        Self::Portuguese,
        Self::French,
        Self::German,
        Self::Arabic,
    ];

    /// The best of what `Accept-Language` (RFC 9110, 12.5.4) asks for; English where it asks for none of
    /// ours.
    pub fn negotiate(accept: Option<&str>) -> Self {
        let mut wanted: Vec<(&str, f32)> = accept
            .unwrap_or_default()
            .split(',')
            .filter_map(|range| {
                let (tag, parameters) = range.split_once(';').unwrap_or((range, "q=1"));
                let quality = parameters.trim().strip_prefix("q=")?.parse().ok()?;
                (quality > 0.0).then_some((tag.trim(), quality))
            })
            .collect();
        wanted.sort_by(|a, b| b.1.total_cmp(&a.1));
        wanted.iter().find_map(|(tag, _)| Self::of_tag(tag)).unwrap_or_default()
    }

    /// What a request asks for in its headers.
    pub fn of_headers(headers: &HeaderMap) -> Self {
        Self::negotiate(headers.get(header::ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok()))
    }

    /// The one that is nearest to a BCP 47 tag, if we have that language at all.
    pub fn of_tag(tag: &str) -> Option<Self> {
        let mut subtags = tag.split(['-', '_']);
        let language = subtags.next().unwrap_or_default().to_ascii_lowercase();
        // A script ("Latn") may stand before it, an extension after.
        let region = subtags
            .take_while(|subtag| subtag.len() > 1)
            .find(|subtag| matches!(subtag.len(), 2 | 3))
            .map(str::to_ascii_uppercase);
        Some(match (language.as_str(), region.as_deref()) {
            ("en", Some("US")) => Self::EnglishUs,
            ("en", _) => Self::English,
            // Outside of the Americas, Spanish is written as in Spain.
            ("es", None | Some("ES" | "EA" | "IC" | "GQ" | "PH" | "150")) => Self::Spanish,
            ("es", _) => Self::SpanishMexico,
            ("pt", _) => Self::Portuguese,
            ("fr", _) => Self::French,
            ("de", _) => Self::German,
            ("ar", _) => Self::Arabic,
            _ => return None,
        })
    }

    /// The BCP 47 tag, for the page's `lang`.
    pub const fn tag(self) -> &'static str {
        match self {
            Self::English => "en-GB",
            other => other.file(),
        }
    }

    /// The name of its words' file.
    pub const fn file(self) -> &'static str {
        match self {
            Self::English => "en",
            Self::EnglishUs => "en-US",
            Self::Spanish => "es",
            Self::SpanishMexico => "es-MX",
            Self::Portuguese => "pt-BR",
            Self::French => "fr",
            Self::German => "de",
            Self::Arabic => "ar",
        }
    }

    /// Its words.
    pub const fn catalogue(self) -> Catalogue {
        match self {
            Self::English => Catalogue::ENGLISH,
            Self::EnglishUs => Catalogue::EN_US,
            Self::Spanish => Catalogue::ES,
            Self::SpanishMexico => Catalogue::ES_MX,
            Self::Portuguese => Catalogue::PT_BR,
            Self::French => Catalogue::FR,
            Self::German => Catalogue::DE,
            Self::Arabic => Catalogue::AR,
        }
    }
}

/// The language of a page, and whether its address asks for it: then the pages that it leads to are asked for in
/// the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Chosen {
    /// The language.
    pub language: Language,
    /// Whether the address asks for it; the browser does otherwise.
    pub asked: bool,
}

impl Chosen {
    /// By an address that asks for `tag`, and else by the headers.
    pub fn new(tag: Option<&str>, headers: &HeaderMap) -> Self {
        match tag.and_then(Language::of_tag) {
            Some(language) => Self { language, asked: true },
            None => Self { language: Language::of_headers(headers), asked: false },
        }
    }

    /// Its words.
    pub const fn catalogue(self) -> Catalogue {
        self.language.catalogue()
    }

    /// What the address of another page needs to be in the same: `?lang=de`, or nothing.
    pub fn query(self) -> String {
        if self.asked { format!("?lang={}", self.language.tag()) } else { String::new() }
    }
}

/// What a page's request asks for: by `?lang=`, else by its headers.
impl<S: Sync> FromRequestParts<S> for Chosen {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        let query = parts.uri.query().unwrap_or_default();
        let asked = query.split('&').find_map(|pair| pair.strip_prefix("lang="));
        Ok(Self::new(asked, &parts.headers))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_of_ours_that_is_wanted_most() {
        for (accept, language) in [
            ("en-US,en;q=0.9", Language::EnglishUs),
            ("en-US;q=0.5,en-GB", Language::English),
            ("de-DE, en-GB;q=0.8, en-US;q=0.5", Language::German),
            ("nl-NL, fr;q=0.2, de;q=0.7", Language::German),
            ("es", Language::Spanish),
            ("es-ES,es;q=0.9,en;q=0.8", Language::Spanish),
            ("es-AR,es;q=0.9", Language::SpanishMexico),
            ("es-419", Language::SpanishMexico),
            ("es-Latn-GQ", Language::Spanish),
            ("pt-PT", Language::Portuguese),
            ("FR-ca", Language::French),
            ("ar-EG-u-nu-arab", Language::Arabic),
            ("de;q=0, nl", Language::English),
        ] {
            assert_eq!(Language::negotiate(Some(accept)), language, "{accept}");
        }
        for odd in [None, Some(""), Some("*"), Some("xx;q=ä,,;"), Some("en-US;q=NaN"), Some("-"), Some("es-")]
        {
            let _ = Language::negotiate(odd);
        }
    }

    #[tokio::test]
    async fn the_address_goes_before_the_browser() {
        let asked = async |address: &str| {
            let request = http::Request::get(address).header("accept-language", "fr");
            let (mut parts, ()) = request.body(()).unwrap_or_else(|e| panic!("{e}")).into_parts();
            Chosen::from_request_parts(&mut parts, &()).await.unwrap_or_else(|e| match e {})
        };
        let mexican = asked("/t/1?x=y&lang=es-MX").await;
        assert_eq!(mexican, Chosen { language: Language::SpanishMexico, asked: true });
        assert_eq!(mexican.query(), "?lang=es-MX");
        for address in ["/t/1?lang=nl", "/t/1?lang=", "/t/1"] {
            assert_eq!(asked(address).await, Chosen { language: Language::French, asked: false });
            assert_eq!(asked(address).await.query(), "");
        }
    }

    #[test]
    fn every_file_of_words_is_some_languages() {
        for (file, _) in Catalogue::ALL {
            assert!(Language::ALL.iter().any(|language| language.file() == file), "{file}");
        }
        assert_eq!(Language::ALL.len(), Catalogue::ALL.len());
        for language in Language::ALL {
            assert_eq!(Language::of_tag(language.tag()), Some(language));
        }
    }
}
