//! The report as a person reads it after the import: counts, then the first refusals as a table.

use std::fmt;

use super::{Remark, Report};

/// How many remarks of a kind are printed; the report file has all.
const PRINTED: usize = 20;

/// How wide a cell of the table may be, in characters.
const WIDEST: usize = 40;

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { rows, created, changed, unchanged, refused, events, .. } = self;
        if self.dry_run {
            writeln!(
                f,
                "Nothing was written. {rows} rows: {} can be read, {refused} can not.",
                rows - refused
            )?;
        } else {
            writeln!(
                f,
                "{rows} rows: {created} created, {changed} changed, {unchanged} unchanged, {refused} not taken."
            )?;
            writeln!(f, "{events} new events.")?;
        }
        writeln!(f, "\nWhere the shipments stand:")?;
        for (status, count) in &self.by_status {
            writeln!(f, "  {count:>9}  {status}")?;
        }
        table(f, "Not taken", &self.refusals)?;
        table(f, "Taken, but note", &self.notes)
    }
}

fn table(f: &mut fmt::Formatter<'_>, title: &str, remarks: &[Remark]) -> fmt::Result {
    if remarks.is_empty() {
        return Ok(());
    }
    writeln!(f, "\n{title}:")?;
    let head = ["row", "line", "id", "column", "value", "reason"].map(str::to_owned);
    let lines: Vec<[String; 6]> =
        std::iter::once(head).chain(remarks.iter().take(PRINTED).map(cells)).collect();
    let mut widths = [0; 6];
    for line in &lines {
        for (width, cell) in widths.iter_mut().zip(line) {
            *width = (*width).max(cell.chars().count());
        }
    }
    for line in &lines {
        let padded: Vec<String> =
            line.iter().zip(widths).map(|(cell, width)| format!("{cell:<width$}")).collect();
        writeln!(f, "  {}", padded.join("  ").trim_end())?;
    }
    match remarks.len().saturating_sub(PRINTED) {
        0 => Ok(()),
        more => writeln!(f, "  … and {more} more; --report FILE writes them all"),
    }
}

fn cells(remark: &Remark) -> [String; 6] {
    [
        remark.row.to_string(),
        remark.line.to_string(),
        cut(&remark.id),
        cut(&remark.column),
        cut(&remark.value),
        printable(&remark.reason),
    ]
}

fn cut(text: &str) -> String {
    let text = printable(text);
    if text.chars().count() <= WIDEST {
        return text;
    }
    text.chars().take(WIDEST - 1).chain(['…']).collect()
}

/// What a file holds must not steer the terminal.
fn printable(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { '\u{fffd}' } else { c }).collect()
}
