//! The page of one shipment: what is known of it now, whatever that is, kept up to date.

use std::rc::Rc;

use doorstep_model::id::TrackingId;
use doorstep_model::screen::{Access, Notice, NoticeKind, Screen};
use gloo_timers::callback::Interval;
use leptos::prelude::*;

use super::recipient::{Part, nothing};
use super::shipment::Told;
use super::{connection, notice, recipient, shipment};
use crate::RECIPIENT;
use crate::hands::Desk;
use crate::live::Link;
use crate::page::{self, Found};
use crate::place::{self, Place, WORDS};
use crate::times::{self, ViewerTimes};
use crate::tree::Tree;
use crate::watch::{Connection, Follower, Shown};

/// How often "5 min ago" is said anew, in milliseconds.
const TICK: u32 = 15_000;

/// The screen of the shipment that is `named`, in `place`, for as long as its owner lives. Its elements are a
/// [`Tree`]'s and no view of Leptos, so that an embed carries no code for those.
pub(crate) fn tracking(named: &str, place: Place) {
    match TrackingId::parse(named) {
        Ok(id) => followed(id, place),
        Err(_) => plain(NoticeKind::NotFound, &place),
    }
}

fn followed(id: TrackingId, place: Place) {
    // The title of somebody else's page is not ours, and what stands in it is not for us.
    let found = if place::is_guest() {
        Found::Unsaid
    } else {
        document().set_title(&WORDS.page_title(id.as_str()));
        page::found(&id)
    };
    let mut first = match found {
        Found::Public(view) => Shown::Public(view),
        Found::Recipient(view) => Shown::Recipient(view),
        Found::Nothing => return plain(NoticeKind::NotFound, &place),
        Found::Unsaid => Shown::Notice(NoticeKind::Loading),
    };
    if let Some(zone) = first.zone_mut() {
        *zone = times::known(zone.clone());
    }
    let shown = RwSignal::new(first);
    let access = page::access();
    let link = RwSignal::new(Connection { link: Link::Connecting, last: page::kept_at(), access });
    let desk = RECIPIENT.then(|| Desk::new(id.clone(), shown, link));
    let follower = StoredValue::new_local(Follower::start(id, place.clone(), shown, link));
    let tick = move || match desk.filter(|_| RECIPIENT) {
        Some(desk) => desk.tick(),
        None => link.notify(),
    };
    let _ticking = StoredValue::new_local(Interval::new(TICK, tick));
    if let (Some(desk), Access::Open(_)) = (desk, access) {
        desk.begin();
        Effect::new(move |_| desk.viewed());
        Effect::new(move |left: Option<bool>| {
            let now = link.get();
            // What waits goes as soon as there is a network again.
            if now.link == Link::Live {
                desk.connected();
            }
            let leaves = !matches!(now.access, Access::Open(_));
            if leaves && left != Some(true) {
                follower.with_value(Follower::leave);
            }
            leaves
        });
    }
    let retry = Rc::new(move || follower.with_value(Follower::retry));
    let of = place.clone();
    let says = move || said(desk, &of, &shown.read(), link.get());
    keep(&place, desk, retry, Box::new(says));
}

/// Keeps the place's element like what `says` says, for as long as the screen stands.
fn keep(place: &Place, desk: Option<Desk>, retry: Rc<dyn Fn()>, says: Box<dyn Fn() -> Part>) {
    let tree = StoredValue::new_local(Tree::new(place.root().clone()));
    let words = place.words();
    Effect::new(move |_| {
        place::speak(words);
        let part = says();
        if let Some(Some(element)) = tree.try_update_value(|tree| tree.renew(part)) {
            if place::is_guest() {
                // Somebody else's style sheets know the whole by one name, whatever it shows.
                let _ = element.set_attribute("part", &["card ", &element.class_name()].concat());
            }
            recipient::listen(desk, Rc::clone(&retry), &element, tree);
        }
    });
}

/// What is said of what is `shown`.
fn said(desk: Option<Desk>, place: &Place, shown: &Shown, link: Connection) -> Part {
    let (id, times) = match shown {
        Shown::Public(view) => (&view.tracking_id, ViewerTimes::new(&view.zone)),
        Shown::Recipient(view) if RECIPIENT => (&view.tracking_id, ViewerTimes::new(&view.zone)),
        Shown::Recipient(_) => return nothing(),
        Shown::Notice(kind) => return notice::notice(&Notice::of(*kind, &WORDS)),
    };
    let screen = match shown {
        Shown::Recipient(view) if RECIPIENT => Screen::recipient(view, &WORDS, &times),
        Shown::Public(view) => {
            let mut screen = Screen::public(view, &WORDS, &times);
            if let Some(titles) = place.titles() {
                titles.name(&mut screen, view.status);
            }
            screen
        }
        Shown::Recipient(_) | Shown::Notice(_) => return nothing(),
    };
    let tone = screen.tone.as_str();
    let connection = connection::line(link, &times);
    let panels = desk.filter(|_| RECIPIENT).and_then(|desk| recipient::panels(desk, shown, &times));
    let told = Told { id, screen, connection, own_zone: times.is_own_zone() };
    Part::of("article", "shipment", shipment::shipment(told, panels)).with("data-tone", tone)
}

/// A notice that nothing will change.
pub(super) fn plain(kind: NoticeKind, place: &Place) {
    place.mark(Link::Connecting, None);
    place.tell_notice(kind);
    keep(place, None, Rc::new(|| ()), Box::new(move || notice::notice(&Notice::of(kind, &WORDS))));
}
