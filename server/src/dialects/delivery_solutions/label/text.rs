//! Text as a label's fonts can print it. The fonts of a PDF reader and of a label printer know Latin letters;
//! what they do not is written in them (`deunicode`), as carriers do.

/// The most lines of one address; more would run into the codes.
const MOST_LINES: usize = 8;

/// `lines` without control characters, broken where they are longer than `width` characters.
pub(super) fn fitted(lines: &[String], width: usize) -> Vec<String> {
    let mut fitted: Vec<String> = lines.iter().flat_map(|line| broken(&latin(line), width)).collect();
    fitted.truncate(MOST_LINES);
    fitted
}

/// `text` in letters that have a place in Latin-1.
pub(super) fn latin(text: &str) -> String {
    text.chars()
        .filter(|c| !c.is_control())
        .map(|c| {
            if is_printable(c) {
                c.to_string()
            } else {
                deunicode::deunicode_char(c).unwrap_or("?").to_owned()
            }
        })
        .collect()
}

/// Whether Latin-1, and so WinAnsiEncoding, has it at its own code point.
pub(super) fn is_printable(c: char) -> bool {
    matches!(c, ' '..='~' | '\u{A0}'..='\u{FF}')
}

/// `line` in pieces of at most `width` characters, between words where there are any.
fn broken(line: &str, width: usize) -> Vec<String> {
    let mut pieces = vec![String::new()];
    for word in line.split_whitespace() {
        for part in word.chars().collect::<Vec<_>>().chunks(width) {
            let part: String = part.iter().collect();
            match pieces.last_mut() {
                Some(last) if last.is_empty() => last.push_str(&part),
                Some(last) if last.chars().count() + 1 + part.chars().count() <= width => {
                    last.push(' ');
                    last.push_str(&part);
                }
                _ => pieces.push(part),
            }
        }
    }
    pieces.retain(|piece| !piece.is_empty());
    pieces
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_lines_break_between_words_and_other_letters_are_written_in_latin() {
        let lines = ["Calle de la Princesa 31, 4º izquierda".to_owned(), "Москва".to_owned(), "x".repeat(25)];
        assert_eq!(
            fitted(&lines, 20),
            ["Calle de la Princesa", "31, 4º izquierda", "Moskva", "xxxxxxxxxxxxxxxxxxxx", "xxxxx"]
        );
        assert_eq!(latin("a\u{0}\n\u{202E}b"), "ab");
    }
}
