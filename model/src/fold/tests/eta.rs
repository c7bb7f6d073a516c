//! Times of arrival: the last word counts, what is void is gone, and a promise that is missed is said.

use super::{at, event, step_back, update};
use crate::eta::{Confidence, Eta, Promise, Window};
use crate::event::Event;
use crate::flags::Flag;
use crate::fold::fold;
use crate::status::Status::{self, *};
use crate::text::Source;
use crate::time::Day;

fn day(of_month: u32) -> Day {
    Day::from_ymd_opt(2026, 11, of_month).unwrap_or_default()
}

fn between(from: i64, until: i64) -> Window {
    Window::Between { from: at(from), until: at(until) }
}

fn announcing(window: Window, event: Event) -> Event {
    let eta = Eta {
        window,
        as_of: event.at(),
        confidence: Some(Confidence::Medium),
        source: Source::parse("test").unwrap_or_else(|e| panic!("{e}")),
        cause: None,
    };
    Event { eta: Some(eta), ..event }
}

fn window_of(events: &[Event]) -> Option<Window> {
    fold(None, events).eta.map(|eta| eta.window)
}

fn is_late(promise: Promise, events: &[Event]) -> bool {
    fold(Some(promise), events).flags.has(Flag::Delayed)
}

/// Promised for 21 November, until minute 600.
fn promise() -> Promise {
    Promise { day: day(21), until: at(600) }
}

#[test]
fn the_last_word_on_the_time_counts_even_from_an_event_that_moves_nothing() {
    let events = [
        announcing(between(60, 90), event(0, OutForDelivery)),
        announcing(between(80, 110), update(10)),
        announcing(between(85, 115), event(20, Preparing)),
    ];
    assert_eq!(window_of(&events[..1]), Some(between(60, 90)));
    assert_eq!(window_of(&events[..2]), Some(between(80, 110)));
    assert_eq!(window_of(&events), Some(between(85, 115)));
}

#[test]
fn a_withdrawn_time_is_no_time() {
    let events = [
        announcing(between(60, 90), event(0, InTransit)),
        announcing(Window::Unknown, update(10)),
        announcing(Window::OnDay { day: day(24) }, update(20)),
    ];
    assert_eq!(window_of(&events[..2]), None);
    assert_eq!(window_of(&events), Some(Window::OnDay { day: day(24) }));
}

#[test]
fn where_nothing_is_to_come_there_is_no_time_of_arrival() {
    for &status in Status::ALL {
        let events = [announcing(between(60, 90), event(0, status)), update(10)];
        let over = status.is_final() || status == Returning;
        assert_eq!(window_of(&events).is_none(), over, "{status}");
    }
}

#[test]
fn a_try_in_vain_voids_the_window_announced_for_it() {
    let announced = announcing(between(60, 90), event(0, OutForDelivery));
    assert_eq!(window_of(&[announced.clone(), event(70, AttemptFailed)]), None);
    assert_eq!(window_of(&[announced.clone(), event(70, Exception)]), Some(between(60, 90)));
    let next = Window::OnDay { day: day(22) };
    assert_eq!(window_of(&[announced.clone(), announcing(next, event(70, AttemptFailed))]), Some(next));
    let told_beside = Event { id: update(1).id, ..announcing(next, update(70)) };
    assert_eq!(window_of(&[announced, told_beside, event(70, AttemptFailed)]), Some(next));
}

#[test]
fn a_window_that_begins_after_the_promise_is_late() {
    let coming = |window| [announcing(window, event(0, InTransit))];
    assert!(!is_late(promise(), &coming(between(570, 600))));
    assert!(!is_late(promise(), &coming(between(600, 630))), "it may still come in time");
    assert!(is_late(promise(), &coming(between(601, 630))));
    assert!(!is_late(promise(), &coming(Window::OnDay { day: day(21) })));
    assert!(is_late(promise(), &coming(Window::OnDay { day: day(22) })));
}

#[test]
fn delivered_is_late_by_when_it_was_delivered_and_by_nothing_else() {
    let late_window = announcing(between(700, 730), event(0, OutForDelivery));
    assert!(!is_late(promise(), &[late_window.clone(), event(600, Delivered)]));
    assert!(is_late(promise(), &[event(601, Delivered)]));
    let untimed = Event { occurred_at: None, ..event(900, Delivered) };
    assert!(!is_late(promise(), &[untimed]), "an unknown time is not late");
}

#[test]
fn what_will_not_come_is_not_late() {
    let late_window = announcing(between(700, 730), event(0, InTransit));
    for end in [Cancelled, Returned, Undeliverable, Failed, Returning] {
        assert!(!is_late(promise(), &[late_window.clone(), event(10, end)]), "{end}");
    }
}

#[test]
fn what_waited_in_time_at_a_pickup_point_is_not_late_when_it_is_collected_late() {
    assert!(!is_late(promise(), &[event(600, AvailableForPickup), event(2000, Delivered)]));
    assert!(is_late(promise(), &[event(601, AvailableForPickup)]));
    assert!(is_late(promise(), &[event(601, AvailableForPickup), event(2000, Delivered)]));
    let taken_away = [event(600, AvailableForPickup), step_back(700, InTransit), event(2000, Delivered)];
    assert!(is_late(promise(), &taken_away), "it waits no more");
}
