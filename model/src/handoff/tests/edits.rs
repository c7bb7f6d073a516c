//! Edits of preferences: versions, repeats, the cut-off, receipts, and the code that excludes a choice.

use super::{at, comment, confirming, contactless, does, event, refused, shipment, with_rules};
use crate::eta::{Eta, Window};
use crate::event::Event;
use crate::handoff::{Amended::*, Amendment, Refusal};
use crate::preferences::{Editor::*, Handover, Receipt};
use crate::rules::{CutOff, Rules};
use crate::shipment::Shipment;
use crate::status::Status::{self, *};
use crate::time::Timestamp;

fn standing(shipment: &Shipment) -> (Option<&str>, u32, Receipt) {
    let kept = shipment.handoff().preferences.comment.as_ref().unwrap_or_else(|| panic!("no comment"));
    (kept.value.as_ref().map(|text| text.as_str()), kept.version, kept.receipt)
}

#[test]
fn an_edit_holds_and_its_repeat_changes_nothing() {
    let mut shipment = shipment(InTransit);
    assert_eq!(does(&mut shipment, comment("ring twice", 0, "e1", Recipient)), Taken);
    assert_eq!(standing(&shipment), (Some("ring twice"), 1, Receipt::Saved));
    let sequence = shipment.sequence();
    assert_eq!(does(&mut shipment, comment("ring twice", 0, "e1", Recipient)), Unchanged);
    assert_eq!((standing(&shipment).1, shipment.sequence()), (1, sequence));
}

#[test]
fn who_has_not_seen_what_stands_changes_nothing() {
    let mut shipment = shipment(InTransit);
    does(&mut shipment, comment("mine", 0, "e1", Recipient));
    assert_eq!(does(&mut shipment, comment("theirs", 0, "e2", Client)), refused(Refusal::Conflict));
    assert_eq!(does(&mut shipment, comment("from nowhere", 7, "e3", Client)), refused(Refusal::Conflict));
    assert_eq!(standing(&shipment), (Some("mine"), 1, Receipt::Saved));
    assert_eq!(does(&mut shipment, comment("theirs", 1, "e4", Client)), Taken);
    assert_eq!(does(&mut shipment, comment("", 2, "e5", Recipient)), Taken, "taken back");
    assert_eq!(standing(&shipment), (None, 3, Receipt::Saved));
}

#[test]
fn a_name_used_again_for_another_text_is_another_edit() {
    let mut shipment = shipment(InTransit);
    does(&mut shipment, comment("one", 0, "e1", Recipient));
    assert_eq!(does(&mut shipment, comment("two", 0, "e1", Recipient)), refused(Refusal::Conflict));
    assert_eq!(does(&mut shipment, comment("two", 1, "e1", Recipient)), Taken);
}

#[test]
fn the_cut_off_holds_the_recipient_and_the_end_holds_everybody() {
    let mut there = shipment(Arrived);
    assert_eq!(does(&mut there, comment("late", 0, "e1", Recipient)), refused(Refusal::CutOff));
    assert_eq!(does(&mut there, comment("told on the phone", 0, "e2", Client)), Taken);
    for end in [Delivered, Cancelled, Returning, Undeliverable] {
        let mut over = shipment(end);
        assert_eq!(does(&mut over, comment("late", 0, "e1", Client)), refused(Refusal::CutOff), "{end}");
    }
    let mut unplaced = shipment(Failed);
    assert_eq!(does(&mut unplaced, comment("mine", 0, "e1", Recipient)), refused(Refusal::CutOff));
    assert_eq!(does(&mut unplaced, comment("to be placed again", 0, "e2", Client)), Taken);
}

#[test]
fn a_repeat_after_the_cut_off_still_says_that_it_was_in_time() {
    let mut shipment = shipment(OutForDelivery);
    does(&mut shipment, comment("in time", 0, "e1", Recipient));
    shipment.record([event("there", 5, Arrived)]);
    assert_eq!(does(&mut shipment, comment("in time", 0, "e1", Recipient)), Unchanged);
}

fn announced(from: i64, minutes_before_window: Option<u16>) -> Shipment {
    let rules = Rules { cut_off: CutOff { status: Arrived, minutes_before_window }, ..Rules::default() };
    let mut shipment = with_rules(InTransit, rules);
    let told = event("eta", 1, InTransit);
    let eta = Eta {
        window: Window::Between { from: at(from), until: at(from + 30) },
        as_of: at(1),
        confidence: None,
        source: told.source.clone(),
        cause: None,
    };
    shipment.record([Event { eta: Some(eta), ..told }]);
    shipment
}

#[test]
fn a_cut_off_before_the_window_moves_with_the_window() {
    assert_eq!(announced(120, None).editing().until, None);
    let shipment = announced(120, Some(30));
    let editing = shipment.editing();
    assert_eq!((editing.until, editing.closed), (Some(at(90)), false));
    assert!(editing.is_open(at(90)));
    assert!(!editing.is_open(Timestamp::from_millis(at(90).millis() + 1)));
    let mut late = shipment.clone();
    let edit = |id| comment("text", 0, id, Recipient);
    assert_eq!(late.amend(edit("e1"), at(91)).0, refused(Refusal::CutOff));
    assert_eq!(announced(150, Some(30)).amend(edit("e2"), at(91)).0, Taken);
}

#[test]
fn a_cut_off_by_status_closes_from_that_status_on() {
    let closed = |cut_off, status| {
        let rules =
            Rules { cut_off: CutOff { status: cut_off, minutes_before_window: None }, ..Rules::default() };
        with_rules(status, rules).editing().closed
    };
    let ranked = Status::ALL.iter().copied().filter(|status| status.rank().is_some());
    for status in ranked.filter(|status| *status != Delivered) {
        assert_eq!(closed(OutForDelivery, status), status.rank() >= OutForDelivery.rank(), "{status}");
    }
    assert!(!closed(OutForDelivery, AttemptFailed), "for the next visit it may be changed");
}

#[test]
fn receipts_only_grow_and_only_for_the_version_that_stands() {
    let receipt =
        |version, receipt| Amendment::Receipts { comment: Some((version, receipt)), contactless: None };
    let mut shipment = shipment(InTransit);
    assert_eq!(does(&mut shipment, receipt(1, Receipt::Read)), Unchanged, "of nothing");
    does(&mut shipment, comment("one", 0, "e1", Recipient));
    assert_eq!(does(&mut shipment, receipt(1, Receipt::OnDevice)), Taken);
    assert_eq!(does(&mut shipment, receipt(1, Receipt::Passed)), Unchanged);
    assert_eq!(does(&mut shipment, receipt(1, Receipt::OnDevice)), Unchanged);
    assert_eq!(standing(&shipment), (Some("one"), 1, Receipt::OnDevice));
    does(&mut shipment, comment("two", 1, "e2", Recipient));
    assert_eq!(standing(&shipment), (Some("two"), 2, Receipt::Saved), "a new text has gone nowhere yet");
    assert_eq!(does(&mut shipment, receipt(1, Receipt::Read)), Unchanged, "that was the old text");
}

#[test]
fn a_code_and_leaving_it_exclude_each_other_where_the_tenant_says_so() {
    let mut excluding = shipment(InTransit);
    assert_eq!(does(&mut excluding, contactless(Handover::AtDoor)), refused(Refusal::Excluded));
    assert_eq!(does(&mut excluding, contactless(Handover::InPerson)), Taken);
    assert_eq!(does(&mut with_rules(InTransit, confirming()), contactless(Handover::AtDoor)), Taken);
}
