//! How old the data is, in the coarsest words that are still true.

use crate::catalogue::Catalogue;
use crate::screen::{Times, when};
use crate::time::Timestamp;

const MINUTE: i64 = 60_000;

/// How long ago `heard_at` was. An instant ahead of the viewer's clock counts as now.
pub(super) fn heard(heard_at: Timestamp, words: &Catalogue, times: &impl Times) -> String {
    let age = times.now().millis() - heard_at.millis();
    if age < MINUTE {
        return words.heard_now().to_owned();
    }
    if age < 60 * MINUTE {
        return words.heard_minutes(&(age / MINUTE).to_string());
    }
    let (day, clock) = (times.day(heard_at), times.clock(heard_at));
    if day == times.day(times.now()) {
        words.heard_today(&clock)
    } else {
        words.heard_at(&times.date(day), &clock)
    }
}

/// As of when a page speaks that is not connected; `None` on the day itself, where a clock says enough.
pub fn as_of(at: Timestamp, words: &Catalogue, times: &impl Times) -> Option<String> {
    (times.day(at) != times.day(times.now())).then(|| words.live_as_of(&when::point(at, words, times)))
}
