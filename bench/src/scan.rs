//! The words of the native API that the load speaks: tracking ids and events, written straight
//! into request bodies. Nothing is read here and nothing sent.

use std::io::Write as _;
use std::time::{SystemTime, UNIX_EPOCH};

use chrono::{DateTime, SecondsFormat};

/// Events are dated from this long ago onwards, a millisecond apart, so that none lies ahead.
const BACKDATED_MILLIS: i64 = 24 * 3600 * 1000;

/// The tracking id of shipment `number`.
pub(crate) fn tracking_id(number: usize) -> String {
    format!("BENCH-{number:06}")
}

/// Writes scan events, each with an id and a time of its own.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Scanner {
    first_millis: i64,
}

impl Scanner {
    pub(crate) fn new() -> Self {
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        let now = i64::try_from(now.as_millis()).unwrap_or_default();
        Self { first_millis: now - BACKDATED_MILLIS }
    }

    /// The body of a post to one shipment with the events numbered `numbers`.
    pub(crate) fn events(&self, numbers: std::ops::Range<u64>) -> Vec<u8> {
        self.list(numbers, |_| None)
    }

    /// The body of a post to many: `shipment` says whose each event is.
    pub(crate) fn events_of(
        &self,
        numbers: std::ops::Range<u64>,
        shipment: impl Fn(u64) -> usize,
    ) -> Vec<u8> {
        self.list(numbers, |number| Some(shipment(number)))
    }

    fn list(&self, numbers: std::ops::Range<u64>, shipment: impl Fn(u64) -> Option<usize>) -> Vec<u8> {
        let mut out = b"{\"events\":[".to_vec();
        for number in numbers.clone() {
            if number > numbers.start {
                out.push(b',');
            }
            out.push(b'{');
            if let Some(shipment) = shipment(number) {
                // Writing into a Vec cannot fail, here and below.
                let _ = write!(out, "\"trackingId\":\"{}\",", tracking_id(shipment));
            }
            let millis = self.first_millis + i64::try_from(number).unwrap_or_default();
            let time = DateTime::from_timestamp_millis(millis).unwrap_or_default();
            let time = time.to_rfc3339_opts(SecondsFormat::Millis, true);
            let _ = write!(out, "\"id\":\"e{number}\",\"status\":\"in_transit\",\"time\":\"{time}\"}}");
        }
        out.extend_from_slice(b"]}");
        out
    }
}

#[cfg(test)]
mod tests {
    use super::{Scanner, tracking_id};

    #[test]
    fn events_have_ids_and_times_of_their_own() {
        let body = Scanner { first_millis: 0 }.events_of(7..9, |number| number as usize * 2);
        let expected = serde_json::json!({"events": [
            {"trackingId": tracking_id(14), "id": "e7", "status": "in_transit", "time": "1970-01-01T00:00:00.007Z"},
            {"trackingId": tracking_id(16), "id": "e8", "status": "in_transit", "time": "1970-01-01T00:00:00.008Z"},
        ]});
        let body: serde_json::Value = serde_json::from_slice(&body).expect("JSON");
        assert_eq!(body, expected);
    }

    #[test]
    fn one_shipment_needs_no_tracking_ids() {
        let body = String::from_utf8(Scanner::new().events(1..2)).expect("UTF-8");
        assert!(body.contains("\"id\":\"e1\"") && !body.contains("trackingId"), "{body}");
    }
}
