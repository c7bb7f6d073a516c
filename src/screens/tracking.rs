//! The page of one shipment: what is known of it now, whatever that is, kept up to date.

use doorstep_model::id::TrackingId;
use doorstep_model::screen::{Access, Notice, NoticeKind, Screen};
use gloo_timers::callback::Interval;
use leptos::prelude::*;

use super::shipment::Told;
use super::{connection, notice, recipient, shipment};
use crate::hands::Desk;
use crate::live::Link;
use crate::page::{self, Found, WORDS};
use crate::times::{self, ViewerTimes};
use crate::watch::{Connection, Follower, Shown};

/// How often "5 min ago" is said anew, in milliseconds.
const TICK: u32 = 15_000;

/// The screen of the shipment that the address names.
pub fn tracking(named: &str) -> AnyView {
    match TrackingId::parse(named) {
        Ok(id) => followed(id),
        Err(_) => plain(NoticeKind::NotFound),
    }
}

fn followed(id: TrackingId) -> AnyView {
    document().set_title(&WORDS.page_title(id.as_str()));
    let mut first = match page::found(&id) {
        Found::Public(view) => Shown::Public(view),
        Found::Recipient(view) => Shown::Recipient(view),
        Found::Nothing => return plain(NoticeKind::NotFound),
        Found::Unsaid => Shown::Notice(NoticeKind::Loading),
    };
    if let Some(zone) = first.zone_mut() {
        *zone = times::known(zone.clone());
    }
    let shown = RwSignal::new(first);
    let access = RwSignal::new(page::access());
    let link = RwSignal::new(Connection { link: Link::Connecting, last: None });
    let tick = RwSignal::new(());
    let desk = Desk::new(id.clone(), shown, access);
    let follower = StoredValue::new_local(Follower::start(id, shown, link, access));
    let _ticking = StoredValue::new_local(Interval::new(TICK, move || {
        tick.set(());
        desk.send_waiting();
    }));
    if let Access::Open(_) = access.get_untracked() {
        desk.begin();
        Effect::new(move |_| desk.viewed());
        // What waits goes as soon as the browser says that there is a network, and as soon as that is so.
        Effect::new(move |_| {
            if link.get().link == Link::Live {
                desk.send_waiting();
            }
        });
        Effect::new(move |_| {
            if matches!(access.get(), Access::Ended | Access::Disowned) {
                follower.with_value(Follower::leave);
            }
        });
    }
    let retry = Callback::new(move |()| follower.with_value(Follower::retry));
    let told = Memo::new(move |_| {
        tick.track();
        told(&shown.read(), link.get())
    });
    let panels = Memo::new(move |_| recipient::is_any(desk));
    let place = NodeRef::new();
    recipient::keep(desk, place, move || tick.track());
    let kind = Memo::new(move |_| match &*shown.read() {
        Shown::Notice(kind) => Some(*kind),
        _ => None,
    });
    let screen = move || match kind.get() {
        Some(kind) => notice::notice(&Notice::of(kind, &WORDS), Some(retry)).into_any(),
        None => shipment::shipment(told, panels, place),
    };
    screen.into_any()
}

/// What is to be said of `shown` now.
fn told(shown: &Shown, link: Connection) -> Option<Told> {
    let (id, times) = match shown {
        Shown::Public(view) => (&view.tracking_id, ViewerTimes::new(&view.zone)),
        Shown::Recipient(view) => (&view.tracking_id, ViewerTimes::new(&view.zone)),
        Shown::Notice(_) => return None,
    };
    let screen = match shown {
        Shown::Public(view) => Screen::public(view, &WORDS, &times),
        Shown::Recipient(view) => Screen::recipient(view, &WORDS, &times),
        Shown::Notice(_) => return None,
    };
    let connection = connection::line(link, &times);
    Some(Told { id: id.clone(), screen, connection, own_zone: times.is_own_zone() })
}

/// A notice that nothing will change.
pub(super) fn plain(kind: NoticeKind) -> AnyView {
    page::mark(Link::Connecting, None);
    notice::notice(&Notice::of(kind, &WORDS), None).into_any()
}
