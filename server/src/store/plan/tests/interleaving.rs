//! The law of interleaving: however events and amendments are cut into groups, each is decided on what the
//! ones before it left, and what is written gives the same shipment back.

use doorstep_model::code::{DeliveryCode, Digits, Drawn};
use doorstep_model::handoff::Handoff;
use doorstep_model::id::EditId;
use doorstep_model::preferences::{Edit, Editor};
use doorstep_model::text::Comment;
use proptest::prelude::*;

use super::*;

/// What is told or asked next.
#[derive(Clone, Debug)]
enum Step {
    Events(Vec<u8>),
    Comment { base: u32, name: u8 },
    CodeTried { right: bool },
    CodeRevealed,
    CodeUnlocked,
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        3 => prop::collection::vec(0..12u8, 0..5).prop_map(Step::Events),
        2 => (0..4u32, 0..6u8).prop_map(|(base, name)| Step::Comment { base, name }),
        2 => any::<bool>().prop_map(|right| Step::CodeTried { right }),
        1 => Just(Step::CodeRevealed),
        1 => Just(Step::CodeUnlocked),
    ]
}

/// Steps, each with whether a new group begins with it.
fn steps() -> impl Strategy<Value = Vec<(bool, Step)>> {
    prop::collection::vec((prop::bool::weighted(0.3), step()), 1..30)
}

/// The event of a number: always the same. Number 11 is the one that the right code tells.
fn numbered(number: u8) -> Event {
    let status = match number {
        0..6 => Status::OutForDelivery,
        6 => Status::AttemptFailed,
        11 => Status::Delivered,
        _ => Status::InTransit,
    };
    let at = Timestamp::from_millis(1_000 + i64::from(number) * 37 % 5);
    Event { status: Some(status), occurred_at: Some(at), ..event(&format!("n{number}")) }
}

fn amendment(step: &Step) -> Option<Amendment> {
    Some(match step {
        Step::Events(_) => return None,
        Step::Comment { base, name } => Amendment::Comment(Edit {
            value: Some(Comment::parse(&format!("text {name}")).unwrap()),
            base: *base,
            id: EditId::parse(&format!("edit-{name}")).unwrap(),
            by: Editor::Recipient,
        }),
        Step::CodeTried { right } => {
            let completes = Box::new(numbered(11));
            Amendment::CodeTried { version: 1, right: *right, completes }
        }
        Step::CodeRevealed => Amendment::CodeRevealed,
        Step::CodeUnlocked => Amendment::CodeUnlocked,
    })
}

fn details() -> Details {
    let drawn = Drawn { digits: Digits::new(4).unwrap(), sealed: String::new(), salt: [1; 16] };
    let handoff = Handoff { code: Some(DeliveryCode::new(drawn)), ..Handoff::default() };
    Details { handoff, ..Details::in_zone(Zone::utc()) }
}

/// When every amendment is asked for.
fn now() -> Timestamp {
    Timestamp::from_millis(9_000)
}

/// When the shipment was created.
fn made() -> Timestamp {
    Timestamp::from_millis(0)
}

/// What an engine holds: the rows, and the shipment as a cache may hold it.
struct Engine {
    events: Vec<(u64, Event)>,
    handoff: Option<Handoff>,
    kept: Option<Kept>,
}

impl Engine {
    fn commit(&mut self, mut changes: Vec<Change>) -> Vec<Result<Answer, StoreError>> {
        let mut known = Known { next_row: 7, ..Known::default() };
        match &self.kept {
            Some(kept) => drop(known.shipments.insert("a".to_owned(), Ok(kept.clone()))),
            None => {
                let new = NewShipment {
                    tracking_id: id("a"),
                    details: details(),
                    created_at: made(),
                    events: vec![numbered(0), numbered(7)],
                    once: None,
                };
                changes.insert(0, Change::Create(OURS, Box::new(new)));
            }
        }
        let is_new = self.kept.is_none();
        let plan = plan(known, changes);
        self.events.extend(plan.events.into_iter().map(|(_, sequence, event)| (sequence, event)));
        assert!(plan.amended.len() <= 1);
        for (_, shipment) in plan.amended {
            self.handoff = Some(shipment.handoff().clone());
        }
        let kept = plan.created.into_iter().chain(plan.changed).chain(plan.unchanged).next();
        self.kept = kept.or(self.kept.take());
        plan.answers.into_iter().skip(usize::from(is_new)).collect()
    }

    /// The shipment as it reads back from the rows.
    fn read_back(&self) -> Shipment {
        let events = self.events.iter().map(|(_, event)| event.clone()).collect();
        let sequence = self.kept.as_ref().unwrap().shipment.sequence();
        Shipment::new(id("a"), details(), made(), events, sequence).with_handoff(self.handoff.clone())
    }
}

proptest! {
    #[test]
    fn any_grouping_decides_as_one_after_the_other(steps in steps()) {
        let mut model = Shipment::new(id("a"), details(), made(), Vec::new(), 1);
        model.record([numbered(0), numbered(7)]);
        let mut engine = Engine { events: Vec::new(), handoff: None, kept: None };
        let mut group = Vec::new();
        let mut expected = Vec::new();
        let mut at = steps.into_iter().peekable();
        while let Some((_, step)) = at.next() {
            match amendment(&step) {
                Some(amendment) => {
                    let (amended, _) = model.amend(amendment.clone(), now());
                    expected.push(format!("{amended:?}"));
                    group.push(Change::Amend(OURS, Box::new(Amend { id: id("A"), amendment, at: now() })));
                }
                None => {
                    let Step::Events(numbers) = step else { continue };
                    let events: Vec<Event> = numbers.into_iter().map(numbered).collect();
                    expected.push(format!("{:?}", model.record(events.clone())));
                    group.push(record(vec![Report { tracking_id: id("a"), events }]));
                }
            }
            if at.peek().is_none_or(|(begins, _)| *begins) {
                let answers = engine.commit(std::mem::take(&mut group));
                let decided = answers.iter().map(|answer| match answer {
                    Ok(Answer::Amended(Some(done))) => format!("{:?}", done.amended),
                    Ok(Answer::Recorded(Recording::Recorded(parts))) => format!("{:?}", parts[0].taken),
                    other => panic!("{other:?}"),
                });
                prop_assert_eq!(decided.collect::<Vec<_>>(), std::mem::take(&mut expected));
                prop_assert_eq!(&engine.read_back(), &model);
                prop_assert_eq!(&*engine.kept.as_ref().unwrap().shipment, &model);
                let sequences: Vec<u64> = engine.events.iter().map(|(sequence, _)| *sequence).collect();
                prop_assert!(sequences.is_sorted_by(|a, b| a < b), "{:?}", sequences);
                prop_assert!(sequences.iter().all(|sequence| *sequence <= model.sequence()));
            }
        }
    }
}
