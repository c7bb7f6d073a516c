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
    page: Budget,
    kinds: BTreeMap<Kind, u64>,
    embed: Budget,
    embed_recipient: Budget,
    loader: Budget,
}

#[derive(Debug, Clone, Copy)]
struct Budget {
    limit: u64,
    /// Where it should get to.
    goal: u64,
}

/// What was measured.
#[derive(Debug, Default)]
pub(crate) struct Measured {
    /// Of the hosted page.
    pub(crate) page: BTreeMap<Kind, u64>,
    /// Of one embed, all in.
    pub(crate) embed: u64,
    /// Of one that is to become the recipient's.
    pub(crate) embed_recipient: u64,
    /// Of both, the tag's script.
    pub(crate) loader: u64,
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
    goal: u64,
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
            Verdict::Within => write!(f, "  {:>7} left", grouped(self.limit - self.bytes)),
            Verdict::AboveGoal => {
                let (left, above) = (self.limit - self.bytes, self.bytes - self.goal);
                write!(f, "  {:>7} left, {} above the goal", grouped(left), grouped(above))
            }
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
    let both = |section: &str| {
        Ok::<_, Failure>(Budget { limit: number(section, "limit")?, goal: number(section, "goal")? })
    };
    let loader = number("loader", "limit")?;
    let kinds = Kind::ALL.into_iter().map(|kind| Ok((kind, number("kinds", kind.name())?)));
    Ok(Budgets {
        page: both("page")?,
        kinds: kinds.collect::<Outcome<_>>()?,
        embed: both("embed")?,
        embed_recipient: both("embed-recipient")?,
        loader: Budget { limit: loader, goal: loader },
    })
}

/// One line for each kind of the hosted page and one for all together; then what is embedded.
pub(crate) fn compare(budgets: &Budgets, measured: &Measured) -> Vec<Line> {
    let mut lines: Vec<_> = budgets
        .kinds
        .iter()
        .map(|(kind, &limit)| {
            let bytes = measured.page.get(kind).copied().unwrap_or(0);
            line(kind.name(), bytes, Budget { limit, goal: limit })
        })
        .collect();
    lines.push(line("page", measured.page.values().sum(), budgets.page));
    lines.push(line("loader", measured.loader, budgets.loader));
    lines.push(line("embed", measured.embed, budgets.embed));
    lines.push(line("embed, own", measured.embed_recipient, budgets.embed_recipient));
    lines
}

fn line(name: &str, bytes: u64, Budget { limit, goal }: Budget) -> Line {
    let verdict = if bytes > limit {
        Verdict::Over
    } else if bytes > goal {
        Verdict::AboveGoal
    } else {
        Verdict::Within
    };
    Line { name: name.to_owned(), bytes, limit, goal, verdict }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "
[page]
limit = 100
goal = 50
[embed]
limit = 70
goal = 40
[embed-recipient]
limit = 90
goal = 80
[loader]
limit = 3
[kinds]
wasm = 80
javascript = 30
css = 10
html = 10
words = 10
other = 0
";

    fn over_with(measured: &Measured) -> Vec<String> {
        let lines = compare(&parse(TEXT).unwrap(), measured);
        lines.iter().filter(|line| line.is_over()).map(|line| line.name.clone()).collect()
    }

    fn over(page: &[(Kind, u64)]) -> Vec<String> {
        over_with(&Measured { page: page.iter().copied().collect(), ..Measured::default() })
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
    fn what_is_embedded_has_limits_of_its_own() {
        let measured = |embed, loader| Measured { embed, loader, ..Measured::default() };
        assert!(over_with(&measured(70, 3)).is_empty());
        assert_eq!(over_with(&measured(71, 3)), ["embed"]);
        assert_eq!(over_with(&measured(70, 4)), ["loader"]);
        assert_eq!(over_with(&Measured { embed_recipient: 91, ..Measured::default() }), ["embed, own"]);
    }

    #[test]
    fn the_goal_is_said_and_fails_nothing() {
        let page = BTreeMap::from([(Kind::Wasm, 60)]);
        let lines = compare(&parse(TEXT).unwrap(), &Measured { page, embed: 41, ..Measured::default() });
        assert!(lines.iter().all(|line| !line.is_over()));
        for (name, above) in [("page", "40 left, 10 above the goal"), ("embed", "29 left, 1 above the goal")]
        {
            assert!(
                lines.iter().any(|line| line.name == name && line.to_string().ends_with(above)),
                "{name}"
            );
        }
    }

    #[test]
    fn a_missing_or_negative_budget_is_an_error() {
        let without = TEXT.replace("css = 10", "");
        assert!(parse(&without).unwrap_err().to_string().contains("kinds.css"));
        assert!(parse(&TEXT.replace("goal = 50", "goal = -1")).is_err());
        assert!(parse(&TEXT.replace("limit = 3", "")).unwrap_err().to_string().contains("loader.limit"));
        assert!(parse("[page").is_err());
    }
}
