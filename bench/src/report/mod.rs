//! What a run found: figures by column, their targets, and whether they were met. Serialised as
//! JSON as it stands here; the field names are a contract with whoever compares runs.

mod table;

use std::collections::BTreeMap;

use serde::Serialize;

use crate::machine::Machine;
pub(crate) use table::print;

/// The column that targets are about.
pub(crate) const OURS: &str = "doorstep";

/// A whole run.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Report {
    /// RFC 3339, UTC.
    pub(crate) started: String,
    pub(crate) quick: bool,
    pub(crate) machine: Machine,
    pub(crate) benches: Vec<Entry>,
}

/// One bench of a run.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Entry {
    pub(crate) name: &'static str,
    pub(crate) about: &'static str,
    pub(crate) seconds: f64,
    #[serde(flatten)]
    pub(crate) result: Result,
}

/// How a bench ended.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase", tag = "result")]
pub(crate) enum Result {
    Measured(Findings),
    Failed { error: String },
}

/// The rows of one bench, in the order to be read, and remarks.
#[derive(Debug, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Findings {
    pub(crate) rows: Vec<Row>,
    pub(crate) remarks: Vec<String>,
}

/// One figure, in one or more columns.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Row {
    pub(crate) what: String,
    pub(crate) unit: &'static str,
    pub(crate) columns: BTreeMap<&'static str, f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) target: Option<Target>,
    /// Absent without a target, and where a column to compare with is missing.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) met: Option<bool>,
}

/// What [`OURS`] must reach.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) enum Target {
    AtLeast(f64),
    AtMost(f64),
    /// At least this share of another column.
    AtLeastShareOf(&'static str, f64),
    /// No more than another column.
    NoMoreThan(&'static str),
}

impl Target {
    fn met(self, columns: &BTreeMap<&'static str, f64>) -> Option<bool> {
        let ours = *columns.get(OURS)?;
        let other = |name| columns.get(name).copied();
        Some(match self {
            Self::AtLeast(least) => ours >= least,
            Self::AtMost(most) => ours <= most,
            Self::AtLeastShareOf(name, share) => ours >= other(name)? * share,
            Self::NoMoreThan(name) => ours <= other(name)?,
        })
    }
}

impl Findings {
    /// Puts a figure into the row `what`, which is made at its first figure.
    pub(crate) fn add(&mut self, what: &str, unit: &'static str, column: &'static str, value: f64) {
        match self.rows.iter_mut().find(|row| row.what == what) {
            Some(row) => {
                row.columns.insert(column, value);
            }
            None => self.rows.push(Row {
                what: what.to_owned(),
                unit,
                columns: BTreeMap::from([(column, value)]),
                target: None,
                met: None,
            }),
        }
    }

    /// Adds a figure where there is one: percentiles of nothing are left out of a report.
    pub(crate) fn add_some(
        &mut self,
        what: &str,
        unit: &'static str,
        column: &'static str,
        value: Option<f64>,
    ) {
        if let Some(value) = value {
            self.add(what, unit, column, value);
        }
    }

    /// Sets the target of row `what` and judges it; call it when all its columns are in.
    pub(crate) fn target(&mut self, what: &str, target: Target) {
        for row in self.rows.iter_mut().filter(|row| row.what == what) {
            row.target = Some(target);
            row.met = target.met(&row.columns);
        }
    }

    pub(crate) fn remark(&mut self, text: impl Into<String>) {
        self.remarks.push(text.into());
    }
}

impl Report {
    pub(crate) fn failed(&self) -> bool {
        self.benches.iter().any(|entry| matches!(entry.result, Result::Failed { .. }))
    }

    pub(crate) fn missed(&self) -> bool {
        self.benches.iter().any(|entry| match &entry.result {
            Result::Measured(findings) => findings.rows.iter().any(|row| row.met == Some(false)),
            Result::Failed { .. } => true,
        })
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{Entry, Findings, Result, Target};

    #[test]
    fn targets_are_judged_by_our_column() {
        let mut found = Findings::default();
        for (column, value) in [("doorstep", 50.0), ("nginx", 100.0)] {
            found.add("rate", "req/s", column, value);
        }
        let mut judge = |target| {
            found.target("rate", target);
            found.rows[0].met
        };
        for (target, met) in [
            (Target::AtLeast(50.0), Some(true)),
            (Target::AtLeast(51.0), Some(false)),
            (Target::AtMost(49.0), Some(false)),
            (Target::AtLeastShareOf("nginx", 0.5), Some(true)),
            (Target::AtLeastShareOf("nginx", 0.6), Some(false)),
            (Target::NoMoreThan("nginx"), Some(true)),
            (Target::NoMoreThan("nchan"), None),
        ] {
            assert_eq!(judge(target), met, "{target:?}");
        }
    }

    #[test]
    fn a_missing_column_of_ours_meets_nothing() {
        let mut found = Findings::default();
        found.add("rate", "req/s", "nginx", 100.0);
        found.target("rate", Target::AtLeast(1.0));
        assert_eq!(found.rows[0].met, None);
    }

    #[test]
    fn json_has_the_promised_names() {
        let mut found = Findings::default();
        found.add("rate", "req/s", "doorstep", 2.0);
        found.target("rate", Target::AtLeast(1.0));
        found.remark("one");
        let measured = Result::Measured(found);
        let failed = Result::Failed { error: "gone".to_owned() };
        let entry = |result| Entry { name: "posts", about: "x", seconds: 1.5, result };
        let json = [entry(measured), entry(failed)].map(|entry| serde_json::json!(entry));
        let expected = [
            json!({"name": "posts", "about": "x", "seconds": 1.5, "result": "measured",
                "rows": [{"what": "rate", "unit": "req/s", "columns": {"doorstep": 2.0},
                    "target": {"atLeast": 1.0}, "met": true}],
                "remarks": ["one"]}),
            json!({"name": "posts", "about": "x", "seconds": 1.5, "result": "failed",
                "error": "gone"}),
        ];
        assert_eq!(json, expected);
    }
}
