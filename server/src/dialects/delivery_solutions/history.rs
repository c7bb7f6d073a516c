//! An order's history: its shipment's events, told in the original's words. Whatever moved the shipment stands in
//! it, whoever told it.

use doorstep_model::event::Event;

use super::desk::Opened;
use super::prose;
use super::status::{Word, told_reason};
use super::view;
use super::wire::answer::{EventReason, HistoryEntry, StatusHistory};
use crate::public_url::PublicUrl;

/// The history of an order.
pub(crate) fn of(opened: &Opened, base: &PublicUrl) -> StatusHistory {
    let mut order_status: Vec<HistoryEntry> = Vec::new();
    for event in opened.shipment.events() {
        let before = order_status.last().map(|entry| entry.status.as_str());
        order_status.extend(entry(opened, event, before));
    }
    StatusHistory {
        order_id: opened.document.id.clone(),
        tenant_id: opened.document.tenant.clone(),
        order_status,
        tracking_url: Some(view::tracking_url(opened, base)),
    }
}

/// An event as an entry; `None` for one that says nothing there, such as a new time of arrival. A remark stands
/// under the word that was told `before` it.
pub(crate) fn entry(opened: &Opened, event: &Event, before: Option<&str>) -> Option<HistoryEntry> {
    let heard = opened.document.heard.get(&event.id);
    let word = event.source_word.as_ref().map(|word| word.as_str());
    let ours = word.filter(|word| Word::parse(word).is_some());
    let meant = event.status.and_then(Word::of);
    let noted = heard.and_then(|heard| heard.note.clone());
    let remarked = before.filter(|_| event.note.is_some() || noted.is_some());
    let status = ours.or_else(|| meant.map(Word::as_str)).or(word).or(remarked)?;
    let known = event.reason.map(|reason| {
        let (code, title) = told_reason(reason);
        let note = event.note.as_ref().map(|note| note.as_str().to_owned());
        EventReason { code: Some(code), title: Some(title), note }
    });
    Some(HistoryEntry {
        status: status.to_owned(),
        updated_at: prose::write(event.at(), &opened.document.location.zone),
        note: noted.or_else(|| event.note.as_ref().map(|note| note.as_str().to_owned())),
        status_user: event.source.as_str().to_owned(),
        event_reason: heard.and_then(|heard| heard.reason.clone()).or(known),
        sub_status: heard.and_then(|heard| heard.sub_status.clone()),
    })
}
