//! What the recipient reads about instructions, proofs and access.

use std::fmt::Write as _;

use super::WORDS;
use super::sample::{Noon, at, recipient};
use crate::eta::Window;
use crate::handoff::PhotoAnswer;
use crate::id::EditId;
use crate::preferences::{Editor, Preference, Receipt};
use crate::proof::ProofKind;
use crate::screen::*;
use crate::shipment::{Editing, PhotoToConfirm};
use crate::status::Status;
use crate::text::{Comment, Place};
use crate::views::RecipientProof;

fn deadline(closed: bool, closes: Status, until: Option<&str>) -> Deadline {
    let until = until.map(|until| at(&format!("2026-11-{until}Z")));
    Deadline::of(Editing { closed, closes, until }, &WORDS, &Noon)
}

#[test]
fn until_when_it_may_be_edited() {
    let mut table = String::new();
    let mut line = |deadline: Deadline| {
        let _ = writeln!(table, "{} {}", if deadline.open { "open " } else { "fixed" }, deadline.line);
    };
    for closes in
        [Status::PickedUp, Status::OutForDelivery, Status::Arrived, Status::Delivered, Status::InTransit]
    {
        line(deadline(false, closes, None));
    }
    for until in ["21T12:23:10", "21T12:00:30", "21T12:00:00", "21T13:40:00", "22T09:00:00", "24T09:00:00"] {
        line(deadline(false, Status::Arrived, Some(until)));
    }
    line(deadline(false, Status::Arrived, Some("21T11:40:00")));
    line(deadline(true, Status::Arrived, Some("21T11:40:00")));
    line(deadline(true, Status::Arrived, Some("21T15:00:00")));
    line(deadline(true, Status::Arrived, None));
    insta::assert_snapshot!(table);
}

#[test]
fn how_far_an_edit_has_come() {
    let stages = receipts(Receipt::OnDevice, &WORDS).map(|step| format!("{}: {}", step.label, step.spoken));
    assert_eq!(
        stages,
        [
            "Saved: done",
            "Passed to the carrier: done",
            "On the courier's device: current step",
            "Read by the courier: still to come"
        ]
    );
}

#[test]
fn what_cannot_be_chosen_says_why() {
    let help = |allowed, code| handovers(allowed, code, &WORDS).map(|option| (option.allowed, option.help));
    assert!(help(true, false).iter().all(|(allowed, _)| *allowed));
    let excluded = help(false, true);
    assert_eq!(excluded.map(|(allowed, _)| allowed), [true, false, false]);
    assert_eq!(excluded[1].1, WORDS.contactless_excluded());
    assert_eq!(help(true, true)[1], (true, WORDS.contactless_confirm()));
}

#[test]
fn who_edited_is_said() {
    let by = |edited_by| Preference::<Comment> {
        value: None,
        version: 1,
        edited_at: at("2026-11-21T11:00:00Z"),
        edited_by,
        edit: EditId::parse("e1").unwrap_or_else(|e| panic!("{e}")),
        receipt: Receipt::Saved,
    };
    assert_eq!(edited(&by(Editor::Client), &WORDS, &Noon), "Changed by the shop today at 12:00.");
    assert_eq!(edited(&by(Editor::Recipient), &WORDS, &Noon), "Written with this link today at 12:00.");
}

#[test]
fn characters_are_counted_against_the_most() {
    assert_eq!(counter(12, &WORDS).shown, "12 of 500");
    assert!(counter(500, &WORDS).fits);
    let over = counter(503, &WORDS);
    assert_eq!((over.fits, over.shown.as_str()), (false, "3 too many. A note has 500 characters at most."));
}

#[test]
fn a_saved_edit_can_be_undone_while_the_seconds_last() {
    assert_eq!(EditState::Saved(7).undo(&WORDS).as_deref(), Some("Undo (7 s)"));
    assert_eq!(EditState::Saved(0).undo(&WORDS), None);
    assert_eq!(EditState::Waiting.undo(&WORDS), None);
}

#[test]
fn a_proof_says_what_when_and_where() {
    let mut view = recipient(Status::Delivered, Window::Unknown);
    let proof = |kind, place: &str, picture| RecipientProof {
        kind,
        taken_at: at("2026-11-21T11:00:00Z"),
        place: Place::parse(place).ok(),
        picture,
    };
    view.proofs = vec![proof(ProofKind::Photo, "front door", true), proof(ProofKind::Signature, "", false)];
    let lines: Vec<_> = proofs(&view, &WORDS, &Noon).into_iter().map(|p| (p.number, p.line, p.alt)).collect();
    assert_eq!(
        lines,
        [
            (
                1,
                "Photo, taken today at 12:00, front door".to_owned(),
                Some("The courier's photo of the delivery")
            ),
            (2, "Signature, taken today at 12:00".to_owned(), None),
        ]
    );
}

#[test]
fn the_courier_photo_is_asked_about_in_time_and_answered_once() {
    let mut view = recipient(Status::Arrived, Window::Unknown);
    assert_eq!(PhotoQuestion::of(&view, &WORDS, &Noon), None);
    let mut said = |until: &str| {
        view.photo_to_confirm = Some(PhotoToConfirm { proof: 2, until: at(until) });
        let question = PhotoQuestion::of(&view, &WORDS, &Noon).unwrap_or_else(|| panic!("no question"));
        (question.open, question.lines.join(" "))
    };
    let open = "Is this your parcel at your place? Answer until today at 15:10. Your yes takes the place of the delivery code.";
    assert_eq!(said("2026-11-21T14:10:00Z"), (true, open.to_owned()));
    let passed = "The time to answer ended today at 12:59. The courier needs the code.";
    assert_eq!(said("2026-11-21T11:59:00Z"), (false, passed.to_owned()));
    view.photo_to_confirm = None;
    view.photo = Some(PhotoAnswer { proof: 2, mine: true, at: at("2026-11-21T11:00:00Z") });
    let answered = PhotoQuestion::of(&view, &WORDS, &Noon).map(|question| question.lines.join(" "));
    assert_eq!(answered.as_deref(), Some("You confirmed it today at 12:00."));
}

#[test]
fn access_that_is_none_says_nothing_of_why() {
    let line = |access: Access| access.line(&WORDS, &Noon);
    assert_eq!(line(Access::Public), None);
    let refused = line(Access::Refused).unwrap_or_default();
    assert!(refused.starts_with("This link no longer opens the details."), "{refused}");
    let until = Some(at("2026-11-24T11:00:00Z"));
    assert_eq!(
        line(Access::Open(until)).as_deref(),
        Some("Your link opens the details until Tuesday 24 November at 12:00.")
    );
}
