//! A label in ZPL II, for 203 dots an inch: 812 by 1218 dots. The printer draws the codes itself.

use std::fmt::Write as _;

use super::Label;
use super::text::fitted;

/// The most characters of a line, in the smaller and the larger type.
const NARROW: usize = 46;
const WIDE: usize = 30;

/// The label as the printer reads it.
pub(super) fn write(label: &Label) -> String {
    let mut zpl = String::from("^XA\n^CI28\n^PW812\n^LL1218\n");
    let mut y = 40;
    field(&mut zpl, 40, y, 24, "FROM");
    for line in fitted(&label.from, NARROW) {
        y += 34;
        field(&mut zpl, 40, y, 28, &line);
    }
    y = 380;
    let _ = writeln!(zpl, "^FO40,{}^GB732,3,3^FS", y - 24);
    field(&mut zpl, 40, y, 24, "TO");
    for line in fitted(&label.to, WIDE) {
        y += 46;
        field(&mut zpl, 40, y, 42, &line);
    }
    // A tracking id has letters, digits, '.', '_' and '-' only; '_' is written as its code.
    let number = escaped(label.number.as_str());
    let _ = writeln!(zpl, "^FO40,800^BQN,2,6^FH^FDMA,{number}^FS");
    field(&mut zpl, 250, 820, 28, &format!("Order {}", label.reference));
    field(&mut zpl, 250, 860, 28, &label.parcel);
    let _ = writeln!(zpl, "^FO120,1000^BY2,3,130^BCN,130,N,N,N,A^FH^FD{number}^FS");
    field(&mut zpl, 120, 1150, 34, label.number.as_str());
    zpl.push_str("^XZ\n");
    zpl
}

/// A line of text, its top left corner at `x`, `y`.
fn field(zpl: &mut String, x: u32, y: u32, height: u32, text: &str) {
    if let Some(line) = fitted(&[text.to_owned()], 60).first() {
        let _ = writeln!(zpl, "^FO{x},{y}^A0N,{height},{height}^FH^FD{}^FS", escaped(line));
    }
}

/// `text` as the data of a field: what the printer would read as a command or an escape goes as its code
/// (`^FH`, `_hh`).
fn escaped(text: &str) -> String {
    text.chars().fold(String::new(), |mut escaped, c| {
        match c {
            '^' | '~' | '_' | '\\' | '\u{0}'..='\u{1F}' | '\u{7F}' => {
                let _ = write!(escaped, "_{:02X}", u32::from(c));
            }
            _ => escaped.push(c),
        }
        escaped
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_people_wrote_is_no_command() {
        assert_eq!(escaped("a^XZ~JR_41\\&"), "a_5EXZ_7EJR_5F41_5C&");
    }
}
