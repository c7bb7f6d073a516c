//! Files as they come out of spreadsheets and exports.

use std::io::Write as _;

use super::*;

fn open(bytes: &[u8], columns: &[&str]) -> Result<CsvRows, OpenError> {
    let mut file = tempfile::NamedTempFile::new().unwrap_or_else(|e| panic!("{e}"));
    file.write_all(bytes).unwrap_or_else(|e| panic!("{e}"));
    CsvRows::open(file.path(), None, columns)
}

fn rows(bytes: &[u8], columns: &[&str]) -> Vec<Row> {
    let rows = open(bytes, columns).unwrap_or_else(|e| panic!("{e}"));
    rows.map(|row| row.unwrap_or_else(|e| panic!("{e}"))).collect()
}

#[test]
fn the_delimiter_is_the_one_that_shows_the_mapped_columns() {
    for (text, columns) in [
        ("id,city; state\n1,2\n", ["id", "city; state"]),
        ("id;a,b,c\n1;2\n", ["id", "a,b,c"]),
        ("id\tcity\n1\t2\n", ["id", "city"]),
        ("\u{feff}id|city\r\n1|2\r\n", ["id", "city"]),
    ] {
        let rows = rows(text.as_bytes(), &columns);
        assert_eq!((rows.len(), rows[0].cells.as_slice()), (1, &["1".into(), "2".into()][..]), "{text:?}");
    }
}

#[test]
fn rows_know_their_number_and_lines() {
    let rows = rows(b"id,note\n1,\"two\nlines\"\n\n2, x \n", &["id"]);
    let at: Vec<_> = rows.iter().map(|row| (row.number, row.lines.1)).collect();
    assert_eq!(at, [(1, 3), (2, 5)]);
    assert_eq!(rows[1].cells, ["2", "x"]);
    assert!(rows.iter().all(|row| row.flaws.is_empty()));
}

#[test]
fn a_row_that_cannot_be_read_says_why_and_the_others_stand() {
    let rows = rows(b"id,note\n1\n2,a,b\n3,\xff\n4,ok\n5,\"open\n6,lost?\n", &["id"]);
    let flaws: Vec<_> = rows.iter().map(|row| row.flaws.first().map(|flaw| flaw.reason.as_str())).collect();
    assert_eq!(flaws[0], Some("has 1 fields where the header has 2"));
    assert_eq!(flaws[1], Some("has 3 fields where the header has 2"));
    assert_eq!(flaws[2], Some("is not UTF-8"));
    assert_eq!(flaws[3], None);
    assert_eq!(rows.len(), 5, "what an open quote swallowed is one row with its lines");
    assert_eq!(rows[4].lines.0, 6);
}

#[test]
fn what_is_no_table_is_refused_at_once() {
    assert!(matches!(open(b"\xff\xfei\0d\0", &["id"]), Err(OpenError::Utf16)));
    assert!(matches!(open(b"", &["id"]), Err(OpenError::Header(_))));
    assert!(matches!(open(b"id,id\n", &["id"]), Err(OpenError::Header(_))));
    assert!(matches!(open(b"\xffid\n", &["id"]), Err(OpenError::Header(_))));
}
