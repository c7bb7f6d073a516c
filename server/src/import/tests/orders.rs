//! The real orders, each held against its row. The expectations are read from the file with a reader and
//! rules of their own.

use std::collections::{BTreeMap, HashMap};
use std::path::Path;

use chrono::{NaiveDateTime, TimeDelta, TimeZone as _};
use doorstep_model::event::Movement;
use doorstep_model::flags::Flag;
use doorstep_model::status::Status;
use doorstep_model::views::PublicView;

use super::{Kept, orders};
use crate::store::Store as _;
use crate::zones::ZoneDays;

const TIMES: [(&str, Status); 4] = [
    ("purchased_at", Status::Created),
    ("approved_at", Status::Confirmed),
    ("handed_to_carrier_at", Status::PickedUp),
    ("delivered_at", Status::Delivered),
];

fn status_of(word: &str) -> Status {
    match word {
        "delivered" => Status::Delivered,
        "shipped" => Status::PickedUp,
        "canceled" => Status::Cancelled,
        "unavailable" => Status::Failed,
        "invoiced" | "processing" => Status::Preparing,
        "approved" => Status::Confirmed,
        "created" => Status::Created,
        other => panic!("the file has a new word: {other}"),
    }
}

fn rows(file: &Path) -> Vec<HashMap<String, String>> {
    let mut reader = csv::Reader::from_path(file).unwrap_or_else(|e| panic!("{e}"));
    reader.deserialize().map(|row| row.unwrap_or_else(|e| panic!("{e}"))).collect()
}

/// The instant that a clock in São Paulo showed, in milliseconds; the file has none that it showed twice.
fn instant(local: &str) -> i64 {
    let local = NaiveDateTime::parse_from_str(local, "%Y-%m-%d %H:%M:%S").unwrap_or_else(|e| panic!("{e}"));
    let at = chrono_tz::America::Sao_Paulo.from_local_datetime(&local).single();
    at.unwrap_or_else(|| panic!("{local} is not one instant")).timestamp_millis()
}

/// The last millisecond of a day that is written as its midnight.
fn end_of(day: &str) -> i64 {
    let day = NaiveDateTime::parse_from_str(day, "%Y-%m-%d %H:%M:%S").unwrap_or_else(|e| panic!("{e}"));
    let last = (day + TimeDelta::hours(24) - TimeDelta::seconds(1)).format("%Y-%m-%d %H:%M:%S").to_string();
    instant(&last) + 999
}

fn joined(row: &HashMap<String, String>, columns: &[&str]) -> Option<String> {
    let parts: Vec<&str> =
        columns.iter().map(|name| row[*name].as_str()).filter(|cell| !cell.is_empty()).collect();
    (!parts.is_empty()).then(|| parts.join(", "))
}

#[tokio::test]
async fn every_order_has_its_status_history_and_promise_and_a_repeat_changes_nothing() {
    let Some(file) = orders() else { return };
    let kept = Kept::empty().await;
    let report = kept.import(&file, 0).await;
    let rows = rows(&file);
    let all = rows.len() as u64;
    assert_eq!((report.rows, report.created, report.refused), (all, all, 0), "{report}");

    let mut by_status: BTreeMap<Status, u64> = BTreeMap::new();
    let (mut late, mut untimed, mut corrected, mut sequences) = (0, 0, 0, Vec::new());
    for row in &rows {
        let id = row["order_id"].as_str();
        let shipment = kept.shipment(id).await.unwrap_or_else(|| panic!("{id} is missing"));
        let status = status_of(&row["order_status"]);
        *by_status.entry(status).or_default() += 1;
        let view = PublicView::of(&shipment, &ZoneDays);
        assert_eq!((view.status, view.zone.as_str()), (status, "America/Sao_Paulo"), "{id}");
        let languages = view.history.iter().map(|line| line.language.as_ref().map(|tag| tag.as_str()));
        assert!(
            languages.clone().all(|language| language == Some("en")),
            "{id}: {:?}",
            languages.collect::<Vec<_>>()
        );

        let mut told: Vec<(&str, Status, Option<i64>)> = TIMES
            .iter()
            .filter(|(column, _)| !row[*column].is_empty())
            .map(|(column, status)| (*column, *status, Some(instant(&row[*column]))))
            .collect();
        told.sort_by_key(|(_, status, at)| (*at, status.rank()));
        let is_told = told.iter().any(|(_, told, _)| *told == status);
        if !is_told {
            told.push((row["order_status"].as_str(), status, None));
            untimed += 1;
        }
        let history: Vec<(&str, Status, Option<i64>)> = view
            .history
            .iter()
            .map(|line| {
                let word = line.source_word.as_ref().map_or("", |word| word.as_str());
                (word, line.status, line.time.map(|time| time.millis()))
            })
            .collect();
        assert_eq!(history, told, "{id}");
        corrected += shipment.events().iter().filter(|event| event.movement == Movement::Correction).count();

        let details = shipment.details();
        let promise = details.promise.unwrap_or_else(|| panic!("{id} has no promise"));
        assert_eq!(promise.day.to_string(), row["promised_by"][..10], "{id}");
        assert_eq!(promise.until.millis(), end_of(&row["promised_by"]), "{id}");
        late += u64::from(view.flags.has(Flag::Delayed));

        let address = ["recipient_postal_prefix", "recipient_city", "recipient_state"];
        assert_eq!(details.recipient.address.as_ref().map(|a| a.as_str().to_owned()), joined(row, &address));
        assert_eq!(
            details.origin.as_ref().map(|o| o.as_str().to_owned()),
            joined(row, &["seller_city", "seller_state"])
        );
        sequences.push(shipment.sequence());
    }
    assert_eq!(report.by_status, by_status);
    let events: u64 = sequences.iter().map(|sequence| sequence - 1).sum();
    assert_eq!(report.events, events);
    let late_in_file = rows.iter().filter(|row| row["order_status"] == "delivered").filter(|row| {
        !row["delivered_at"].is_empty() && instant(&row["delivered_at"]) > end_of(&row["promised_by"])
    });
    assert_eq!(late, late_in_file.count() as u64);
    println!(
        "{all} orders, {events} events, {late} late, {untimed} states of unknown time, {corrected} corrections"
    );
    println!("{by_status:?}");

    let again = kept.import(&file, 60).await;
    assert_eq!((again.unchanged, again.events, again.by_status), (all, 0, by_status));
    for (row, sequence) in rows.iter().zip(sequences) {
        let shipment = kept.shipment(&row["order_id"]).await;
        assert_eq!(shipment.map(|shipment| shipment.sequence()), Some(sequence), "{}", row["order_id"]);
    }
    kept.store.close().await;
}
