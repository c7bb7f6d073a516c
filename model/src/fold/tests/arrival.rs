//! The promise behind every retry and every late webhook: whatever the order, the grouping and the
//! repeats in which events arrive, the shipment is the same. And what no order may ever do.

use proptest::option;
use proptest::prelude::*;
use proptest::sample::{Index, select};

use super::{at, update};
use crate::eta::{Confidence, Eta, Promise, Window};
use crate::event::{Event, Movement};
use crate::flags::{Flag, FlagChange, Flags};
use crate::fold::{Journey, fold};
use crate::id::{EventId, TrackingId};
use crate::next::{NextAction, NextStep};
use crate::person::Courier;
use crate::reason::Reason;
use crate::shipment::{Details, Shipment};
use crate::status::Status;
use crate::text::{Note, PersonName, Source};
use crate::time::{Day, Timestamp, Zone};

const CASES: u32 = 10_000;

/// A failing case prints its smallest form, which belongs in a test of its own; no file is kept.
fn cases(cases: u32) -> ProptestConfig {
    ProptestConfig { cases, failure_persistence: None, ..ProptestConfig::default() }
}

/// Few minutes, so that equal times are common.
fn time() -> impl Strategy<Value = Timestamp> {
    (0_i64..8).prop_map(|step| at(step * 60))
}

fn flags() -> impl Strategy<Value = Flags> {
    proptest::collection::vec(select(Flag::ALL), 0..3).prop_map(|flags| flags.into_iter().collect())
}

fn window() -> impl Strategy<Value = Window> {
    let day = |of_month| Day::from_ymd_opt(2026, 11, of_month).unwrap_or_default();
    prop_oneof![
        4 => (time(), 0_i64..120).prop_map(|(from, minutes)| Window::Between {
            from,
            until: Timestamp::from_millis(from.millis() + minutes * 60_000),
        }),
        2 => (20_u32..24).prop_map(move |of_month| Window::OnDay { day: day(of_month) }),
        1 => Just(Window::Unknown),
    ]
}

fn eta() -> impl Strategy<Value = Eta> {
    let cause = option::of(select(vec!["two stops added", "traffic"]));
    (window(), time(), option::of(select(Confidence::ALL)), cause).prop_map(
        |(window, as_of, confidence, cause)| Eta {
            window,
            as_of,
            confidence,
            source: Source::parse("test").unwrap_or_else(|e| panic!("{e}")),
            cause: cause.and_then(|cause| Note::parse(cause).ok()),
        },
    )
}

fn courier() -> impl Strategy<Value = Courier> {
    select(vec!["Ana", "Bo"]).prop_map(|name| Courier { name: PersonName::parse(name).ok(), phone: None })
}

fn next() -> impl Strategy<Value = NextStep> {
    (select(NextAction::ALL), option::of(time())).prop_map(|(action, until)| NextStep { action, until })
}

fn movement() -> impl Strategy<Value = Movement> {
    prop_oneof![8 => Just(Movement::Forward), 1 => Just(Movement::StepBack), 1 => Just(Movement::Correction)]
}

/// An event of any kind; its id is given by where it stands in the list.
fn event() -> impl Strategy<Value = Event> {
    let when = (option::weighted(0.8, time()), time());
    let what = (option::weighted(0.9, select(Status::ALL)), movement(), option::of(select(Reason::ALL)));
    let beside = (
        (flags(), flags()),
        option::weighted(0.3, eta()),
        (option::weighted(0.2, courier()), option::weighted(0.2, next())),
    );
    (when, what, beside).prop_map(
        |((occurred_at, received_at), (status, movement, reason), ((set, clear), eta, (courier, next)))| {
            Event {
                occurred_at,
                received_at,
                status,
                movement,
                reason,
                flags: FlagChange { set, clear },
                eta,
                courier,
                next,
                ..update(0)
            }
        },
    )
}

fn events() -> impl Strategy<Value = Vec<Event>> {
    proptest::collection::vec(event(), 0..14).prop_map(|mut events| {
        for (index, event) in events.iter_mut().enumerate() {
            // Scattered, so that the order of ids is not the order of the list.
            event.id = EventId::parse(&format!("e{}", index * 7 % 15)).unwrap_or_else(|e| panic!("{e}"));
        }
        events
    })
}

fn shuffled() -> impl Strategy<Value = (Vec<Event>, Vec<Event>)> {
    events().prop_flat_map(|events| (Just(events.clone()), Just(events).prop_shuffle()))
}

fn promise() -> impl Strategy<Value = Option<Promise>> {
    let day = Day::from_ymd_opt(2026, 11, 21).unwrap_or_default();
    option::of(time().prop_map(move |until| Promise { day, until }))
}

fn shipment(promise: Option<Promise>, events: Vec<Event>, sequence: u64) -> Shipment {
    let id = TrackingId::parse("ARRIVAL-1").unwrap_or_else(|e| panic!("{e}"));
    let details = Details { promise, ..Details::in_zone(Zone::utc()) };
    Shipment::new(id, details, at(0), events, sequence)
}

/// Folds every beginning of the journey in the order in which it happened.
fn stations(promise: Option<Promise>, events: &[Event]) -> Vec<(Journey, Option<Event>)> {
    let mut ordered = events.to_vec();
    ordered.sort_by(|a, b| a.order().cmp(&b.order()));
    (0..=ordered.len())
        .map(|end| (fold(promise, &ordered[..end]), end.checked_sub(1).map(|last| ordered[last].clone())))
        .collect()
}

proptest! {
    #![proptest_config(cases(CASES))]

    #[test]
    fn any_order_of_arrival_gives_the_same_journey((events, arrived) in shuffled(), promise in promise()) {
        let expected = fold(promise, &events);
        prop_assert_eq!(&fold(promise, &arrived), &expected);
        prop_assert_eq!(&fold(promise, arrived.iter().rev()), &expected);
    }

    #[test]
    fn however_events_are_grouped_and_repeated_the_shipment_is_the_same(
        (events, arrived) in shuffled(),
        promise in promise(),
        cuts in proptest::collection::vec(any::<Index>(), 0..4),
        repeats in proptest::collection::vec(any::<Index>(), 0..4),
    ) {
        let expected = shipment(promise, events.clone(), 1 + events.len() as u64);

        let mut one_by_one = shipment(promise, Vec::new(), 1);
        for event in &arrived {
            prop_assert_eq!(one_by_one.record([event.clone()]), vec![event.id.clone()]);
        }
        prop_assert_eq!(&one_by_one, &expected);

        let mut told = arrived.clone();
        if !arrived.is_empty() {
            told.extend(repeats.iter().map(|index| index.get(&arrived).clone()));
        }
        let mut ends: Vec<usize> = cuts.iter().map(|cut| cut.index(told.len() + 1)).collect();
        ends.push(told.len());
        ends.sort_unstable();
        let (mut chunked, mut start, mut taken) = (shipment(promise, Vec::new(), 1), 0, 0);
        for end in ends {
            taken += chunked.record(told[start..end].iter().cloned()).len();
            start = end;
        }
        prop_assert_eq!(taken, events.len());
        prop_assert_eq!(&chunked, &expected);
    }
}

proptest! {
    #![proptest_config(cases(CASES / 4))]

    #[test]
    fn the_step_goes_back_only_where_somebody_says_so(events in events(), promise in promise()) {
        let mut retry = false;
        for pair in stations(promise, &events).windows(2) {
            let ((before, _), (after, Some(last))) = (&pair[0], &pair[1]) else { continue };
            retry |= matches!(before.status, Status::AttemptFailed | Status::Undeliverable);
            let excused = last.movement != Movement::Forward || last.status == Some(Status::Failed) || retry;
            prop_assert!(
                after.step >= before.step || excused,
                "{:?} fell to {:?} at {:?}", before.step, after.step, last,
            );
        }
    }

    #[test]
    fn after_delivered_comes_a_return_or_a_correction_and_nothing_else(events in events()) {
        for pair in stations(None, &events).windows(2) {
            let ((before, _), (after, Some(last))) = (&pair[0], &pair[1]) else { continue };
            if before.status == Status::Delivered && after.status != Status::Delivered {
                let returned = matches!(after.status, Status::Returning | Status::Returned);
                prop_assert!(returned || last.movement == Movement::Correction, "{:?}", last);
            }
        }
    }
}
