//! Rows of whatever file orders come in: a header and numbered rows of text. A reader of another format
//! stands beside CSV behind the same trait; what the cells mean is not known here.

mod csv;

pub use csv::{CsvRows, OpenError};

/// A file's rows, one after another. An error ends them: the file cannot be read any further.
pub trait Rows: Iterator<Item = std::io::Result<Row>> {
    /// The names of the columns.
    fn header(&self) -> &[String];

    /// How many bytes the file has.
    fn size(&self) -> u64;
}

/// One row as it was read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// Counts the rows below the header, from 1.
    pub number: u64,
    /// The first and the last line of the file that it takes.
    pub lines: (u64, u64),
    /// Where in the file it ends, in bytes.
    pub end: u64,
    /// Its cells, white space around them dropped.
    pub cells: Vec<String>,
    /// What makes it unreadable.
    pub flaws: Vec<Flaw>,
}

/// Something that makes a row unreadable.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Flaw {
    /// In which column, where it is in one.
    pub column: Option<usize>,
    /// What it is.
    pub reason: String,
}
