//! The calendar feed as another program reads it: PyPI's `icalendar`, which `cargo xtask setup` installs.

use anyhow::{Context as _, Result, ensure};
use harness::api::ask;
use harness::python;
use harness::recipient::Recipient;
use serde_json::{Value, json};

use crate::House;

/// Reads a feed strictly and prints what a calendar would show.
const READER: &str = r#"
import json, sys
from icalendar import Calendar
text = sys.stdin.buffer.read()
assert b"\n" not in text.replace(b"\r\n", b""), "a line does not end with CR LF"
assert all(len(line) <= 75 for line in text.split(b"\r\n")), "a line is longer than 75 octets"
calendar = Calendar.from_ical(text)
entries = [c for c in calendar.walk() if c.name in ("VEVENT", "VTODO")]
assert all(not c.errors for c in calendar.walk()), [c.errors for c in calendar.walk()]
def when(entry, name):
    return entry.decoded(name).isoformat() if name in entry else None
print(json.dumps([{
    "kind": e.name, "uid": str(e["UID"]), "sequence": int(e["SEQUENCE"]), "start": when(e, "DTSTART"),
    "end": when(e, "DTEND"), "status": str(e.get("STATUS")), "summary": str(e.get("SUMMARY")),
    "description": str(e.get("DESCRIPTION")), "url": str(e.get("URL")),
} for e in entries]))
"#;

async fn read(feed: &str) -> Result<Value> {
    python::run(READER, feed.as_bytes()).await
}

async fn entry(house: &House, path: &str) -> Result<Value> {
    let answer = ask(&house.server.url(""), &format!("GET {path}"), &[], Vec::new()).await?;
    ensure!(answer.status == 200, "{answer:?}");
    ensure!(
        answer.header("content-type").is_some_and(|kind| kind.starts_with("text/calendar")),
        "{answer:?}"
    );
    let entries = read(&answer.text).await?;
    ensure!(entries.as_array().is_some_and(|entries| entries.len() == 1), "{entries}");
    Ok(entries[0].clone())
}

#[tokio::test(flavor = "multi_thread")]
async fn the_entry_moves_with_the_window_and_keeps_its_identity() -> Result<()> {
    let house = House::open(&[]).await?;
    house.shipment("CAL", json!({})).await?;
    let mut recipient = Recipient::enter(&house.manager.link("CAL").await?).await?;
    let url = recipient.call("GET /recipient/calendar", &[], &Value::Null).await?.json();
    let url = url["url"].as_str().context("a feed has a url")?.to_owned();
    let path = url.strip_prefix(&house.server.url("")).context("it is on this server")?.to_owned();

    let unknown = entry(&house, &path).await?;
    ensure!(unknown["kind"] == "VTODO" && unknown["start"].is_null(), "no time is made up: {unknown}");

    let window =
        |id: &str, window: Value, cause: &str| json!({"id": id, "eta": {"window": window, "cause": cause}});
    let between = |from: &str, until: &str| json!({"kind": "between", "from": format!("2030-03-01T{from}:00Z"), "until": format!("2030-03-01T{until}:00Z")});
    house.carrier.report("CAL", window("1", json!({"kind": "day", "day": "2030-03-01"}), "planned")).await?;
    let day = entry(&house, &path).await?;
    ensure!(day["start"] == "2030-03-01" && day["kind"] == "VEVENT", "{day}");
    house.carrier.report("CAL", window("2", between("13:10", "13:40"), "on the way")).await?;
    let first = entry(&house, &path).await?;
    ensure!(
        first["start"] == "2030-03-01T13:10:00+00:00" && first["end"] == "2030-03-01T13:40:00+00:00",
        "{first}"
    );
    let hostile = "two stops, added; \\n BEGIN:VALARM\r\nEND:VCALENDAR \u{1F69A}".repeat(4);
    house.carrier.report("CAL", window("3", between("13:25", "13:55"), &hostile)).await?;
    let moved = entry(&house, &path).await?;
    ensure!(moved["start"] == "2030-03-01T13:25:00+00:00", "{moved}");
    ensure!(
        moved["uid"] == first["uid"] && day["uid"] == first["uid"],
        "one identity: {day} {first} {moved}"
    );
    let sequence = |entry: &Value| entry["sequence"].as_u64().unwrap_or_default();
    ensure!(
        sequence(&day) < sequence(&first) && sequence(&first) < sequence(&moved),
        "{day} {first} {moved}"
    );

    house.carrier.report("CAL", json!({"id": "4", "status": "cancelled"})).await?;
    let cancelled = entry(&house, &path).await?;
    ensure!(cancelled["status"] == "CANCELLED" && cancelled["uid"] == first["uid"], "{cancelled}");
    house.manager.call("DELETE /shipments/CAL/links", &[], &Value::Null).await?;
    let gone = ask(&house.server.url(""), &format!("GET {path}"), &[], Vec::new()).await?;
    let never =
        ask(&house.server.url(""), "GET /calendar/AAAAAAAAAAAAAAAAAAAAAA.ics", &[], Vec::new()).await?;
    ensure!(
        (gone.status, &gone.text) == (never.status, &never.text) && gone.status == 404,
        "{gone:?} {never:?}"
    );
    Ok(())
}
