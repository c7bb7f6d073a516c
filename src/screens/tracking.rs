//! The page of one shipment: what is known of it now, whatever that is, kept up to date.

use doorstep_model::id::TrackingId;
use doorstep_model::screen::{Notice, NoticeKind, Screen};
use gloo_timers::callback::Interval;
use leptos::prelude::*;

use super::{connection, notice, shipment};
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
    let first = match page::found(&id) {
        Found::View(mut view) => {
            view.zone = times::known(view.zone);
            Shown::View(view)
        }
        Found::Nothing => return plain(NoticeKind::NotFound),
        Found::Unsaid => Shown::Notice(NoticeKind::Loading),
    };
    let shown = RwSignal::new(first);
    let link = RwSignal::new(Connection { link: Link::Connecting, last: None });
    let tick = RwSignal::new(());
    let follower = StoredValue::new_local(Follower::start(id, shown, link));
    let _ticking = StoredValue::new_local(Interval::new(TICK, move || tick.set(())));
    let retry = Callback::new(move |()| follower.with_value(Follower::retry));
    let screen = move || {
        tick.track();
        match &*shown.read() {
            Shown::View(view) => {
                let times = ViewerTimes::new(&view.zone);
                let screen = Screen::public(view, &WORDS, &times);
                let line = connection::line(link.get(), &times);
                shipment::shipment(&view.tracking_id, screen, line, times.is_own_zone()).into_any()
            }
            Shown::Notice(kind) => notice::notice(&Notice::of(*kind, &WORDS), Some(retry)).into_any(),
        }
    };
    screen.into_any()
}

/// A notice that nothing will change.
pub(super) fn plain(kind: NoticeKind) -> AnyView {
    page::mark(Link::Connecting, None);
    notice::notice(&Notice::of(kind, &WORDS), None).into_any()
}
