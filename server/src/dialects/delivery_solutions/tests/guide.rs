//! The guide's tables say what the code's tables say.

use std::fmt::Write as _;
use std::path::PathBuf;

use crate::dialects::delivery_solutions::failure::{Call, Kind, Severity};
use crate::dialects::delivery_solutions::status::Word;
use doorstep_model::event::Movement;
use doorstep_model::flags::Flag;
use doorstep_model::status::Status;

const STATUSES: [&str; 2] =
    ["<!-- delivery-solutions-statuses:begin -->\n", "<!-- delivery-solutions-statuses:end -->"];
const ERRORS: [&str; 2] =
    ["<!-- delivery-solutions-errors:begin -->\n", "<!-- delivery-solutions-errors:end -->"];

fn statuses() -> String {
    let mut table = String::from("| word | ours | also |\n|---|---|---|\n");
    for word in Word::ALL {
        let means = word.means(None);
        let status = means.status.map_or_else(|| "unchanged".to_owned(), |status| format!("`{status}`"));
        let mut also: Vec<String> = Flag::ALL
            .iter()
            .filter(|flag| means.flags.set.has(**flag))
            .map(|flag| format!("flag `{flag}`"))
            .collect();
        if means.movement == Movement::StepBack {
            also.push("a step back".to_owned());
        }
        let _ = writeln!(table, "| `{word}` | {status} | {} |", also.join(", "));
    }
    table += "\nThe other way round, where something else moved a shipment:\n\n| ours | word |\n|---|---|\n";
    for status in Status::ALL {
        if let Some(word) = Word::of(*status) {
            let _ = writeln!(table, "| `{status}` | `{word}` |");
        }
    }
    table
}

fn errors() -> String {
    let mut table = String::from("| type | HTTP | |");
    for call in Call::ALL {
        let _ = write!(table, " {} |", format!("{call:?}").to_lowercase());
    }
    table += "\n|---|---|---|---|---|---|---|---|---|---|\n";
    for kind in Kind::ALL {
        let severity = if kind.severity() == Severity::Transient { "T" } else { "H" };
        let _ = write!(table, "| `{}` | {} | {severity} |", kind.word(), kind.status().as_u16());
        for call in Call::ALL {
            table += if kind.calls().contains(&call) { " ● |" } else { " |" };
        }
        table += "\n";
    }
    table
}

#[test]
fn the_guide_says_what_the_code_says() {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../docs/DIALECTS.md");
    let mut page = std::fs::read_to_string(&path).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
    for ([begin, end], table) in [(STATUSES, statuses()), (ERRORS, errors())] {
        let (before, rest) = page.split_once(begin).unwrap_or_else(|| panic!("there is a place for {begin}"));
        let (written, after) = rest.split_once(end).unwrap_or_else(|| panic!("{end}"));
        if std::env::var_os("DOORSTEP_UPDATE").is_some() {
            page = [before, begin, &table, end, after].concat();
            std::fs::write(&path, &page).unwrap_or_else(|e| panic!("{e}"));
        } else {
            assert_eq!(written, table, "run the test again with DOORSTEP_UPDATE=1, and look at what changed");
        }
    }
}
