//! The words shown to people, one catalogue a language, made at build time from `locales/*.json`. A
//! missing or extra message, or one with other holes than the English, fails the build; each message
//! is a method whose arguments are its holes, so that a call cannot forget one.

include!(concat!(env!("OUT_DIR"), "/catalogue.rs"));

/// One language's messages.
#[derive(Clone, Copy, Debug)]
pub struct Catalogue {
    texts: &'static [&'static str; MESSAGES],
}

impl Catalogue {
    /// `template` with each `{name}` replaced by its value.
    fn fill(&self, index: usize, holes: &[(&str, &str)]) -> String {
        let mut rest = self.texts.get(index).copied().unwrap_or_default();
        let mut text = String::with_capacity(rest.len() + 32);
        while let Some((before, tail)) = rest.split_once('{') {
            text.push_str(before);
            let (name, after) = tail.split_once('}').unwrap_or((tail, ""));
            if let Some((_, value)) = holes.iter().find(|(hole, _)| *hole == name) {
                text.push_str(value);
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
}
