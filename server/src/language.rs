//! Which language a page is written in, from what the browser asks for. Only what the catalogue has.

use doorstep_model::catalogue::Catalogue;

/// A language in which pages are written. English comes in two ways of writing times.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Language {
    /// English with times as in Britain and most of the world: 14:10, 24 November.
    English,
    /// English with times as in the United States: 2:10 PM, November 24.
    EnglishUs,
}

impl Language {
    /// The best of what `Accept-Language` (RFC 9110, 12.5.4) asks for; English where it asks for none of
    /// ours. Only the first English tag decides how times are written.
    pub fn negotiate(accept: Option<&str>) -> Self {
        let mut wanted: Vec<(&str, f32)> = accept
            .unwrap_or_default()
            .split(',')
            .filter_map(|range| {
                let (tag, parameters) = range.split_once(';').unwrap_or((range, "q=1"));
                let quality = parameters.trim().strip_prefix("q=")?.parse().ok()?;
                Some((tag.trim(), quality))
            })
            .collect();
        wanted.sort_by(|a, b| b.1.total_cmp(&a.1));
        let first_english = wanted
            .iter()
            .map(|(tag, _)| *tag)
            .find(|tag| tag.get(..2).is_some_and(|t| t.eq_ignore_ascii_case("en")));
        match first_english {
            Some(tag) if tag.eq_ignore_ascii_case("en-us") => Self::EnglishUs,
            _ => Self::English,
        }
    }

    /// The BCP 47 tag, which is also the locale that the widget gives to `Intl`.
    pub const fn tag(self) -> &'static str {
        match self {
            Self::English => "en-GB",
            Self::EnglishUs => "en-US",
        }
    }

    /// Its words.
    pub const fn catalogue(self) -> Catalogue {
        match self {
            Self::English | Self::EnglishUs => Catalogue::ENGLISH,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_english_tag_decides_how_times_are_written() {
        assert_eq!(Language::negotiate(Some("en-US,en;q=0.9")), Language::EnglishUs);
        assert_eq!(Language::negotiate(Some("de-DE, en-GB;q=0.8, en-US;q=0.5")), Language::English);
        assert_eq!(Language::negotiate(Some("en-US;q=0.5,en-GB")), Language::English);
        for odd in [None, Some(""), Some("*"), Some("xx;q=ä,,;"), Some("en-US;q=NaN")] {
            let _ = Language::negotiate(odd);
        }
    }
}
