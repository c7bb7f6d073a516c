//! Rows of a CSV file: UTF-8 with or without a byte-order mark, quoted as RFC 4180 says, delimited as the
//! mapping says or else by whatever makes the mapped columns appear in the header.

mod quotes;

use std::fs::File;
use std::io::{BufRead as _, BufReader, Read, Seek as _};
use std::path::Path;

use csv::{ByteRecord, Reader, ReaderBuilder};

use super::{Flaw, Row, Rows};

/// Tried in this order where the mapping names no delimiter.
const DELIMITERS: [u8; 4] = [b',', b';', b'\t', b'|'];

/// How much of the file is looked at to find the delimiter.
const SNIFFED_BYTES: u64 = 64 * 1024;

/// Why a file cannot be read as CSV at all.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// The operating system refuses.
    #[error(transparent)]
    Io(#[from] std::io::Error),
    /// Another encoding.
    #[error("the file is UTF-16; save it as UTF-8")]
    Utf16,
    /// The first row is no header.
    #[error("the header {0}")]
    Header(String),
}

/// Rows of a CSV file.
#[derive(Debug)]
pub struct CsvRows {
    reader: Reader<BufReader<File>>,
    /// The same file again, read in step: the bytes of a row tell its lines and its quotes.
    raw: BufReader<File>,
    /// How many bytes of it have been read, and in which line they end.
    read: (u64, u64),
    delimiter: u8,
    header: Vec<String>,
    size: u64,
    number: u64,
}

impl CsvRows {
    /// Opens `path` and reads its header. `columns` are those that the mapping names.
    ///
    /// # Errors
    /// [`OpenError`] when there is no file, no header in UTF-8, or two columns of one name.
    pub fn open(path: &Path, delimiter: Option<u8>, columns: &[&str]) -> Result<Self, OpenError> {
        let mut file = BufReader::new(File::open(path)?);
        let size = file.get_ref().metadata()?.len();
        if matches!(file.fill_buf()?, [0xff, 0xfe, ..] | [0xfe, 0xff, ..]) {
            return Err(OpenError::Utf16);
        }
        let delimiter = match delimiter {
            Some(delimiter) => delimiter,
            None => {
                let mut start = Vec::new();
                file.by_ref().take(SNIFFED_BYTES).read_to_end(&mut start)?;
                file.rewind()?;
                sniff(&start, columns)
            }
        };
        let mut reader = reader(file, delimiter);
        let mut record = ByteRecord::new();
        reader.read_byte_record(&mut record).map_err(std::io::Error::from)?;
        let raw = BufReader::new(File::open(path)?);
        let header = header(&record)?;
        let mut rows = Self { reader, raw, read: (0, 1), delimiter, header, size, number: 0 };
        rows.bytes_of_row()?;
        Ok(rows)
    }

    /// The bytes of the row that was just read, without the line breaks around it, and its first and
    /// last line.
    fn bytes_of_row(&mut self) -> std::io::Result<(Vec<u8>, (u64, u64))> {
        let (start, line) = self.read;
        let end = self.reader.position().byte();
        let mut bytes = Vec::new();
        self.raw.by_ref().take(end - start).read_to_end(&mut bytes)?;
        let is_break = |byte: &u8| matches!(byte, b'\r' | b'\n');
        let breaks = |bytes: &[u8]| bytes.iter().filter(|byte| **byte == b'\n').count() as u64;
        let before = bytes.iter().take_while(|byte| is_break(byte)).count();
        let after = bytes.iter().rev().take_while(|byte| is_break(byte)).count();
        self.read = (end, line + breaks(&bytes));
        let first = line + breaks(&bytes[..before]);
        bytes.truncate(bytes.len().saturating_sub(after).max(before));
        bytes.drain(..before);
        let last = first + breaks(&bytes);
        Ok((bytes, (first, last)))
    }

    fn row(&mut self, record: &ByteRecord) -> std::io::Result<Row> {
        let (bytes, lines) = self.bytes_of_row()?;
        let mut flaws = Vec::new();
        let (first, last) = lines;
        if first != last && !quotes::are_closed(&bytes, self.delimiter) {
            let reason =
                format!("lines {first} to {last} were read as one row: a quote in them is not closed");
            flaws.push(Flaw { column: None, reason });
        }
        let (found, expected) = (record.len(), self.header.len());
        if found != expected {
            let reason = format!("has {found} fields where the header has {expected}");
            flaws.push(Flaw { column: None, reason });
        }
        let mut cells = Vec::with_capacity(record.len());
        for (column, field) in record.iter().enumerate() {
            if std::str::from_utf8(field).is_err() {
                let column = (column < self.header.len()).then_some(column);
                flaws.push(Flaw { column, reason: "is not UTF-8".to_owned() });
            }
            cells.push(String::from_utf8_lossy(field).trim().to_owned());
        }
        Ok(Row { number: self.number, lines, end: self.read.0, cells, flaws })
    }
}

impl Rows for CsvRows {
    fn header(&self) -> &[String] {
        &self.header
    }

    fn size(&self) -> u64 {
        self.size
    }
}

impl Iterator for CsvRows {
    type Item = std::io::Result<Row>;

    fn next(&mut self) -> Option<Self::Item> {
        let mut record = ByteRecord::new();
        match self.reader.read_byte_record(&mut record) {
            Ok(false) => None,
            Ok(true) => {
                self.number += 1;
                Some(self.row(&record))
            }
            Err(error) => Some(Err(error.into())),
        }
    }
}

fn reader<R: Read>(source: R, delimiter: u8) -> Reader<R> {
    ReaderBuilder::new().has_headers(false).flexible(true).delimiter(delimiter).from_reader(source)
}

fn header(record: &ByteRecord) -> Result<Vec<String>, OpenError> {
    let mut names: Vec<String> = Vec::new();
    for field in record {
        let name = std::str::from_utf8(field).map_err(|_| OpenError::Header("is not UTF-8".to_owned()))?;
        let name = name.trim().to_owned();
        if names.contains(&name) {
            return Err(OpenError::Header(format!("has two columns named {name:?}")));
        }
        names.push(name);
    }
    if names.is_empty() { Err(OpenError::Header("is missing".to_owned())) } else { Ok(names) }
}

/// The delimiter under which most of `columns` stand in the header.
fn sniff(start: &[u8], columns: &[&str]) -> u8 {
    let found = |delimiter: u8| {
        let mut record = ByteRecord::new();
        let read = reader(start, delimiter).read_byte_record(&mut record);
        let names: Vec<&[u8]> = record.iter().map(<[u8]>::trim_ascii).collect();
        if read.is_err() {
            return 0;
        }
        columns.iter().filter(|column| names.contains(&column.as_bytes())).count()
    };
    let mut best = (DELIMITERS[0], 0);
    for delimiter in DELIMITERS {
        let count = found(delimiter);
        if count > best.1 {
            best = (delimiter, count);
        }
    }
    best.0
}

#[cfg(test)]
mod tests;
