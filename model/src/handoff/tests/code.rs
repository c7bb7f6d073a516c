//! The delivery code and the proofs of identity: when it is shown and tried, what locks, who unlocks.

use super::{at, confirming, does, drawn, event, refused, shipment, tried, with_rules};
use crate::code::{DeliveryCode, Digits, MOST_TRIES, REVEALS_LISTED, Settlement};
use crate::handoff::{Amended::*, Amendment, MOST_IDENTITY_TRIES, Refusal};
use crate::shipment::Shipment;
use crate::status::Status::{self, *};

fn code(shipment: &Shipment) -> &DeliveryCode {
    shipment.handoff().code.as_ref().unwrap_or_else(|| panic!("no code"))
}

#[test]
fn a_code_has_4_to_8_digits() {
    let fitting: Vec<u8> = (0..=u8::MAX).filter(|count| Digits::new(*count).is_ok()).collect();
    assert_eq!(fitting, [4, 5, 6, 7, 8]);
}

#[test]
fn what_is_sealed_is_not_printed() {
    let printed = format!("{:?}", DeliveryCode::new(drawn(1)));
    assert!(!printed.contains("sealed-1") && !printed.contains("salt"), "{printed}");
}

#[test]
fn the_code_is_shown_and_tried_only_while_the_courier_is_on_the_way_or_there() {
    for &status in Status::ALL {
        let expected = match status {
            OutForDelivery | Arrived | AvailableForPickup => Taken,
            Delivered | Undeliverable | Returning | Returned | Cancelled | Failed => {
                refused(Refusal::TooLate)
            }
            _ => refused(Refusal::TooEarly),
        };
        assert_eq!(does(&mut shipment(status), Amendment::CodeRevealed), expected, "{status}");
        assert_eq!(does(&mut shipment(status), tried(true)), expected, "{status}");
        assert_eq!(does(&mut shipment(status), tried(false)), expected, "{status}");
    }
}

#[test]
fn the_right_code_completes_the_last_step_once() {
    let mut shipment = shipment(Arrived);
    let (amended, told) = shipment.amend(tried(true), at(30));
    assert_eq!((amended, told.map(|event| event.status)), (Taken, Some(Some(Delivered))));
    assert_eq!(shipment.journey().status, Delivered);
    assert_eq!(code(&shipment).settled, Some((Settlement::Verified, at(30))));
    let sequence = shipment.sequence();
    assert_eq!(sequence, 4, "one for the code, one for the event");
    assert_eq!(shipment.amend(tried(true), at(31)), (Unchanged, None), "the courier's device asks twice");
    assert_eq!(does(&mut shipment, tried(false)), refused(Refusal::TooLate));
    assert_eq!(shipment.sequence(), sequence);
}

#[test]
fn five_wrong_codes_lock_and_only_staff_unlock() {
    let mut shipment = shipment(Arrived);
    for wrong in 1..=MOST_TRIES {
        assert_eq!(does(&mut shipment, tried(false)), Taken);
        assert_eq!(code(&shipment).wrong_tries, wrong);
    }
    assert_eq!(does(&mut shipment, tried(false)), refused(Refusal::Locked));
    assert_eq!(does(&mut shipment, tried(true)), refused(Refusal::Locked));
    assert_eq!(does(&mut shipment, Amendment::CodeRevealed), refused(Refusal::Locked));
    assert_eq!(shipment.journey().status, Arrived);
    assert_eq!(does(&mut shipment, Amendment::CodeUnlocked), Taken);
    assert_eq!(does(&mut shipment, Amendment::CodeUnlocked), Unchanged);
    assert_eq!(does(&mut shipment, tried(true)), Taken);
}

#[test]
fn another_code_is_drawn_before_the_last_step_only_and_forgives_nothing() {
    let mut shipment = shipment(OutForDelivery);
    does(&mut shipment, tried(false));
    assert_eq!(does(&mut shipment, Amendment::CodeReplaced(drawn(2))), refused(Refusal::TooLate));
    shipment.record([event("nobody", 20, AttemptFailed)]);
    assert_eq!(does(&mut shipment, Amendment::CodeReplaced(drawn(2))), Taken);
    assert_eq!((code(&shipment).version, code(&shipment).wrong_tries), (2, 1));
    shipment.record([event("again", 25, OutForDelivery)]);
    assert_eq!(does(&mut shipment, tried(true)), refused(Refusal::Replaced), "that was the old one");
    assert_eq!(code(&shipment).wrong_tries, 1);
}

#[test]
fn who_checks_the_code_tells_it_until_it_did_its_work() {
    let mut shipment = shipment(OutForDelivery);
    does(&mut shipment, tried(false));
    assert_eq!(does(&mut shipment, Amendment::CodeTold(drawn(2))), Taken, "also on the way to the door");
    assert_eq!((code(&shipment).version, code(&shipment).wrong_tries), (2, 1));
    shipment.record([event("done", 20, Delivered)]);
    assert_eq!(does(&mut shipment, Amendment::CodeTold(drawn(3))), refused(Refusal::TooLate));

    let mut without = with_rules(Arrived, confirming()).with_handoff(Some(Default::default()));
    assert_eq!(does(&mut without, Amendment::CodeTold(drawn(1))), Taken, "the first one");
    assert_eq!(code(&without).version, 1);
}

#[test]
fn each_reveal_is_counted_and_the_last_are_listed() {
    let mut shipment = shipment(OutForDelivery);
    for minute in 0..25 {
        assert_eq!(shipment.amend(Amendment::CodeRevealed, at(minute)).0, Taken);
    }
    assert_eq!((code(&shipment).reveals, code(&shipment).revealed_at.len()), (25, REVEALS_LISTED));
    assert_eq!(code(&shipment).revealed_at.first(), Some(&at(5)));
    assert_eq!(code(&shipment).revealed_at.last(), Some(&at(24)));
}

#[test]
fn the_words_of_the_handshake_are_two_and_change_with_the_visit() {
    let salt = [3, 3, 9, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 255, 255];
    for visit in 0..20 {
        let [first, second] = crate::handshake::words(&salt, visit);
        assert_ne!(first, second);
        assert_eq!(crate::handshake::words(&salt, visit + 8), [first, second]);
    }
    assert_ne!(crate::handshake::words(&salt, 0), crate::handshake::words(&salt, 1));
}

#[test]
fn five_wrong_proofs_of_identity_lock_and_right_ones_forgive_nothing() {
    let try_it = |right| Amendment::IdentityTried { right };
    let mut shipment = shipment(InTransit);
    for wrong in 0..MOST_IDENTITY_TRIES {
        assert_eq!(does(&mut shipment, try_it(true)), Unchanged, "after {wrong} wrong ones");
        assert_eq!(does(&mut shipment, try_it(false)), Taken);
    }
    assert!(shipment.handoff().identity_locked());
    assert_eq!(does(&mut shipment, try_it(true)), refused(Refusal::Locked));
    assert_eq!(does(&mut shipment, try_it(false)), refused(Refusal::Locked));
    assert_eq!(does(&mut shipment, Amendment::IdentityUnlocked), Taken);
    assert_eq!(does(&mut shipment, try_it(true)), Unchanged);
}

#[test]
fn without_a_code_there_is_nothing_to_try() {
    let mut shipment = with_rules(Arrived, confirming()).with_handoff(Some(Default::default()));
    for amendment in
        [tried(true), Amendment::CodeRevealed, Amendment::CodeReplaced(drawn(2)), Amendment::CodeUnlocked]
    {
        assert_eq!(does(&mut shipment, amendment), refused(Refusal::NoCode));
    }
}
