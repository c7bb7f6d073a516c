//! Phrases for times: "today between 14:10 and 14:40", "on Tuesday 24 November". No finer than what is
//! known, and always relative to the delivery's own day.

use crate::catalogue::Catalogue;
use crate::eta::Window;
use crate::screen::Times;
use crate::time::{Day, Timestamp};

/// A window; `None` when nothing is known.
pub(super) fn window(window: Window, words: &Catalogue, times: &impl Times) -> Option<String> {
    Some(match window {
        Window::Between { from, until } => between(from, until, words, times),
        Window::OnDay { day } => on_day(day, words, times),
        Window::Unknown => return None,
    })
}

/// A day: today, tomorrow, yesterday, or its date.
pub(super) fn on_day(day: Day, words: &Catalogue, times: &impl Times) -> String {
    near(day, words, times).map_or_else(|| words.when_on(&times.date(day)), str::to_owned)
}

/// Today, tomorrow or yesterday, where it is one of them.
pub(super) fn near(day: Day, words: &Catalogue, times: &impl Times) -> Option<&'static str> {
    let today = times.day(times.now());
    if !times.says_near() {
        None
    } else if day == today {
        Some(words.when_today())
    } else if today.succ_opt() == Some(day) {
        Some(words.when_tomorrow())
    } else if today.pred_opt() == Some(day) {
        Some(words.when_yesterday())
    } else {
        None
    }
}

/// An instant that has passed, to the minute.
pub(super) fn at(at: Timestamp, words: &Catalogue, times: &impl Times) -> String {
    words.when_join(&on_day(times.day(at), words, times), &words.when_at(&times.clock(at)))
}

/// The same where a preposition stands before it: "until today at 18:00", "since Tuesday 24 November at 18:00".
pub(super) fn point(at: Timestamp, words: &Catalogue, times: &impl Times) -> String {
    let day = times.day(at);
    let date = near(day, words, times).map_or_else(|| times.date(day), str::to_owned);
    words.when_join(&date, &words.when_at(&times.clock(at)))
}

/// Whether a window lies wholly in the past.
pub(super) fn passed(window: Window, times: &impl Times) -> bool {
    match window {
        Window::Between { until, .. } => until < times.now(),
        Window::OnDay { day } => day < times.day(times.now()),
        Window::Unknown => false,
    }
}

/// The last day on which it may come; `None` when nothing is known.
pub(super) fn last_day(window: Window, times: &impl Times) -> Option<Day> {
    match window {
        Window::Between { until, .. } => Some(times.day(until)),
        Window::OnDay { day } => Some(day),
        Window::Unknown => None,
    }
}

fn between(from: Timestamp, until: Timestamp, words: &Catalogue, times: &impl Times) -> String {
    let (first, last) = (times.day(from), times.day(until));
    if first == last {
        let (from, until) = (times.clock(from), times.clock(until));
        // One instant is no window; said as one it would promise what nobody can keep.
        let clocks = if from == until { words.when_around(&from) } else { words.when_between(&from, &until) };
        return words.when_join(&on_day(first, words, times), &clocks);
    }
    let point = |at, day| words.when_join(&times.date(day), &times.clock(at));
    words.when_between(&point(from, first), &point(until, last))
}
