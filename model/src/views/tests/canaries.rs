//! Nobody sees what is not theirs (design, promise 2).

use super::{FixedDays, json, shipment};
use crate::views::{ClientEvent, ClientView, CourierView, PublicView, RecipientView, SupportView};

/// Every canary of the sample; compared without regard to case.
const CANARIES: [&str; 26] = [
    "canary-reference",
    "canaryfirst",
    "canarylast",
    "canary-phone",
    "canary-email",
    "canary-address",
    "firstcourier",
    "firstfamily",
    "first-phone",
    "canary-origin",
    "newcourierfirst",
    "newcourierlast",
    "newcourier-phone",
    "canary-comment",
    "canary-cash",
    "canary-receiverphone",
    "canary-scan",
    "canary-photo",
    "canary-proofplace",
    "canary-source",
    "canary-place",
    "canary-note",
    "canary-cause",
    "canary-id",
    "canary-unmapped",
    "14:10",
];

fn seen_in(view: &impl serde::Serialize) -> Vec<&'static str> {
    let text = json(view).to_lowercase();
    CANARIES.into_iter().filter(|canary| text.contains(canary)).collect()
}

#[test]
fn every_canary_is_planted() {
    let shipment = shipment();
    let events: Vec<_> = shipment.events().iter().map(ClientEvent::of).collect();
    assert_eq!(seen_in(&(ClientView::of(&shipment), events)), CANARIES, "the tenant sees all it told");
}

#[test]
fn the_public_view_holds_nothing_that_people_wrote() {
    assert_eq!(seen_in(&PublicView::of(&shipment(), &FixedDays)), [""; 0]);
}

#[test]
fn the_recipient_sees_first_names_and_no_contact_data() {
    let seen = seen_in(&RecipientView::of(&shipment()));
    let may_see = [
        "canaryfirst",
        "newcourierfirst",
        "canary-comment",
        "canary-cash",
        "canary-receiverphone",
        "canary-proofplace",
        "canary-source",
        "canary-place",
        "canary-note",
        "canary-cause",
        "14:10",
    ];
    assert_eq!(seen, may_see);
}

#[test]
fn the_courier_sees_the_recipient_and_how_it_is_wanted() {
    let seen = seen_in(&CourierView::of(&shipment()));
    let may_see = [
        "canaryfirst",
        "canarylast",
        "canary-phone",
        "canary-email",
        "canary-address",
        "canary-comment",
        "canary-cash",
        "canary-receiverphone",
        "14:10",
    ];
    assert_eq!(seen, may_see);
}

#[test]
fn support_sees_the_events_and_no_contact_data() {
    let seen = seen_in(&SupportView::of(&shipment()));
    let may_see = [
        "canaryfirst",
        "firstcourier",
        "newcourierfirst",
        "canary-source",
        "canary-place",
        "canary-note",
        "canary-cause",
        "canary-id",
        "canary-unmapped",
        "14:10",
    ];
    assert_eq!(seen, may_see);
}
