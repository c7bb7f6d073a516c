//! A report for a person at a terminal.

use std::collections::BTreeSet;

use super::{Entry, Report, Result, Row, Target};

const WHAT_WIDTH: usize = 56;
const CELL_WIDTH: usize = 14;

/// Prints the whole report to standard output.
pub(crate) fn print(report: &Report) {
    let machine = &report.machine;
    println!(
        "\n{} cores, {}, {:.0} GB, Linux {}, {}, commit {}, databases on {}, load before {:.1}{}",
        machine.cores,
        machine.cpu,
        machine.memory_bytes as f64 / 1e9,
        machine.kernel,
        machine.rustc,
        machine.commit,
        machine.database_filesystem,
        machine.load_before,
        if report.quick { "; QUICK, figures do not count" } else { "" },
    );
    for entry in &report.benches {
        print_entry(entry);
    }
}

fn print_entry(entry: &Entry) {
    println!("\n{} – {} ({:.0} s)", entry.name, entry.about, entry.seconds);
    let findings = match &entry.result {
        Result::Failed { error } => {
            println!("  FAILED: {error}");
            return;
        }
        Result::Measured(findings) => findings,
    };
    let columns: BTreeSet<&str> = findings.rows.iter().flat_map(|row| row.columns.keys().copied()).collect();
    print!("  {:WHAT_WIDTH$}", "");
    columns.iter().for_each(|column| print!("{column:>CELL_WIDTH$}"));
    println!("  target");
    for row in &findings.rows {
        println!("{}", line(row, &columns));
    }
    for remark in &findings.remarks {
        println!("  * {remark}");
    }
}

fn line(row: &Row, columns: &BTreeSet<&str>) -> String {
    let mut line = format!("  {:WHAT_WIDTH$}", format!("{} [{}]", row.what, row.unit));
    for column in columns {
        let cell = row.columns.get(column).copied().map(number).unwrap_or_default();
        line.push_str(&format!("{cell:>CELL_WIDTH$}"));
    }
    if let Some(target) = row.target {
        let verdict = match row.met {
            Some(true) => "met",
            Some(false) => "MISSED",
            None => "not judged",
        };
        line.push_str(&format!("  {}: {verdict}", wording(target)));
    }
    line
}

fn wording(target: Target) -> String {
    match target {
        Target::AtLeast(least) => format!("≥ {}", number(least)),
        Target::AtMost(most) => format!("≤ {}", number(most)),
        Target::AtLeastShareOf(column, share) => format!("≥ {share} × {column}"),
        Target::NoMoreThan(column) => format!("≤ {column}"),
    }
}

/// Three to four digits that matter, without exponents.
fn number(value: f64) -> String {
    let digits = match value.abs() {
        _ if value.fract() == 0.0 => 0,
        size if size >= 100.0 => 0,
        size if size >= 10.0 => 1,
        size if size >= 1.0 => 2,
        _ => 3,
    };
    format!("{value:.digits$}")
}

#[cfg(test)]
mod tests {
    use super::number;

    #[test]
    fn numbers_keep_what_matters() {
        for (value, text) in [
            (0.0, "0"),
            (0.01234, "0.012"),
            (1.5, "1.50"),
            (16.96, "17.0"),
            (20000.4, "20000"),
            (-0.5, "-0.500"),
        ] {
            assert_eq!(number(value), text);
        }
    }
}
