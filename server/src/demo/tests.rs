//! The sample journeys: each goes through what it promises to show, and each is where its clock says.

mod playing;

use doorstep_model::eta::Window;
use doorstep_model::event::Event;
use doorstep_model::flags::Flag;
use doorstep_model::fold::fold;
use doorstep_model::shipment::Shipment;
use doorstep_model::status::Status::{self, *};
use doorstep_model::time::Timestamp;

use super::scenario::{Scenario, all};
use super::script::Round;
use super::timetable::{Speed, Timetable};

fn scenarios() -> Vec<Scenario> {
    all().unwrap_or_else(|e| panic!("{e:#}"))
}

fn speed(minutes_per_second: f64) -> Speed {
    Speed::new(minutes_per_second).unwrap_or_else(|e| panic!("{e}"))
}

fn noon() -> Timestamp {
    Timestamp::from_millis(1_795_262_400_000)
}

/// The shipment after the first `played` scenes.
fn shipment(scenario: &Scenario, played: usize) -> Shipment {
    let round = Round { scenario, speed: speed(2.0), number: 3, began: noon() };
    let events = round.events(0, played).unwrap_or_else(|e| panic!("{}: {e:#}", scenario.title));
    let details = round.details().unwrap_or_else(|e| panic!("{e}"));
    Shipment::new(scenario.tracking_id.clone(), details, noon(), events, 1)
}

#[test]
fn each_journey_goes_through_what_it_shows() {
    let expected: [(&str, &[Status]); 10] = [
        (
            "DEMO-ON-TIME",
            &[
                Created,
                Confirmed,
                Preparing,
                Ready,
                CourierAssigned,
                PickedUp,
                InTransit,
                OutForDelivery,
                Arrived,
                Delivered,
            ],
        ),
        ("DEMO-LATE", &[Created, Preparing, PickedUp, InTransit, OutForDelivery, Delivered]),
        (
            "DEMO-REDELIVERY",
            &[
                Created,
                PickedUp,
                InTransit,
                OutForDelivery,
                Arrived,
                AttemptFailed,
                InTransit,
                OutForDelivery,
                Delivered,
            ],
        ),
        (
            "DEMO-RETURNED",
            &[
                Created,
                PickedUp,
                InTransit,
                OutForDelivery,
                AttemptFailed,
                Undeliverable,
                Returning,
                Returned,
            ],
        ),
        ("DEMO-CANCELLED", &[Created, Scheduled, Confirmed, CourierAssigned, Confirmed, Cancelled]),
        (
            "DEMO-PICKUP",
            &[Created, Ready, PickedUp, InTransit, OutForDelivery, AvailableForPickup, Delivered],
        ),
        ("DEMO-REFUSED", &[Created, PickedUp, InTransit, OutForDelivery, Arrived, Undeliverable, Returning]),
        ("DEMO-FAR-ZONE", &[Created, Preparing, PickedUp, InTransit, OutForDelivery, Delivered]),
        ("DEMO-DAMAGED", &[Created, PickedUp, InTransit, Exception, InTransit, OutForDelivery, Delivered]),
        (
            "DEMO-CONTACTLESS",
            &[Created, Preparing, Ready, AtPickup, PickedUp, OutForDelivery, Arrived, Delivered],
        ),
    ];
    let scenarios = scenarios();
    assert_eq!(scenarios.len(), expected.len());
    for (scenario, (id, statuses)) in scenarios.iter().zip(expected) {
        assert_eq!(scenario.tracking_id.as_str(), id);
        let mut passed: Vec<Status> =
            (1..=scenario.events.len()).map(|played| shipment(scenario, played).journey().status).collect();
        passed.dedup();
        assert_eq!(passed, statuses, "{id}");
    }
}

#[test]
fn the_scenes_of_a_journey_are_in_order() {
    for scenario in scenarios() {
        assert!(scenario.events.is_sorted_by_key(|scene| scene.after), "{}", scenario.title);
        let first = scenario.events.first().map(|scene| scene.after);
        assert!(first.is_some_and(|after| after <= 0), "{} begins with something", scenario.title);
    }
}

#[test]
fn only_the_late_ones_are_late_and_the_redelivered_one_is_redelivered() {
    for scenario in scenarios() {
        let shipment = shipment(&scenario, scenario.events.len());
        let flags = shipment.journey().flags;
        let id = scenario.tracking_id.as_str();
        assert_eq!(flags.has(Flag::Delayed), id == "DEMO-LATE", "{id}");
        assert_eq!(flags.has(Flag::Redelivery), id == "DEMO-REDELIVERY", "{id}");
        assert_eq!(flags.has(Flag::Contactless), id == "DEMO-CONTACTLESS", "{id}");
        assert!(!flags.has(Flag::ActionRequired), "{id}");
    }
}

#[test]
fn the_late_one_says_why_while_it_is_on_its_way() {
    let scenarios = scenarios();
    let late = &scenarios[1];
    let reasons: Vec<_> =
        (4..8).map(|played| shipment(late, played).journey().reason.map(|r| r.as_str())).collect();
    assert_eq!(reasons, [Some("weather"), Some("weather"), Some("vehicle"), Some("vehicle")]);
}

#[test]
fn the_last_window_announced_comes_true() {
    for scenario in scenarios() {
        let whole = shipment(&scenario, scenario.events.len());
        let events = whole.events();
        let comes = |event: &Event| matches!(event.status, Some(Arrived | AvailableForPickup | Delivered));
        let Some(arrived) = events.iter().rposition(comes) else { continue };
        // Who is at the door has arrived: what follows was not announced.
        let arrived = if events[arrived].status == Some(Delivered) && comes(&events[arrived - 1]) {
            arrived - 1
        } else {
            arrived
        };
        let announced = fold(None, &events[..arrived]).eta.map(|eta| eta.window);
        let Some(Window::Between { from, until }) = announced else {
            panic!("{} announces no window", scenario.title)
        };
        let at = events[arrived].at();
        assert!((from..=until).contains(&at), "{}: {at} is not in {from} to {until}", scenario.title);
    }
}

#[test]
fn a_journey_is_where_its_clock_says() {
    let scenarios = scenarios();
    let table = Timetable::new(&scenarios[0], speed(2.0), noon(), 0, 10);
    let at = |seconds: i64| {
        let moment = table.at(Timestamp::from_millis(noon().millis() + seconds * 1000));
        (moment.round, moment.played, moment.next_in.as_millis())
    };
    assert_eq!(at(0), (0, 2, 10_000), "what had happened before, and what happens at the start");
    assert_eq!(at(9), (0, 2, 1_000));
    assert_eq!(at(10), (0, 3, 12_500));
    assert_eq!(at(108), (0, 11, 24_500), "it rests at its end");
    assert_eq!(at(133), (1, 2, 9_500), "and begins anew");
    assert_eq!(at(1325), (10, 2, 10_000));
    assert_eq!(at(-5), (0, 2, 10_000), "a clock that goes back does no harm");
}

#[test]
fn at_any_moment_the_pages_differ() {
    let scenarios = scenarios();
    let count = scenarios.len();
    let statuses: std::collections::BTreeSet<Status> = scenarios
        .iter()
        .enumerate()
        .map(|(index, scenario)| {
            let moment = Timetable::new(scenario, speed(2.0), noon(), index, count).at(noon());
            shipment(scenario, moment.played).journey().status
        })
        .collect();
    assert!(statuses.len() >= 5, "{statuses:?}");
}

#[test]
fn a_speed_is_a_sensible_number() {
    assert_eq!(speed(0.5).millis(1), 2_000);
    for bad in ["0", "-1", "nan", "inf", "fast", "1000"] {
        assert!(bad.parse::<Speed>().is_err(), "{bad}");
    }
}
