//! The table at the end of a run, and the line that sums it up.
//! Pure: rows in, text out.

use std::{fmt::Write as _, time::Duration};

use super::count::Counts;
use crate::progress;

pub(crate) enum Verdict {
    Passed(Counts),
    Failed(Counts),
    /// Why it could not run. Counts as a failure: what did not run proved nothing.
    Skipped(String),
}

pub(crate) struct Row {
    pub(crate) name: &'static str,
    pub(crate) verdict: Verdict,
    pub(crate) time: Duration,
    pub(crate) mend: &'static str,
}

/// What is broken and how to mend it, then a last line of the form `12 passed, 1 failed`.
pub(crate) fn render(rows: &[Row]) -> String {
    let mut text = format!("{:16} {:>7} {:>7} {:>8} {:>14}\n", "step", "passed", "failed", "ignored", "time");
    let mut total = Counts::default();
    for row in rows {
        let counts = counts(&row.verdict);
        total += counts;
        let remark = match &row.verdict {
            Verdict::Passed(_) => "",
            Verdict::Failed(_) => "FAILED",
            Verdict::Skipped(why) => why.as_str(),
        };
        let time = progress::duration(row.time);
        // Writing to a String cannot fail.
        let _ = writeln!(
            text,
            "{:16} {:>7} {:>7} {:>8} {time:>14} {remark}",
            row.name, counts.passed, counts.failed, counts.ignored
        );
    }
    let broken: Vec<_> = rows.iter().filter(|row| matches!(row.verdict, Verdict::Failed(_))).collect();
    if !broken.is_empty() {
        text.push_str("\nto mend it:\n");
    }
    for row in broken {
        let _ = writeln!(text, "  {}: {}", row.name, row.mend);
    }
    let _ = writeln!(text, "\n{} passed, {} failed", total.passed, total.failed);
    text
}

fn counts(verdict: &Verdict) -> Counts {
    match verdict {
        Verdict::Passed(counts) | Verdict::Failed(counts) => *counts,
        Verdict::Skipped(_) => Counts::one_failed(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(name: &'static str, verdict: Verdict) -> Row {
        Row { name, verdict, time: Duration::from_secs(3), mend: "mend it" }
    }

    #[test]
    fn the_last_line_is_the_sum() {
        let rows = [
            row("format", Verdict::Passed(Counts::one_passed())),
            row("tests", Verdict::Failed(Counts { passed: 40, failed: 2, ignored: 1 })),
            row("browser", Verdict::Skipped("page failed".to_owned())),
        ];
        let text = render(&rows);
        assert_eq!(text.lines().last(), Some("41 passed, 3 failed"));
        assert!(text.contains("page failed"));
        let mending: Vec<_> = text.lines().filter(|line| line.ends_with("mend it")).collect();
        assert_eq!(mending, ["  tests: mend it"]);
    }
}
