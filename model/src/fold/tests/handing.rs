//! What the recipient is told beside the status: who brings it, the next step, which visit it is, and how
//! and why the time of arrival moved.

use super::{at, because, event, journey, step_back, update};
use crate::eta::{Eta, Window};
use crate::event::Event;
use crate::next::{NextAction, NextStep};
use crate::person::Courier;
use crate::reason::Reason;
use crate::status::Status::{self, *};
use crate::text::{Note, PersonName};

fn brought_by(name: &str, event: Event) -> Event {
    let courier = Courier { name: PersonName::parse(name).ok(), phone: None };
    Event { courier: Some(courier), ..event }
}

fn courier_after(events: &[Event]) -> Option<String> {
    journey(events).courier?.name.map(String::from)
}

fn followed_by(action: NextAction, event: Event) -> Event {
    Event { next: Some(NextStep { action, until: Some(at(600)) }), ..event }
}

fn next_after(events: &[Event]) -> Option<NextAction> {
    journey(events).next.map(|next| next.action)
}

fn saying(window: Window, cause: Option<&str>, event: Event) -> Event {
    let cause = cause.map(|cause| Note::parse(cause).unwrap_or_else(|e| panic!("{e}")));
    let eta = Eta { window, as_of: event.at(), confidence: None, source: event.source.clone(), cause };
    Event { eta: Some(eta), ..event }
}

fn half_hour(from: i64) -> Window {
    Window::Between { from: at(from), until: at(from + 30) }
}

/// The window before the last move, and why it moved.
fn moved(events: &[Event]) -> (Option<Window>, Option<String>) {
    let journey = journey(events);
    let cause = journey.eta.and_then(|eta| eta.cause).map(String::from);
    (journey.window_before, cause)
}

#[test]
fn the_courier_is_the_last_who_was_named_even_by_an_update() {
    let events =
        [brought_by("Ana", event(0, OutForDelivery)), event(10, Arrived), brought_by("Bo", update(20))];
    assert_eq!(courier_after(&events[..2]).as_deref(), Some("Ana"));
    assert_eq!(courier_after(&events).as_deref(), Some("Bo"));
}

#[test]
fn the_next_step_is_the_sources_or_else_the_usual_one() {
    let failed = event(0, AttemptFailed);
    assert_eq!(next_after(std::slice::from_ref(&failed)), Some(NextAction::Redelivery));
    let told = followed_by(NextAction::Collect, failed.clone());
    assert_eq!(next_after(std::slice::from_ref(&told)), Some(NextAction::Collect));
    let beside = followed_by(NextAction::Arrange, update(5));
    assert_eq!(next_after(&[failed, beside.clone()]), Some(NextAction::Arrange), "an update tells it too");
    assert_eq!(next_after(&[told, beside, event(10, OutForDelivery)]), None, "a new status, a new step");
}

#[test]
fn a_step_told_with_what_moves_nothing_is_not_taken() {
    let late = followed_by(NextAction::Pay, event(10, Preparing));
    assert_eq!(next_after(&[event(0, InTransit), late]), None);
}

#[test]
fn every_trouble_has_a_next_step_and_every_good_way_has_none() {
    for &status in Status::ALL {
        for reason in [None].into_iter().chain(Reason::ALL.iter().copied().map(Some)) {
            let next = NextStep::usual(status, reason);
            let trouble =
                matches!(status, AttemptFailed | Exception | Undeliverable | Failed | AvailableForPickup);
            assert_eq!(next.is_some(), trouble, "{status} {reason:?}");
            assert!(next.is_none_or(|next| next.until.is_none()), "nobody has told a deadline");
        }
    }
    let wrong_address = because(Reason::AddressWrong, event(0, Exception));
    assert_eq!(next_after(&[wrong_address]), Some(NextAction::CorrectAddress));
    assert_eq!(next_after(&[because(Reason::Lost, event(0, Exception))]), Some(NextAction::ContactSender));
}

#[test]
fn each_try_in_vain_makes_the_next_another_visit() {
    let events = [
        event(0, OutForDelivery),
        event(10, AttemptFailed),
        event(20, OutForDelivery),
        event(30, Exception),
        event(40, AttemptFailed),
        step_back(50, InTransit),
    ];
    let visits: Vec<u32> = (1..=events.len()).map(|end| journey(&events[..end]).visit).collect();
    assert_eq!(visits, [0, 1, 1, 1, 2, 2]);
}

#[test]
fn a_window_that_moved_says_from_where_and_why() {
    let first = saying(half_hour(60), None, event(0, OutForDelivery));
    let later = saying(half_hour(75), Some("two stops added"), update(10));
    assert_eq!(moved(std::slice::from_ref(&first)), (None, None));
    let reason = Some("two stops added".to_owned());
    assert_eq!(moved(&[first.clone(), later.clone()]), (Some(half_hour(60)), reason.clone()));
    let again = saying(half_hour(75), None, update(20));
    assert_eq!(
        moved(&[first.clone(), later.clone(), again]),
        (Some(half_hour(60)), reason),
        "the same said again takes nothing back"
    );
    let moved_on = saying(half_hour(70), None, update(30));
    assert_eq!(
        moved(&[first, later, moved_on]),
        (Some(half_hour(75)), None),
        "that reason was of another move"
    );
}

#[test]
fn a_time_withdrawn_and_given_again_has_not_moved() {
    let first = saying(half_hour(60), None, event(0, OutForDelivery));
    let withdrawn = saying(Window::Unknown, None, update(10));
    let same = saying(half_hour(60), None, update(20));
    let other = saying(half_hour(90), None, update(30));
    assert_eq!(
        moved(&[first.clone(), withdrawn.clone()]),
        (None, None),
        "nothing is known, so nothing moved"
    );
    assert_eq!(moved(&[first.clone(), withdrawn.clone(), same]), (None, None));
    assert_eq!(moved(&[first, withdrawn, other]), (Some(half_hour(60)), None));
}

#[test]
fn the_time_of_another_visit_has_not_moved_from_the_one_before() {
    let events = [
        saying(half_hour(60), None, event(0, OutForDelivery)),
        saying(half_hour(75), Some("two stops added"), update(10)),
        event(95, AttemptFailed),
        saying(half_hour(600), None, event(500, OutForDelivery)),
    ];
    assert_eq!(moved(&events), (None, None));
}
