//! Lines of iCalendar (RFC 5545, 3.1 to 3.3): escaped, folded and ended as the standard says. Knows nothing of
//! what they say.

use std::fmt::Write as _;

use doorstep_model::time::{Day, Timestamp};

/// The most octets of a line, its end not counted.
const LONGEST: usize = 75;

/// Lines in the making.
#[derive(Default)]
pub(super) struct Lines(String);

impl Lines {
    /// A line whose value is written as it is.
    pub(super) fn raw(&mut self, name: &str, value: &str) {
        self.line(&format!("{name}:{value}"));
    }

    /// A line whose value is a text: what would end or part it is escaped (3.3.11).
    pub(super) fn text(&mut self, name: &str, value: &str) {
        self.raw(name, &escape(value));
    }

    /// A line whose value is an instant, in UTC.
    pub(super) fn instant(&mut self, name: &str, at: Timestamp) {
        self.raw(name, &at.utc().format("%Y%m%dT%H%M%SZ").to_string());
    }

    /// A line whose value is a day.
    pub(super) fn day(&mut self, name: &str, day: Day) {
        self.raw(&format!("{name};VALUE=DATE"), &day.format("%Y%m%d").to_string());
    }

    /// All lines.
    pub(super) fn finish(self) -> String {
        self.0
    }

    /// Folded so that no line is too long and no character is cut: a program may read line by line.
    fn line(&mut self, line: &str) {
        let mut room = LONGEST;
        for c in line.chars() {
            if c.len_utf8() > room {
                self.0.push_str("\r\n ");
                room = LONGEST - 1;
            }
            self.0.push(c);
            room -= c.len_utf8();
        }
        self.0.push_str("\r\n");
    }
}

fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\\' | ';' | ',' => {
                let _ = write!(escaped, "\\{c}");
            }
            '\n' => escaped.push_str("\\n"),
            // No other control character may stand in a text.
            c if c.is_control() => {}
            c => escaped.push(c),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn written(value: &str) -> String {
        let mut lines = Lines::default();
        lines.text("SUMMARY", value);
        lines.finish()
    }

    #[test]
    fn what_would_end_or_part_a_value_is_escaped() {
        assert_eq!(written("a;b,c\\d\r\ne\u{0}"), "SUMMARY:a\\;b\\,c\\\\d\\ne\r\n");
        assert_eq!(written("BEGIN:X\nEND:Y"), "SUMMARY:BEGIN:X\\nEND:Y\r\n");
    }

    proptest! {
        #[test]
        fn every_line_is_short_and_unfolds_to_what_was_written(value in "\\PC{0,300}") {
            let text = written(&value);
            for line in text.split_terminator("\r\n") {
                prop_assert!(line.len() <= LONGEST, "{} octets", line.len());
            }
            let unfolded = text.replace("\r\n ", "");
            prop_assert_eq!(unfolded, format!("SUMMARY:{}\r\n", escape(&value)));
        }
    }
}
