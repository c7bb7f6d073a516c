//! The rules of planning, one by one, without an engine.

mod interleaving;

use doorstep_model::event::Movement;
use doorstep_model::flags::FlagChange;
use doorstep_model::id::TrackingId;
use doorstep_model::shipment::Details;
use doorstep_model::status::Status;
use doorstep_model::text::Source;
use doorstep_model::time::Zone;

use super::*;
use crate::store::MAX_EVENTS;

const OURS: TenantId = TenantId(1);
const THEIRS: TenantId = TenantId(2);

fn id(text: &str) -> TrackingId {
    TrackingId::parse(text).unwrap()
}

fn event(name: &str) -> Event {
    Event {
        id: EventId::parse(name).unwrap(),
        occurred_at: Some(Timestamp::from_millis(1_000)),
        received_at: Timestamp::from_millis(2_000),
        source: Source::parse("test").unwrap(),
        source_word: None,
        language: None,
        status: Some(Status::InTransit),
        movement: Movement::Forward,
        reason: None,
        flags: FlagChange::default(),
        eta: None,
        place: None,
        note: None,
        courier: None,
        next: None,
    }
}

fn report(tracking_id: &str, events: &[&str]) -> Report {
    Report { tracking_id: id(tracking_id), events: events.iter().map(|name| event(name)).collect() }
}

fn record(reports: Vec<Report>) -> Change {
    Change::Record(OURS, reports)
}

fn create(tracking_id: &str, made_at: i64, once: Option<(&str, u8)>) -> Change {
    Change::Create(
        OURS,
        Box::new(NewShipment {
            tracking_id: id(tracking_id),
            details: Details::in_zone(Zone::utc()),
            created_at: Timestamp::from_millis(made_at),
            events: vec![event("first"), event("first")],
            once: once.map(|(key, print)| Once {
                client: ClientId(1),
                key: key.to_owned(),
                fingerprint: [print; 32],
            }),
        }),
    )
}

/// A store that holds shipment `a` of ours with one event, `old`.
fn known() -> Known {
    let details = Details::in_zone(Zone::utc());
    let shipment = Shipment::new(id("A"), details, Timestamp::from_millis(0), vec![event("old")], 2);
    let kept = Kept { row: 7, tenant: OURS, shipment: Arc::new(shipment) };
    Known { shipments: HashMap::from([("a".to_owned(), Ok(kept))]), next_row: 8, ..Known::default() }
}

fn taken(answer: &Result<Answer, StoreError>) -> Vec<Vec<&str>> {
    match answer {
        Ok(Answer::Recorded(Recording::Recorded(parts))) => {
            parts.iter().map(|part| part.taken.iter().map(EventId::as_str).collect()).collect()
        }
        other => panic!("{other:?}"),
    }
}

#[test]
fn later_changes_of_a_group_build_on_earlier_ones() {
    let plan = plan(
        known(),
        vec![
            record(vec![report("a", &["old", "x", "x"])]),
            record(vec![report("A", &["x", "y"]), report("a", &["y", "z"])]),
        ],
    );
    assert_eq!(taken(&plan.answers[0]), [["x"]]);
    assert_eq!(taken(&plan.answers[1]), [["y"], ["z"]]);
    let written: Vec<_> = plan.events.iter().map(|(row, n, event)| (*row, *n, event.id.as_str())).collect();
    assert_eq!(written, [(7, 3, "x"), (7, 4, "y"), (7, 5, "z")]);
    assert_eq!(plan.changed.len(), 1);
    assert_eq!(plan.changed[0].shipment.sequence(), 5);
    assert_eq!(plan.changed[0].shipment.events().len(), 4);
}

#[test]
fn a_change_that_fails_its_own_rules_leaves_no_trace_and_disturbs_no_other() {
    let many: Vec<String> = (0..MAX_EVENTS).map(|n| format!("n{n}")).collect();
    let many: Vec<&str> = many.iter().map(String::as_str).collect();
    let plan = plan(
        known(),
        vec![
            record(vec![report("a", &["x"]), report("a", &many), report("a", &["x"]), report("a", &["y"])]),
            record(vec![report("a", &["y"]), report("nowhere", &["y"])]),
            Change::Record(THEIRS, vec![report("a", &["w"])]),
            record(vec![report("a", &["x"])]),
        ],
    );
    let failed = format!("{:?}", &plan.answers[..3]);
    assert_eq!(
        failed,
        "[Ok(Recorded(Full([1, 3]))), Ok(Recorded(Unknown([1]))), Ok(Recorded(Unknown([0])))]"
    );
    assert_eq!(taken(&plan.answers[3]), [["x"]]);
    assert_eq!(plan.events.len(), 1);
}

#[test]
fn a_full_shipment_still_answers_repeats() {
    let mut known = known();
    let events: Vec<_> = (0..MAX_EVENTS).map(|n| event(&format!("n{n}"))).collect();
    let details = Details::in_zone(Zone::utc());
    let full = Shipment::new(id("a"), details, Timestamp::from_millis(0), events, 1 + MAX_EVENTS as u64);
    let kept = Kept { row: 7, tenant: OURS, shipment: Arc::new(full) };
    known.shipments.insert("a".to_owned(), Ok(kept));
    let plan = plan(known, vec![record(vec![report("a", &["n1"])]), record(vec![report("a", &["more"])])]);
    assert_eq!(taken(&plan.answers[0]), [[""; 0]]);
    assert!(matches!(&plan.answers[1], Ok(Answer::Recorded(Recording::Full(full))) if full == &[0]));
    assert!(plan.is_empty());
}

#[test]
fn a_creation_is_answered_as_created_whatever_follows_in_its_group() {
    let plan = plan(
        known(),
        vec![
            create("b", 0, Some(("k", 1))),
            record(vec![report("B", &["first", "next"])]),
            create("c", 5, Some(("k", 1))),
            create("c", 5, Some(("k", 2))),
            create("B", 5, None),
        ],
    );
    for answer in [&plan.answers[0], &plan.answers[2]] {
        let (Ok(Answer::Created(Creation::Created(shipment)))
        | Ok(Answer::Created(Creation::Repeated(shipment)))) = answer
        else {
            panic!("{answer:?}")
        };
        assert_eq!((shipment.tracking_id().as_str(), shipment.sequence()), ("b", 2));
    }
    assert_eq!(taken(&plan.answers[1]), [["next"]]);
    assert!(matches!(plan.answers[3], Ok(Answer::Created(Creation::KeyReused))));
    assert!(matches!(plan.answers[4], Ok(Answer::Created(Creation::Taken))));
    assert_eq!((plan.created.len(), plan.created[0].row, plan.changed.len()), (1, 8, 0));
    assert_eq!(plan.created[0].shipment.sequence(), 3);
    let written: Vec<_> = plan.events.iter().map(|(_, n, event)| (*n, event.id.as_str())).collect();
    assert_eq!(written, [(2, "first"), (3, "next")]);
    assert_eq!(plan.once.len(), 1);
    assert_eq!(plan.once[0].3, 2);
}

#[test]
fn a_key_is_forgotten_after_its_time_and_not_before() {
    let day = |n: i64| vec![create("b", 0, Some(("k", 1))), create("c", n, Some(("k", 2)))];
    let before = plan(known(), day(ONCE_LASTS_MS - 1));
    assert!(matches!(before.answers[1], Ok(Answer::Created(Creation::KeyReused))));
    let after = plan(known(), day(ONCE_LASTS_MS));
    assert!(matches!(after.answers[1], Ok(Answer::Created(Creation::Created(_)))));
}

#[test]
fn a_row_that_does_not_read_back_fails_only_who_needs_it() {
    let mut known = known();
    known.shipments.insert("bad".to_owned(), Err("shipment row 9".to_owned()));
    let changes = vec![record(vec![report("bad", &["x"])]), record(vec![report("a", &["x"])]), Change::Check];
    let plan = plan(known, changes);
    assert!(matches!(&plan.answers[0], Err(StoreError::Corrupt(row)) if row == "shipment row 9"));
    assert_eq!(taken(&plan.answers[1]), [["x"]]);
    assert!(matches!(plan.answers[2], Ok(Answer::Checked)));
}
