//! Budgets and the comparison with what was measured: pure, no files.

use std::{collections::BTreeMap, fmt};

use toml::{Table, Value};

use crate::{
    failure::{Failure, Outcome},
    progress::grouped,
    site::Kind,
};

/// Bytes on the wire that a first visit may cost.
#[derive(Debug)]
pub(crate) struct Budgets {
    limit: u64,
    goal: u64,
    kinds: BTreeMap<Kind, u64>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Verdict {
    Within,
    /// Under the limit, not yet where it should be.
    AboveGoal,
    Over,
}

/// One row of the comparison.
#[derive(Debug)]
pub(crate) struct Line {
    pub(crate) name: String,
    bytes: u64,
    limit: u64,
    verdict: Verdict,
}

impl Line {
    pub(crate) fn is_over(&self) -> bool {
        self.verdict == Verdict::Over
    }
}

impl fmt::Display for Line {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (bytes, limit) = (grouped(self.bytes), grouped(self.limit));
        write!(f, "{:12} {bytes:>9} of {limit:>9}", self.name)?;
        match self.verdict {
            Verdict::Within => Ok(()),
            Verdict::AboveGoal => f.write_str("  above the goal"),
            Verdict::Over => write!(f, "  OVER by {}", grouped(self.bytes - self.limit)),
        }
    }
}

/// Every kind needs a limit: a forgotten one would never be checked.
pub(crate) fn parse(text: &str) -> Outcome<Budgets> {
    let table: Table = toml::from_str(text)
        .map_err(|error| Failure::new(format!("budgets.toml does not parse: {error}")))?;
    let number = |section: &str, name: &str| {
        table
            .get(section)
            .and_then(|section| section.get(name))
            .and_then(Value::as_integer)
            .and_then(|bytes| u64::try_from(bytes).ok())
            .ok_or_else(|| Failure::new(format!("budgets.toml lacks a number of bytes for {section}.{name}")))
    };
    let kinds = Kind::ALL.into_iter().map(|kind| Ok((kind, number("kinds", kind.name())?)));
    Ok(Budgets {
        limit: number("page", "limit")?,
        goal: number("page", "goal")?,
        kinds: kinds.collect::<Outcome<_>>()?,
    })
}

/// One line for each kind and one for all together.
pub(crate) fn compare(budgets: &Budgets, measured: &BTreeMap<Kind, u64>) -> Vec<Line> {
    let mut lines: Vec<_> = budgets
        .kinds
        .iter()
        .map(|(kind, &limit)| {
            let bytes = measured.get(kind).copied().unwrap_or(0);
            line(kind.name(), bytes, limit, limit)
        })
        .collect();
    lines.push(line("page", measured.values().sum(), budgets.limit, budgets.goal));
    lines
}

fn line(name: &str, bytes: u64, limit: u64, goal: u64) -> Line {
    let verdict = if bytes > limit {
        Verdict::Over
    } else if bytes > goal {
        Verdict::AboveGoal
    } else {
        Verdict::Within
    };
    Line { name: name.to_owned(), bytes, limit, verdict }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "
[page]
limit = 100
goal = 50
[kinds]
wasm = 80
javascript = 30
css = 10
html = 10
words = 10
other = 0
";

    fn over(measured: &[(Kind, u64)]) -> Vec<String> {
        let lines = compare(&parse(TEXT).unwrap(), &measured.iter().copied().collect());
        lines.iter().filter(|line| line.is_over()).map(|line| line.name.clone()).collect()
    }

    #[test]
    fn a_limit_may_be_met_and_not_passed() {
        assert!(over(&[(Kind::Wasm, 80)]).is_empty());
        assert_eq!(over(&[(Kind::Wasm, 81)]), ["wasm"]);
        assert_eq!(over(&[(Kind::Other, 1)]), ["other"]);
    }

    #[test]
    fn kinds_within_their_limits_can_be_too_much_together() {
        assert_eq!(over(&[(Kind::Wasm, 80), (Kind::JavaScript, 21)]), ["page"]);
    }

    #[test]
    fn the_goal_is_said_and_fails_nothing() {
        let lines = compare(&parse(TEXT).unwrap(), &BTreeMap::from([(Kind::Wasm, 60)]));
        assert!(lines.iter().all(|line| !line.is_over()));
        assert!(lines.iter().any(|line| line.name == "page" && line.to_string().ends_with("above the goal")));
    }

    #[test]
    fn a_missing_or_negative_budget_is_an_error() {
        let without = TEXT.replace("css = 10", "");
        assert!(parse(&without).unwrap_err().to_string().contains("kinds.css"));
        assert!(parse(&TEXT.replace("goal = 50", "goal = -1")).is_err());
        assert!(parse("[page").is_err());
    }
}
