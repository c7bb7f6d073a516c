//! Which events move the status and the step, and which only join the history.

use super::{
    because, clearing, correction, event, journey, setting, status_after, step_back, through, update,
};
use crate::event::Event;
use crate::flags::{Flag, Flags};
use crate::reason::Reason;
use crate::status::Status::{self, *};
use crate::status::Step;

#[test]
fn before_the_first_event_nothing_is_known() {
    let journey = journey(&[]);
    assert_eq!((journey.status, journey.step, journey.since), (Unknown, Step::Placed, None));
    assert_eq!((journey.heard_at, journey.flags), (None, Flags::NONE));
}

#[test]
fn a_journey_moves_forward_and_may_skip() {
    let order = [Created, Confirmed, PickedUp, InTransit, OutForDelivery, Arrived, Delivered];
    for end in 1..=order.len() {
        assert_eq!(status_after(&order[..end]), order[end - 1]);
    }
    assert_eq!(status_after(&[Created, Delivered]), Delivered);
}

#[test]
fn a_late_event_of_lower_rank_moves_nothing() {
    assert_eq!(status_after(&[OutForDelivery, InTransit]), OutForDelivery);
    let reached = journey(&through(&[InTransit, Preparing]));
    assert_eq!(
        (reached.status, reached.step, reached.since),
        (InTransit, Step::OnTheWay, Some(super::at(0)))
    );
}

#[test]
fn the_same_status_again_keeps_since_when() {
    let journey = journey(&through(&[InTransit, InTransit, InTransit]));
    assert_eq!(journey.since, Some(super::at(0)));
}

#[test]
fn an_explicit_step_back_holds_and_the_journey_goes_on_from_there() {
    let mut events = through(&[Created, CourierAssigned, AtPickup]);
    events.push(step_back(40, Confirmed));
    let back = journey(&events);
    assert_eq!((back.status, back.step, back.since), (Confirmed, Step::Placed, Some(super::at(40))));
    events.push(event(50, CourierAssigned));
    assert_eq!(journey(&events).status, CourierAssigned);
}

#[test]
fn a_side_status_holds_and_keeps_the_step() {
    for side in [AttemptFailed, Exception, Undeliverable, Returning, Returned, Cancelled] {
        let journey = journey(&through(&[Created, OutForDelivery, side]));
        assert_eq!((journey.status, journey.step), (side, Step::OnTheWay), "{side}");
    }
}

#[test]
fn after_an_exception_the_journey_goes_on_no_earlier_than_where_it_was() {
    assert_eq!(status_after(&[InTransit, Exception, Preparing]), Exception);
    assert_eq!(status_after(&[InTransit, Exception, InTransit]), InTransit);
    assert_eq!(status_after(&[InTransit, Exception, OutForDelivery]), OutForDelivery);
}

#[test]
fn the_try_after_a_failed_attempt_is_a_redelivery_and_no_step_back() {
    let events = through(&[OutForDelivery, Arrived, AttemptFailed, InTransit, OutForDelivery]);
    assert_eq!(journey(&events[..4]).status, InTransit);
    let again = journey(&events);
    assert_eq!(again.status, OutForDelivery);
    assert!(again.flags.has(Flag::Redelivery));
    assert!(!journey(&events[..2]).flags.has(Flag::Redelivery));
}

#[test]
fn what_was_packed_before_a_failed_attempt_stays_packed() {
    assert_eq!(status_after(&[OutForDelivery, AttemptFailed, Preparing]), AttemptFailed);
}

#[test]
fn failed_stands_at_placed_and_may_be_retried_into_created() {
    let failed = journey(&through(&[Created, Confirmed, Failed]));
    assert_eq!((failed.status, failed.step), (Failed, Step::Placed));
    assert_eq!(status_after(&[Created, Confirmed, Failed, Created]), Created);
}

#[test]
fn after_an_end_only_the_table_follows() {
    let followers: [(Status, &[Status]); 5] = [
        (Delivered, &[Returning, Returned]),
        (Cancelled, &[Returning, Returned]),
        (Undeliverable, &[Returning, Returned]),
        (Returning, &[Returned]),
        (Returned, &[]),
    ];
    for (end, may_follow) in followers {
        for &next in Status::ALL {
            let expected = if may_follow.contains(&next) { next } else { end };
            assert_eq!(status_after(&[end, next]), expected, "{end} then {next}");
        }
    }
}

#[test]
fn a_correction_holds_whatever_stood_before() {
    for &stood in Status::ALL {
        for &corrected in Status::ALL.iter().filter(|status| **status != Unknown) {
            let journey = journey(&[event(0, stood), correction(10, corrected)]);
            assert_eq!((journey.status, journey.since), (corrected, Some(super::at(10))), "{stood}");
        }
    }
}

#[test]
fn undeliverable_goes_out_again_only_by_redelivery() {
    let given_up = through(&[OutForDelivery, Arrived, Undeliverable]);
    let then = |next: Event| {
        let mut events = given_up.clone();
        events.push(next);
        journey(&events)
    };
    assert_eq!(then(event(40, OutForDelivery)).status, Undeliverable);
    assert_eq!(then(step_back(40, OutForDelivery)).status, OutForDelivery);
    let again = then(setting(&[Flag::Redelivery], event(40, OutForDelivery)));
    assert_eq!(again.status, OutForDelivery);
    assert!(again.flags.has(Flag::Redelivery));
}

#[test]
fn a_word_that_no_table_maps_moves_nothing_however_it_is_marked() {
    for unmapped in [event(10, Unknown), step_back(10, Unknown), correction(10, Unknown)] {
        assert_eq!(journey(&[event(0, InTransit), unmapped]).status, InTransit);
    }
}

#[test]
fn an_event_of_unknown_time_is_ordered_by_when_we_heard() {
    let told_late = Event { occurred_at: None, ..event(30, Cancelled) };
    let journey = journey(&[told_late, event(10, InTransit), event(40, Returned)]);
    assert_eq!(journey.status, Returned);
    let unknown_since = Event { occurred_at: None, ..event(30, Delivered) };
    assert_eq!(super::journey(&[unknown_since]).since, None);
}

#[test]
fn events_of_one_instant_go_by_rank() {
    let together = [
        Event { id: super::update(1).id, ..event(0, Delivered) },
        Event { id: super::update(2).id, ..event(0, Arrived) },
        Event { id: super::update(3).id, ..event(0, AttemptFailed) },
    ];
    assert_eq!(journey(&together).status, Delivered);
}

#[test]
fn the_last_word_heard_says_how_old_the_data_is() {
    let late = Event { received_at: super::at(500), ..event(0, Created) };
    assert_eq!(journey(&[late, event(10, InTransit)]).heard_at, Some(super::at(500)));
}

#[test]
fn flags_are_set_and_cleared_in_order_and_whatever_the_status_does() {
    let events = [
        setting(&[Flag::Delayed, Flag::ActionRequired], event(0, InTransit)),
        clearing(&[Flag::Delayed], update(10)),
        setting(&[Flag::Contactless], event(20, Preparing)),
    ];
    let flags: Vec<Flag> = journey(&events).flags.iter().collect();
    assert_eq!(flags, [Flag::ActionRequired, Flag::Contactless]);
}

#[test]
fn delivery_answers_every_question() {
    let events = [setting(&[Flag::ActionRequired], event(0, InTransit)), event(10, Delivered)];
    assert!(!journey(&events).flags.has(Flag::ActionRequired));
}

#[test]
fn a_reason_belongs_to_its_status() {
    let mut events =
        vec![event(0, OutForDelivery), because(Reason::RecipientAbsent, event(10, AttemptFailed))];
    assert_eq!(journey(&events).reason, Some(Reason::RecipientAbsent));
    events.push(event(20, OutForDelivery));
    assert_eq!(journey(&events).reason, None);
}

#[test]
fn a_delay_explains_itself_while_the_journey_goes_on() {
    let mut events = vec![
        event(0, PickedUp),
        because(Reason::Weather, setting(&[Flag::Delayed], update(10))),
        event(20, InTransit),
    ];
    assert_eq!(journey(&events).reason, Some(Reason::Weather));
    events.push(clearing(&[Flag::Delayed], update(30)));
    assert_eq!(journey(&events).reason, None);
    events.pop();
    events.push(event(30, Delivered));
    assert_eq!(journey(&events).reason, None, "what is over needs no excuse");
}

#[test]
fn the_reason_of_an_old_delay_does_not_explain_a_failed_attempt() {
    let events = [
        because(Reason::Weather, setting(&[Flag::Delayed], update(0))),
        event(10, OutForDelivery),
        event(20, AttemptFailed),
    ];
    assert_eq!(journey(&events).reason, None);
}
