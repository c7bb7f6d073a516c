//! What became of a file: how many rows were taken, where their shipments stand, and every row that was
//! not taken with the reason. For people on a terminal and for programs in a file.

mod file;
mod print;

use std::collections::BTreeMap;

use doorstep_model::status::Status;
use serde::Serialize;

/// What became of a file. Every row is counted in exactly one of created, changed, unchanged and refused.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Report {
    /// Set when nothing was written.
    pub dry_run: bool,
    /// Rows below the header.
    pub rows: u64,
    /// Rows that made a shipment known.
    pub created: u64,
    /// Rows that told something new of a known shipment.
    pub changed: u64,
    /// Rows that told nothing new.
    pub unchanged: u64,
    /// Rows that were not taken.
    pub refused: u64,
    /// Events that were new.
    pub events: u64,
    /// Where the shipments of the rows taken stand.
    pub by_status: BTreeMap<Status, u64>,
    /// Why rows were not taken, in the order of the file; a row may have several reasons.
    pub refusals: Vec<Remark>,
    /// What had to be decided to read rows that were taken.
    pub notes: Vec<Remark>,
}

/// Something to be said of a row.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Remark {
    /// Counts the rows below the header, from 1.
    pub row: u64,
    /// The line of the file in which it begins.
    pub line: u64,
    /// Its id, as far as it has one.
    pub id: String,
    /// The column, where it is about one.
    pub column: String,
    /// What stands there, shortened.
    pub value: String,
    /// What is to be said.
    pub reason: String,
}

/// What became of one row that was taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Taken {
    /// It made a shipment known, with this many events.
    Created(u64),
    /// It told this many new events of a known one.
    Changed(u64),
    /// It told nothing new.
    Unchanged,
}

impl Report {
    /// Counts a row that was taken.
    pub fn took(&mut self, taken: &Taken, status: Status, notes: Vec<Remark>) {
        self.rows += 1;
        match taken {
            Taken::Created(events) => {
                self.created += 1;
                self.events += events;
            }
            Taken::Changed(events) => {
                self.changed += 1;
                self.events += events;
            }
            Taken::Unchanged => self.unchanged += 1,
        }
        *self.by_status.entry(status).or_default() += 1;
        self.notes.extend(notes);
    }

    /// Counts a row that was not taken.
    pub fn refused(&mut self, reasons: Vec<Remark>) {
        self.rows += 1;
        self.refused += 1;
        self.refusals.extend(reasons);
    }

    /// Brings the remarks in the order of the file.
    pub fn sort(&mut self) {
        self.refusals.sort_by_key(|remark| remark.row);
        self.notes.sort_by_key(|remark| remark.row);
    }
}

impl Remark {
    /// The longest value that a report repeats, in characters.
    pub const LONGEST: usize = 80;

    /// `text`, shortened to what a report repeats.
    pub fn shortened(text: &str) -> String {
        match text.char_indices().nth(Self::LONGEST) {
            None => text.to_owned(),
            Some((end, _)) => format!("{}… ({} bytes)", &text[..end], text.len()),
        }
    }
}
