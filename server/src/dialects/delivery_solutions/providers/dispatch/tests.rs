//! The machine in virtual time: what each failure leads to, that every step told once more tells the same, and
//! that whatever providers answer it comes to an end.

use proptest::prelude::*;

use super::super::config::Estimate;
use super::super::money::Amount;
use super::*;
use crate::dialects::delivery_solutions::failure::Kind;

fn at(seconds: i64) -> Timestamp {
    Timestamp::from_millis(1_795_270_200_000 + seconds * 1_000)
}

fn offer(id: &str) -> Offer {
    Offer {
        provider: id.parse().unwrap(),
        name: id.to_owned(),
        shown: id.to_uppercase(),
        service: "delivery".to_owned(),
        service_type: "Delivery".to_owned(),
        currency_code: "USD".to_owned(),
        own: false,
        estimate: Estimate { amount: Amount::new(4.5).unwrap(), pickup_at: at(60), deliver_at: at(600) },
    }
}

fn offers(ids: &[&str]) -> Answers {
    Answers { ranked: ids.iter().map(|id| offer(id)).collect(), any: true, ..Answers::default() }
}

fn rules() -> Rules {
    Rules { attempts: 2, delay_seconds: 30, ..Rules::default() }
}

fn taken() -> Result<Placement, Failure> {
    Ok(Placement { reference: "X-1".to_owned(), tracking_url: None })
}

fn transient() -> Result<Placement, Failure> {
    Err(Failure::Transient("busy".to_owned()))
}

fn hard() -> Result<Placement, Failure> {
    Err(Failure::Hard("no".to_owned()))
}

fn steps(outcome: &Outcome) -> Vec<Step> {
    outcome.tells.iter().map(|tell| tell.step).collect()
}

fn begun(ids: &[&str]) -> Dispatch {
    let mut dispatch = Dispatch::default();
    assert_eq!(dispatch.begin(), None);
    let outcome = dispatch.estimated(offers(ids), &[], &rules(), at(0));
    assert_eq!((steps(&outcome), outcome.next), (vec![Step::EstimatesReceived], Next::Now));
    dispatch
}

#[test]
fn the_best_takes_it() {
    let mut dispatch = begun(&["a", "b"]);
    assert_eq!(dispatch.place(), "1-a");
    let outcome = dispatch.answered(taken(), &rules(), at(0));
    assert_eq!((steps(&outcome), &outcome.next), (vec![Step::Dispatched], &Next::Done));
    assert!(outcome.tells[0].at > at(0), "after the estimates, which were told at the same instant");
    let placed = dispatch.placed().unwrap();
    assert_eq!((placed.offer.provider.as_str(), placed.place.as_str()), ("a", "1-a"));
    let note = outcome.tells[0].note.as_deref().unwrap();
    assert_eq!(note, "Placed with A delivery, 4.50 USD, by 2026-11-21T14:20:00.000Z, number X-1");
}

#[test]
fn who_fails_is_tried_again_by_rule_and_then_the_next() {
    let mut dispatch = begun(&["a", "b"]);
    let first = dispatch.answered(transient(), &rules(), at(1));
    assert_eq!((steps(&first), &first.next), (vec![Step::PendingAutoretry], &Next::At(at(31))));
    assert_eq!(dispatch.place(), "1-a", "the same placement: it may have been heard");
    let second = dispatch.answered(transient(), &rules(), at(31));
    assert_eq!((steps(&second), &second.next), (vec![Step::PendingAutoretry], &Next::Now));
    assert_eq!(
        second.tells[0].note.as_deref(),
        Some("A did not take it: busy. Next: B delivery, 4.50 USD, by 2026-11-21T14:20:00.000Z")
    );
    assert_eq!(dispatch.place(), "1-b");
    let third = dispatch.answered(hard(), &rules(), at(32));
    assert_eq!(steps(&third), [Step::Failed]);
    let Next::Failed(trouble) = third.next else { panic!("{:?}", third.next) };
    assert_eq!((trouble.kind, trouble.errors.len()), (Kind::PlaceOrderFailed, 1));
    assert_eq!(dispatch.asked(&"a".parse().unwrap()).placements, 2);
    assert_eq!(dispatch.phase(), Phase::Failed);
}

#[test]
fn a_refusal_leads_to_the_next_at_once() {
    let mut dispatch = begun(&["a", "b"]);
    let outcome = dispatch.answered(hard(), &rules(), at(1));
    assert_eq!((steps(&outcome), outcome.next), (vec![Step::PendingAutoretry], Next::Now));
    assert_eq!(dispatch.at_hand().unwrap().provider.as_str(), "b");
}

#[test]
fn what_ends_it_is_told_as_the_table_says() {
    for (failure, kind) in [
        (Failure::Transient(String::new()), Kind::PlaceOrderFailed),
        (Failure::Hard(String::new()), Kind::PlaceOrderFailed),
        (Failure::Geocoding(String::new()), Kind::GeocodingFailed),
        (Failure::Unmapped(String::new()), Kind::Unmapped),
    ] {
        let once = Rules { attempts: 1, ..rules() };
        let mut dispatch = begun(&["a"]);
        let Next::Failed(trouble) = dispatch.answered(Err(failure.clone()), &once, at(1)).next else {
            panic!("{failure:?} did not end it")
        };
        assert_eq!(trouble.kind, kind);
    }
}

#[test]
fn no_offer_is_told_apart_by_its_cause() {
    let kind = |answers: Answers| {
        let mut dispatch = Dispatch::default();
        assert_eq!(dispatch.begin(), None);
        let outcome = dispatch.estimated(answers, &[], &rules(), at(0));
        match outcome.next {
            Next::Failed(trouble) => {
                assert_eq!(outcome.tells[0].step, Step::EstimatesFailed);
                Ok(trouble.kind)
            }
            next => Err(next),
        }
    };
    let passed = vec![Passed { shown: "A".to_owned(), why: super::super::carries::Misfit::Weight }];
    assert_eq!(kind(Answers::default()), Ok(Kind::NoProviderAssigned));
    assert_eq!(
        kind(Answers { any: true, passed: passed.clone(), ..Answers::default() }),
        Ok(Kind::NoProviderMatched)
    );
    let failed = |why| vec![Passed { shown: "B".to_owned(), why }];
    let hard = failed(Failure::Hard("no".to_owned()));
    assert_eq!(
        kind(Answers { any: true, passed, failed: hard, ..Answers::default() }),
        Ok(Kind::PlaceOrderFailed)
    );
    let busy = failed(Failure::Transient("busy".to_owned()));
    assert_eq!(kind(Answers { any: true, failed: busy, ..Answers::default() }), Err(Next::At(at(30))));
}

#[test]
fn who_gives_it_back_is_not_asked_again() {
    let mut dispatch = begun(&["a"]);
    dispatch.answered(taken(), &rules(), at(1));
    let outcome = dispatch.given_back(Some("van broke down"), at(50));
    assert_eq!((steps(&outcome), outcome.next), (vec![Step::Unassigned], Next::Now));
    assert!(dispatch.has_given_up(&"a".parse().unwrap()));
    assert_eq!((dispatch.phase(), dispatch.placed()), (Phase::Estimating, None));
    let twice = dispatch.given_back(None, at(51));
    assert_eq!((twice.tells, twice.next), (Vec::new(), Next::Done), "nobody has it");
}

proptest! {
    #[test]
    fn whatever_they_answer_it_ends_and_a_step_told_again_is_the_same(
        answers in prop::collection::vec(0u8..5, 60), attempts in 1u32..4,
    ) {
        let rules = Rules { attempts, delay_seconds: 30, ..Rules::default() };
        let mut dispatch = begun(&["a", "b", "c"]);
        let (mut now, mut told) = (at(0), 1_u32);
        let mut last = at(0);
        for answer in answers {
            let answer = || match answer {
                0 => taken(),
                1 => hard(),
                2 => Err(Failure::Geocoding("nowhere".to_owned())),
                3 => Err(Failure::Unmapped("?".to_owned())),
                _ => transient(),
            };
            // What was kept reads back, and the step that a crash lost is told as it was.
            let kept = serde_json::to_string(&dispatch).unwrap();
            let mut after_crash: Dispatch = serde_json::from_str(&kept).unwrap();
            prop_assert_eq!(&after_crash, &dispatch);
            let outcome = dispatch.answered(answer(), &rules, now);
            prop_assert_eq!(&after_crash.answered(answer(), &rules, now), &outcome);
            for tell in &outcome.tells {
                prop_assert!(tell.at > last);
                last = tell.at;
                told += 1;
            }
            match outcome.next {
                Next::Now => {}
                Next::At(then) => now = then,
                Next::Done => {
                    prop_assert_eq!(dispatch.phase(), Phase::Placed);
                    return Ok(());
                }
                Next::Failed(_) => {
                    prop_assert_eq!(dispatch.phase(), Phase::Failed);
                    prop_assert!(told <= 1 + 3 * attempts);
                    return Ok(());
                }
            }
        }
        prop_assert!(false, "it never ended");
    }
}
