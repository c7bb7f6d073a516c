//! A file as people send it: what cannot be taken is reported with its reason, the rest is taken, and once
//! the rows are mended only they are new.

use std::path::Path;

use super::{Kept, open};
use crate::import::report::Remark;
use crate::store::Store as _;

const HEADER: &str = "order_id,order_status,purchased_at,approved_at,handed_to_carrier_at,delivered_at,promised_by,\
                      items,recipient_postal_prefix,recipient_city,recipient_state,seller_city,seller_state";

fn row(id: &str, status: &str, purchased: &str) -> Vec<u8> {
    format!("{id},{status},{purchased},,,,2018-03-13 00:00:00,1,01000,sao paulo,SP,salto,SP").into_bytes()
}

fn write(path: &Path, rows: &[Vec<u8>]) {
    let mut text = format!("\u{feff}{HEADER}\r\n").into_bytes();
    for row in rows {
        text.extend_from_slice(row);
        text.extend_from_slice(b"\r\n");
    }
    std::fs::write(path, text).unwrap_or_else(|e| panic!("{e}"));
}

fn reasons(remarks: &[Remark]) -> Vec<(u64, &str, &str)> {
    remarks.iter().map(|remark| (remark.row, remark.column.as_str(), remark.reason.as_str())).collect()
}

#[tokio::test]
async fn messy_rows_are_reported_and_the_others_taken() {
    const FINE: &str = "2018-03-01 10:00:00";
    let mut not_utf8 = row("bad-bytes", "created", FINE);
    let city = not_utf8.windows(9).position(|window| window == b"sao paulo").unwrap_or_default();
    not_utf8[city + 1] = 0xe3;
    let long = "x".repeat(1_000_000);
    let mut rows = vec![
        row("good-1", "created", FINE),
        row("", "created", FINE),
        row("bad-date", "created", "2018-02-30 10:00:00"),
        row("GOOD-1", "created", FINE),
        b"too-few,created".to_vec(),
        row("bad-state", "teleported", FINE),
        String::from_utf8_lossy(&row("too-long", "created", FINE)).replace("sao paulo", &long).into_bytes(),
        not_utf8,
        row("bad id", "teleported", "yesterday"),
        row("skipped-time", "created", "2017-10-15 00:30:00"),
        row("good-2", "processing", FINE),
        row("open-quote", "created", FINE),
        row("swallowed", "created", FINE),
    ];
    rows[11] = String::from_utf8_lossy(&rows[11]).replace("sao paulo", "\"sao paulo").into_bytes();

    let folder = tempfile::tempdir().unwrap_or_else(|e| panic!("{e}"));
    let file = folder.path().join("messy.csv");
    write(&file, &rows);
    let kept = Kept::empty().await;
    let report = kept.import(&file, 0).await;
    assert_eq!((report.rows, report.created, report.refused), (12, 3, 9), "{report}");
    let expected = [
        (2, "order_id", "the row has no id"),
        (3, "purchased_at", "is no time of the mapping's format"),
        (4, "order_id", "row 1 has the same id"),
        (5, "", "has 2 fields where the header has 13"),
        (6, "order_status", "the mapping's [state.words] do not know this word"),
        (7, "recipient_postal_prefix", "is longer than 400 characters"),
        (8, "recipient_city", "is not UTF-8"),
        (9, "order_id", "may hold letters, digits, '.', '_' and '-' only, and starts with a letter or digit"),
        (9, "purchased_at", "is no time of the mapping's format"),
        (9, "order_status", "the mapping's [state.words] do not know this word"),
        (12, "", "lines 13 to 14 were read as one row: a quote in them is not closed"),
        (12, "", "has 10 fields where the header has 13"),
    ];
    assert_eq!(reasons(&report.refusals), expected);
    assert!(report.refusals.iter().all(|remark| remark.value.len() < 200), "values are shortened");
    let notes = reasons(&report.notes);
    assert_eq!(
        notes,
        [(10, "purchased_at", "the clock skipped this time; read by the clock before the change")]
    );
    for refused in ["bad-date", "too-few", "bad-state", "too-long", "bad-bytes", "open-quote", "swallowed"] {
        assert!(kept.shipment(refused).await.is_none(), "{refused} must not be there in part");
    }
    assert!(kept.shipment("good-2").await.is_some());

    rows[2] = row("bad-date", "created", FINE);
    write(&file, &rows);
    let mended = kept.import(&file, 60).await;
    assert_eq!((mended.created, mended.unchanged, mended.changed, mended.refused), (1, 3, 0, 8));

    rows[0] = String::from_utf8_lossy(&rows[0]).replace("2018-03-13", "2018-03-14").into_bytes();
    rows[10] = row("good-2", "canceled", FINE);
    write(&file, &rows);
    let changed = kept.import(&file, 120).await;
    assert_eq!((changed.changed, changed.refused), (1, 9));
    let promise = reasons(&changed.refusals)[0];
    assert!(promise.2.contains("the promise differs from what is known"), "{promise:?}");
    kept.store.close().await;
}

#[tokio::test]
async fn the_report_is_written_whole_and_printed_short() {
    let folder = tempfile::tempdir().unwrap_or_else(|e| panic!("{e}"));
    let file = folder.path().join("bad.csv");
    let rows: Vec<Vec<u8>> = (0..50).map(|n| row(&format!("bad-{n}"), "\u{1b}[31m", "")).collect();
    write(&file, &rows);
    let (plan, rows) = open(&file);
    let now = doorstep_model::time::Timestamp::from_millis(0);
    let report = super::super::dry_run(&plan, rows, now, &mut super::Progress::Silent);
    let report = report.unwrap_or_else(|e| panic!("{e:#}"));
    let printed = report.to_string();
    assert!(printed.contains("… and 30 more; --report FILE writes them all"), "{printed}");
    assert!(!printed.contains('\u{1b}'), "what a file holds must not steer the terminal");

    let (json, csv) = (folder.path().join("report.json"), folder.path().join("report.csv"));
    for path in [&json, &csv] {
        report.write(path).unwrap_or_else(|e| panic!("{e:#}"));
    }
    let read = |path| std::fs::read_to_string(path).unwrap_or_else(|e| panic!("{e}"));
    let parsed: serde_json::Value = serde_json::from_str(&read(&json)).unwrap_or_default();
    assert_eq!(parsed["refusals"].as_array().map(Vec::len), Some(50));
    assert_eq!((&parsed["dryRun"], &parsed["refused"]), (&true.into(), &50.into()));
    assert_eq!(read(&csv).lines().count(), 51);
    assert!(report.write(&folder.path().join("report.txt")).is_err());
}
