//! The words shown to people, one catalogue a language, checked at build time against `locales/en.json`: a
//! missing or extra message, or one with other holes than the English, fails the build. Each message is a
//! method whose arguments are its holes, so that a call cannot forget one. The server holds every language;
//! the widget holds none and reads the one that its page names.

include!(concat!(env!("OUT_DIR"), "/catalogue.rs"));

/// One language's messages.
#[derive(Clone, Copy, Debug)]
pub struct Catalogue {
    texts: &'static [&'static str; MESSAGES],
}

impl Catalogue {
    /// Says nothing; for a page that has no words, which stays as the server made it.
    pub const BLANK: Self = Self { texts: &[""; MESSAGES] };

    /// What [`Self::lines`] wrote. Kept for as long as the program runs: a page has one language.
    pub fn read(lines: &str) -> Option<Self> {
        let lines: &'static str = Box::leak(Box::from(lines));
        let texts: Box<[&'static str]> = lines.split('\n').collect();
        let texts: Box<[&'static str; MESSAGES]> = texts.try_into().ok()?;
        Some(Self { texts: Box::leak(texts) })
    }

    /// All messages in the order of their keys, one a line.
    pub fn lines(&self) -> String {
        self.texts.join("\n")
    }

    /// The message with each `{name}` replaced by its value.
    fn fill(&self, index: usize, holes: &[(&str, &str)]) -> String {
        self.replace(index, holes, ["", ""])
    }

    /// The same with each value set apart where people read from the right (U+2068, U+2069): a name or number
    /// of another script would turn what is around it.
    fn fill_apart(&self, index: usize, holes: &[(&str, &str)]) -> String {
        let rtl = self.language_direction() == "rtl";
        self.replace(index, holes, if rtl { ["\u{2068}", "\u{2069}"] } else { ["", ""] })
    }

    fn replace(&self, index: usize, holes: &[(&str, &str)], around: [&str; 2]) -> String {
        let mut rest = self.texts.get(index).copied().unwrap_or_default();
        let mut text = String::with_capacity(rest.len() + 32);
        while let Some((before, tail)) = rest.split_once('{') {
            text.push_str(before);
            let (name, after) = tail.split_once('}').unwrap_or((tail, ""));
            if let Some((_, value)) = holes.iter().find(|(hole, _)| *hole == name) {
                for part in [around[0], value, around[1]] {
                    text.push_str(part);
                }
            }
            rest = after;
        }
        text.push_str(rest);
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_is_filled_by_name() {
        assert_eq!(Catalogue::ENGLISH.when_between("14:10", "14:40"), "between 14:10 and 14:40");
    }

    #[test]
    fn what_was_written_reads_the_same_and_nothing_else_reads() {
        for (tag, words) in Catalogue::ALL {
            let read = Catalogue::read(&words.lines()).unwrap_or_else(|| panic!("{tag}"));
            assert_eq!(read.texts, words.texts, "{tag}");
        }
        let short = Catalogue::ENGLISH.lines().replacen('\n', " ", 1);
        assert!(Catalogue::read(&short).is_none() && Catalogue::read("").is_none());
    }

    #[test]
    fn no_language_has_an_empty_message_but_where_it_writes_nothing() {
        for (tag, words) in Catalogue::ALL {
            // Twenty-four hours need no half of the day.
            let empty = words.texts.iter().filter(|text| text.is_empty()).count();
            assert_eq!(empty, if words.time_hours() == "h" { 0 } else { 2 }, "{tag}");
            assert!(matches!(words.language_direction(), "ltr" | "rtl"), "{tag}");
        }
    }
}
