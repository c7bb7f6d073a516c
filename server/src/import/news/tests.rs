//! Rows against what a shipment knows already, import after import.

use doorstep_model::id::{EventId, TrackingId};
use doorstep_model::shipment::Shipment;
use doorstep_model::time::Zone;

use super::*;
use crate::import::draft;
use crate::import::mapping::{Mapping, Plan};
use crate::import::rows::Row;

const MAPPING: &str = r#"
[times]
zone = "UTC"
format = "%Y-%m-%d %H:%M"
[shipment]
tracking_id = "id"
zone = "UTC"
[[events]]
column = "made"
status = "created"
[[events]]
column = "sent"
status = "picked_up"
[[events]]
column = "arrived"
status = "delivered"
[state]
column = "state"
words = { new = "created", packing = "preparing", sent = "picked_up", done = "delivered", void = "cancelled", odd = "unknown" }
"#;

fn at(minutes: i64) -> Timestamp {
    Timestamp::from_millis(1_795_262_400_000 + minutes * 60_000)
}

fn plan() -> Plan {
    let mapping = Mapping::parse("test", MAPPING).unwrap_or_else(|e| panic!("{e}"));
    let header = ["id", "state", "made", "sent", "arrived"].map(str::to_owned);
    mapping.plan(&header).unwrap_or_else(|e| panic!("{e}"))
}

/// The row `A,state,made,sent,arrived`, imported at minute `now`; the hours of 1 January 2020.
fn draft_of(plan: &Plan, state: &str, hours: [Option<u32>; 3], now: i64) -> Draft {
    let times = hours.map(|hour| hour.map_or(String::new(), |hour| format!("2020-01-01 {hour:02}:00")));
    let cells = ["A".to_owned(), state.to_owned()].into_iter().chain(times).collect();
    let row = Row { number: 1, lines: (2, 2), end: 0, cells, flaws: Vec::new() };
    draft::read(plan, &row, at(now)).unwrap_or_else(|e| panic!("{e:?}"))
}

/// A shipment that takes rows one import after another.
struct Told {
    plan: Plan,
    shipment: Shipment,
    now: i64,
}

impl Told {
    fn nothing() -> Self {
        let id = TrackingId::parse("A").unwrap_or_else(|e| panic!("{e}"));
        let details = doorstep_model::shipment::Details::in_zone(Zone::utc());
        Self { plan: plan(), shipment: Shipment::new(id, details, at(0), Vec::new(), 1), now: 0 }
    }

    /// Imports a row; how many events that gave.
    fn row(&mut self, state: &str, hours: [Option<u32>; 3]) -> Result<usize, Contradiction> {
        self.now += 10;
        let draft = draft_of(&self.plan, state, hours, self.now);
        let stem = self.plan.state.as_ref().map(|state| &state.stem);
        let new = news(&draft, stem, self.shipment.events(), &self.plan.source, at(self.now))?;
        let count = new.len();
        assert_eq!(self.shipment.record(new).len(), count, "news is new");
        Ok(count)
    }

    /// Something that another system reports.
    fn report(&mut self, id: &str, status: Status) {
        self.now += 10;
        let id = EventId::parse(id).unwrap_or_else(|e| panic!("{e}"));
        let event = blank_event(id, &self.plan.source, at(self.now));
        let event = Event { occurred_at: Some(at(self.now)), status: Some(status), ..event };
        self.shipment.record([event]);
    }

    fn status(&self) -> Status {
        self.shipment.journey().status
    }
}

#[test]
fn times_that_lead_to_the_state_need_no_event_more() {
    let mut told = Told::nothing();
    assert_eq!(told.row("sent", [Some(8), Some(9), None]), Ok(2));
    assert_eq!((told.status(), told.shipment.journey().since.is_some()), (Status::PickedUp, true));
    assert_eq!(told.row("sent", [Some(8), Some(9), None]), Ok(0));
}

#[test]
fn a_state_beyond_the_times_is_one_event_of_unknown_time() {
    let mut told = Told::nothing();
    assert_eq!(told.row("done", [Some(8), Some(9), None]), Ok(3));
    let last = &told.shipment.events()[2];
    assert_eq!((last.id.as_str(), last.occurred_at), ("import:state:done", None));
    assert_eq!((last.movement, told.status()), (Movement::Forward, Status::Delivered));
    assert_eq!(told.row("done", [Some(8), Some(9), None]), Ok(0));
}

#[test]
fn a_state_that_the_times_contradict_is_a_correction() {
    let mut told = Told::nothing();
    assert_eq!(told.row("void", [Some(8), Some(9), Some(12)]), Ok(4));
    assert_eq!(
        (told.status(), told.shipment.events()[3].movement),
        (Status::Cancelled, Movement::Correction)
    );
    assert_eq!(told.row("void", [Some(8), Some(9), Some(12)]), Ok(0));
}

#[test]
fn a_row_that_has_changed_adds_what_changed() {
    let mut told = Told::nothing();
    assert_eq!(told.row("packing", [Some(8), None, None]), Ok(2));
    assert_eq!(told.row("sent", [Some(8), Some(9), None]), Ok(2), "the time, and that the state was told");
    assert_eq!(told.status(), Status::PickedUp);
    assert_eq!(told.row("sent", [Some(8), Some(9), None]), Ok(0));
    assert_eq!(told.row("sent", [Some(8), Some(10), None]), Ok(1), "a corrected time is another event");
    assert_eq!(told.row("done", [Some(8), Some(10), Some(12)]), Ok(2));
    assert_eq!((told.status(), told.row("done", [Some(8), Some(10), Some(12)])), (Status::Delivered, Ok(0)));
}

#[test]
fn a_state_that_comes_back_holds_again() {
    let mut told = Told::nothing();
    let times = [Some(8), None, None];
    for (state, status) in [
        ("packing", Status::Preparing),
        ("void", Status::Cancelled),
        ("packing", Status::Preparing),
        ("void", Status::Cancelled),
    ] {
        assert!(told.row(state, times).is_ok_and(|count| count > 0), "{state}");
        assert_eq!((told.status(), told.row(state, times)), (status, Ok(0)), "{state}");
    }
    assert!(told.shipment.events().iter().any(|event| event.id.as_str() == "import:state:void#2"));
}

#[test]
fn what_others_reported_meanwhile_is_not_taken_back_by_a_repeat() {
    for (state, times) in [("sent", [Some(8), Some(9), None]), ("packing", [Some(8), None, None])] {
        let mut told = Told::nothing();
        assert!(told.row(state, times).is_ok());
        told.report("scan-1", Status::OutForDelivery);
        assert_eq!((told.row(state, times), told.status()), (Ok(0), Status::OutForDelivery), "{state}");
    }
}

#[test]
fn a_word_that_means_nothing_is_kept_and_moves_nothing() {
    let mut told = Told::nothing();
    assert_eq!(told.row("odd", [Some(8), None, None]), Ok(2));
    assert_eq!((told.status(), told.row("odd", [Some(8), None, None])), (Status::Created, Ok(0)));
}

#[test]
fn a_time_in_the_future_may_contradict_the_state() {
    let mut told = Told::nothing();
    let plan = plan();
    let mut draft = draft_of(&plan, "sent", [Some(8), Some(9), Some(12)], 0);
    for event in &mut draft.timed {
        event.occurred_at = event.occurred_at.map(|at| Timestamp::from_millis(at.millis() * 2));
    }
    let stem = plan.state.as_ref().map(|state| &state.stem);
    assert_eq!(news(&draft, stem, &[], &plan.source, at(0)), Err(Contradiction::Future));
    assert_eq!(told.row("sent", [Some(8), Some(9), None]), Ok(2));
}

#[test]
fn an_empty_state_leaves_the_times_alone() {
    let mut told = Told::nothing();
    assert_eq!(told.row("", [Some(8), Some(9), None]), Ok(2));
    assert_eq!(told.row("", [None, None, None]), Ok(0));
}
