//! What holds for any order of amendments by anybody: one winner a version, no right answer after the
//! lock, repeats that change nothing, a sequence that counts every change.

use proptest::prelude::*;

use super::{at, comment, drawn, event, shipment};
use crate::code::MOST_TRIES;
use crate::handoff::{Amended, Amendment, MOST_IDENTITY_TRIES};
use crate::preferences::{Editor, Receipt};
use crate::shipment::Shipment;
use crate::status::Status;

/// What somebody may do; kept apart from the amendment, so that it can be told twice.
#[derive(Clone, Debug)]
enum Act {
    Edit { text: u8, base: u32, id: u8, client: bool },
    Receive { version: u32, receipt: Receipt },
    TryCode { version: u32, right: bool },
    TryIdentity { right: bool },
    Reveal,
    Replace(u8),
    Tell(u8),
    Move(Status),
}

fn act() -> impl Strategy<Value = Act> {
    let movable = vec![Status::InTransit, Status::OutForDelivery, Status::Arrived, Status::AttemptFailed];
    prop_oneof![
        4 => (0_u8..3, 0_u32..5, 0_u8..4, any::<bool>())
            .prop_map(|(text, base, id, client)| Act::Edit { text, base, id, client }),
        2 => (0_u32..4, prop::sample::select(Receipt::ALL))
            .prop_map(|(version, receipt)| Act::Receive { version, receipt }),
        4 => (1_u32..3, prop::bool::weighted(0.1)).prop_map(|(version, right)| Act::TryCode { version, right }),
        3 => any::<bool>().prop_map(|right| Act::TryIdentity { right }),
        1 => Just(Act::Reveal),
        1 => (2_u8..5).prop_map(Act::Replace),
        1 => (5_u8..8).prop_map(Act::Tell),
        2 => prop::sample::select(movable).prop_map(Act::Move),
    ]
}

fn amendment(act: &Act, minute: i64) -> Option<Amendment> {
    Some(match act {
        Act::Edit { text, base, id, client } => {
            let by = if *client { Editor::Client } else { Editor::Recipient };
            comment(["", "left", "right"][usize::from(*text)], *base, &format!("e{id}"), by)
        }
        Act::Receive { version, receipt } => {
            Amendment::Receipts { comment: Some((*version, *receipt)), contactless: None }
        }
        Act::TryCode { version, right } => {
            let completes = Box::new(event("by-code", minute, Status::Delivered));
            Amendment::CodeTried { version: *version, right: *right, completes }
        }
        Act::TryIdentity { right } => Amendment::IdentityTried { right: *right },
        Act::Reveal => Amendment::CodeRevealed,
        Act::Replace(salt) => Amendment::CodeReplaced(drawn(*salt)),
        Act::Tell(salt) => Amendment::CodeTold(drawn(*salt)),
        Act::Move(_) => return None,
    })
}

fn carry_out(shipment: &mut Shipment, act: &Act, minute: i64) -> Option<Amended> {
    match (act, amendment(act, minute)) {
        (Act::Move(status), _) => {
            shipment.record([event(&format!("move-{minute}"), minute, *status)]);
            None
        }
        (_, amendment) => amendment.map(|amendment| shipment.amend(amendment, at(minute)).0),
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn whatever_is_done_in_whatever_order(acts in prop::collection::vec(act(), 0..40)) {
        let mut shipment = shipment(Status::OutForDelivery);
        for (act, minute) in acts.iter().zip(1..) {
            let before = shipment.clone();
            let done = carry_out(&mut shipment, act, minute);
            let (was, is) = (before.handoff(), shipment.handoff());

            match done {
                Some(Amended::Taken) => prop_assert!(shipment.sequence() > before.sequence()),
                Some(_) => prop_assert_eq!(&shipment, &before, "{:?} changed something", act),
                None => {}
            }
            let version = |of: &crate::handoff::Handoff| of.preferences.comment.as_ref().map_or(0, |c| c.version);
            if let (Act::Edit { base, .. }, Some(Amended::Taken)) = (act, done) {
                prop_assert_eq!((version(was), version(is)), (*base, base + 1), "one winner a version");
            } else {
                prop_assert_eq!(version(was), version(is));
            }
            let (code_was, code) = (was.code.as_ref(), is.code.as_ref());
            let tries = |code: Option<&crate::code::DeliveryCode>| code.map_or(0, |code| code.wrong_tries);
            prop_assert!(tries(code) >= tries(code_was) && tries(code) <= MOST_TRIES);
            prop_assert!(is.identity_tries >= was.identity_tries && is.identity_tries <= MOST_IDENTITY_TRIES);
            if code_was.is_some_and(|code| code.is_locked()) {
                prop_assert_eq!(code.and_then(|code| code.settled), code_was.and_then(|code| code.settled));
            }
            if was.identity_locked() && matches!(act, Act::TryIdentity { .. }) {
                prop_assert!(matches!(done, Some(Amended::Refused(_))));
            }

            // Edits, receipts and right codes may come twice; tries and reveals are counted each time.
            let repeatable = matches!(act, Act::Edit { .. } | Act::Receive { .. } | Act::TryCode { right: true, .. });
            if repeatable && done == Some(Amended::Taken) {
                let first = shipment.clone();
                prop_assert_eq!(carry_out(&mut shipment, act, minute), Some(Amended::Unchanged));
                prop_assert_eq!(&shipment, &first);
            }
        }
    }
}
