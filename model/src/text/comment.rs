//! What a recipient writes for the courier. Its length counts as people count: an emoji family is one
//! character, a letter with its accent too. Only who has the tables for it counts so (feature
//! `graphemes`, the server); elsewhere the scalar limit alone holds, and the server has the last word.

use std::fmt;

use super::{TextError, bounded};

checked_text! {
    /// What a recipient writes for the courier: at most 500 characters as people count them.
    Comment, 4000, comment
}

impl Comment {
    /// The most characters it takes, as people count them (extended grapheme clusters).
    pub const MAX: usize = 500;

    /// The most Unicode scalar values, so that a character made of thousands of accents is no way in.
    pub const MAX_SCALARS: usize = 4000;
}

fn comment(raw: &str) -> Result<String, TextError> {
    let text = bounded(raw, Comment::MAX_SCALARS)?;
    #[cfg(feature = "graphemes")]
    if unicode_segmentation::UnicodeSegmentation::graphemes(text.as_str(), true).count() > Comment::MAX {
        return Err(TextError::TooLong(Comment::MAX));
    }
    Ok(text)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn parsed(raw: &str) -> Result<String, TextError> {
        Comment::parse(raw).map(String::from)
    }

    #[test]
    fn markup_and_script_stay_text() {
        for raw in
            ["<b>3rd floor</b>", "<script>alert(1)</script>", "\"><img src=x onerror=alert(1)>", "{{7*7}}"]
        {
            assert_eq!(parsed(raw), Ok(raw.to_owned()));
        }
    }

    #[test]
    fn what_turns_letters_around_goes_and_what_writing_needs_stays() {
        let turned = "gate \u{202E}4321\u{202C} \u{2067}b\u{2069}";
        assert_eq!(parsed(turned), Ok("gate 4321 b".to_owned()));
        for kept in
            ["باب\u{200F} (3)", "שער\u{200E} 3", "می\u{200C}خواهم", "👨\u{200D}👩\u{200D}👧", "❤\u{FE0F}"]
        {
            assert_eq!(parsed(kept), Ok(kept.to_owned()));
        }
    }

    #[test]
    fn controls_go_and_breaks_become_spaces() {
        assert_eq!(parsed("\u{FEFF}a\u{0}b\u{1B}[31mc\u{7F}"), Ok("ab[31mc".to_owned()));
        assert_eq!(parsed("a\nb\u{85}c\u{2028}d\u{2029}e\tf"), Ok("a b c d e f".to_owned()));
    }

    #[test]
    fn what_shows_nothing_is_empty() {
        for nothing in
            ["", " \n", "\u{0}", "\u{200B}\u{200E}", "\u{FEFF}", "\u{2028}", "\u{202E}", "\u{3164}"]
        {
            assert_eq!(parsed(nothing), Err(TextError::Empty), "{nothing:?}");
        }
    }

    #[test]
    fn much_is_refused_however_it_is_made() {
        assert_eq!(parsed(&"a".repeat(10_000_000)), Err(TextError::TooLong(Comment::MAX_SCALARS)));
        let heap_of_accents = format!("a{}", "\u{301}".repeat(Comment::MAX_SCALARS));
        assert_eq!(parsed(&heap_of_accents), Err(TextError::TooLong(Comment::MAX_SCALARS)));
    }

    #[cfg(feature = "graphemes")]
    #[test]
    fn people_count_a_family_as_one() {
        let family = "👨\u{200D}👩\u{200D}👧\u{200D}👦";
        assert!(parsed(&family.repeat(500)).is_ok(), "3,500 scalar values, 500 characters");
        assert_eq!(parsed(&family.repeat(501)), Err(TextError::TooLong(Comment::MAX)));
        assert!(parsed(&"e\u{301}".repeat(500)).is_ok());
        assert!(parsed(&"🇪🇸".repeat(500)).is_ok());
        assert_eq!(parsed(&"e".repeat(501)), Err(TextError::TooLong(Comment::MAX)));
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        /// Whatever is taken is clean, shows something, and is the same when it is read again: so a repeated
        /// edit equals the first.
        #[test]
        fn what_is_taken_stays_as_it_is(raw in any::<String>()) {
            if let Ok(text) = parsed(&raw) {
                prop_assert!(!text.chars().any(|c| c.is_control() || super::super::is_bidi_override(c)));
                prop_assert_eq!(parsed(&text), Ok(text));
            }
        }
    }
}
