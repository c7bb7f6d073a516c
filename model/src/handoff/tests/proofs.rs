//! Proofs of delivery and the recipient's answer to the courier's photo.

use super::{at, confirming, contactless, does, event, refused, shipment, with_rules};
use crate::code::Settlement;
use crate::handoff::{Amended::*, Amendment, MOST_PROOFS, Refusal};
use crate::preferences::Handover;
use crate::proof::{Proof, ProofKind};
use crate::shipment::{PhotoToConfirm, Shipment};
use crate::status::Status::*;
use crate::text::Reference;

fn proof(kind: ProofKind, name: &str, told: i64) -> Proof {
    let reference = Reference::parse(name).unwrap_or_else(|e| panic!("{e}"));
    Proof { kind, reference, taken_at: at(told), told_at: at(told), picture: true, place: None }
}

fn photo(name: &str, told: i64) -> Amendment {
    Amendment::ProofTaken(proof(ProofKind::Photo, name, told))
}

fn answer(number: u32, mine: bool) -> Amendment {
    let status = if mine { Delivered } else { Exception };
    let event = Box::new(event("answer", 12, status));
    Amendment::PhotoAnswered { proof: number, mine, event }
}

/// At the door, to be left there, with a photo told at minute 5; to be answered within 15 minutes.
fn asked() -> Shipment {
    let mut shipment = with_rules(OutForDelivery, confirming());
    assert_eq!(does(&mut shipment, contactless(Handover::AtDoor)), Taken);
    shipment.record([event("there", 1, Arrived)]);
    assert_eq!(does(&mut shipment, photo("p1", 5)), Taken);
    shipment
}

#[test]
fn a_proof_told_twice_is_one_proof_whenever_it_says_it_was_taken() {
    let mut shipment = shipment(Arrived);
    assert_eq!(does(&mut shipment, photo("p1", 5)), Taken);
    assert_eq!(does(&mut shipment, photo("p1", 9)), Unchanged);
    let signature = Amendment::ProofTaken(proof(ProofKind::Signature, "p1", 9));
    assert_eq!(does(&mut shipment, signature), Taken, "another kind");
    assert_eq!(shipment.handoff().proofs.len(), 2);
}

#[test]
fn proofs_have_an_end() {
    let mut shipment = shipment(Arrived);
    for number in 0..MOST_PROOFS {
        assert_eq!(does(&mut shipment, photo(&format!("p{number}"), 5)), Taken);
    }
    assert_eq!(does(&mut shipment, photo("one more", 5)), refused(Refusal::Full));
    assert_eq!(does(&mut shipment, photo("p0", 5)), Unchanged, "a repeat is no more");
}

#[test]
fn a_yes_releases_the_code_and_completes_the_last_step() {
    let mut shipment = asked();
    assert_eq!(shipment.photo_to_confirm(), Some(PhotoToConfirm { proof: 1, until: at(20) }));
    let (amended, told) = shipment.amend(answer(1, true), at(20));
    assert_eq!((amended, told.is_some()), (Taken, true));
    assert_eq!(shipment.journey().status, Delivered);
    let settled = shipment.handoff().code.as_ref().and_then(|code| code.settled);
    assert_eq!(settled, Some((Settlement::Released, at(20))));
    assert_eq!(shipment.amend(answer(1, true), at(21)), (Unchanged, None));
    assert_eq!(does(&mut shipment, answer(1, false)), refused(Refusal::TooLate));
}

#[test]
fn an_answer_after_the_deadline_releases_nothing() {
    let mut shipment = asked();
    assert_eq!(shipment.amend(answer(1, true), at(21)), (refused(Refusal::TooLate), None));
    assert_eq!(shipment.journey().status, Arrived);
    assert!(shipment.handoff().code.as_ref().is_some_and(|code| code.settled.is_none()));
}

#[test]
fn after_a_no_another_photo_is_asked_about_anew() {
    let mut shipment = asked();
    assert_eq!(does(&mut shipment, answer(1, false)), Taken);
    assert_eq!(shipment.photo_to_confirm(), None);
    shipment.record([event("back", 13, Arrived)]);
    assert_eq!(does(&mut shipment, photo("p2", 14)), Taken);
    assert_eq!(shipment.photo_to_confirm(), Some(PhotoToConfirm { proof: 2, until: at(29) }));
    assert_eq!(does(&mut shipment, answer(1, true)), refused(Refusal::TooLate), "a no is a no");
    assert_eq!(does(&mut shipment, answer(2, true)), Taken);
}

#[test]
fn nobody_is_asked_without_a_photo_a_choice_and_a_code_at_work() {
    assert_eq!(does(&mut asked(), answer(0, true)), refused(Refusal::NoProof));
    assert_eq!(does(&mut asked(), answer(2, true)), refused(Refusal::NoProof));
    let mut met = with_rules(Arrived, confirming());
    does(&mut met, photo("p1", 5));
    assert_eq!(met.photo_to_confirm(), None, "it is handed over");
    let mut unseen = with_rules(OutForDelivery, confirming());
    does(&mut unseen, contactless(Handover::AtReception));
    let picture_elsewhere = Proof { picture: false, ..proof(ProofKind::Photo, "p1", 5) };
    does(&mut unseen, Amendment::ProofTaken(picture_elsewhere));
    assert_eq!(unseen.photo_to_confirm(), None, "nobody can confirm what nobody sees");
    let mut over = asked();
    over.record([event("done", 8, Delivered)]);
    assert_eq!(over.photo_to_confirm(), None);
}
