//! The page of one shipment: what is known of it now, whatever that is, kept up to date.

use std::cell::RefCell;
use std::rc::Rc;

use doorstep_model::id::TrackingId;
use doorstep_model::screen::{Access, Notice, NoticeKind, Screen};
use gloo_timers::callback::Interval;
use leptos::html::Article;
use leptos::prelude::*;

use super::recipient::Deed;
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

/// The screen of the shipment that is `named`.
pub(crate) fn tracking(named: &str, place: Place) -> AnyView {
    match TrackingId::parse(named) {
        Ok(id) => followed(id, place),
        Err(_) => plain(NoticeKind::NotFound, &place),
    }
}

fn followed(id: TrackingId, place: Place) -> AnyView {
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
    let retry = Callback::new(move |()| follower.with_value(Follower::retry));
    let words = place.words();
    let article = NodeRef::<Article>::new();
    let tree: Rc<RefCell<Option<Tree<Deed>>>> = Rc::default();
    Effect::new(move |_| {
        let Some(article) = article.get() else { return };
        place::speak(words);
        let mut grown = tree.borrow_mut();
        let tree_of = match grown.take().filter(|tree| tree.root().is_same_node(Some(&article))) {
            Some(tree) => tree,
            None => {
                if let Some(desk) = desk.filter(|_| RECIPIENT) {
                    recipient::listen(desk, &article, &tree);
                }
                Tree::new((*article).clone())
            }
        };
        draw(grown.insert(tree_of), desk, &place, &shown.read(), link.get());
    });
    let screen = move || match &*shown.read() {
        Shown::Notice(kind) => notice::notice(&Notice::of(*kind, words), Some(retry)).into_any(),
        _ => {
            let part = place::part("card");
            view! { <article class="shipment" part=part node_ref=article></article> }.into_any()
        }
    };
    screen.into_any()
}

/// Makes the article say what `shown` says now.
fn draw(tree: &mut Tree<Deed>, desk: Option<Desk>, place: &Place, shown: &Shown, link: Connection) {
    let (id, times) = match shown {
        Shown::Public(view) => (&view.tracking_id, ViewerTimes::new(&view.zone)),
        Shown::Recipient(view) if RECIPIENT => (&view.tracking_id, ViewerTimes::new(&view.zone)),
        Shown::Recipient(_) | Shown::Notice(_) => return,
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
        Shown::Recipient(_) | Shown::Notice(_) => return,
    };
    let _ = tree.root().set_attribute("data-tone", screen.tone.as_str());
    let connection = connection::line(link, &times);
    let panels = desk.filter(|_| RECIPIENT).and_then(|desk| recipient::panels(desk, shown, &times));
    tree.renew(shipment::shipment(Told { id, screen, connection, own_zone: times.is_own_zone() }, panels));
}

/// A notice that nothing will change.
pub(super) fn plain(kind: NoticeKind, place: &Place) -> AnyView {
    place.mark(Link::Connecting, None);
    place.tell_notice(kind);
    notice::notice(&Notice::of(kind, &WORDS), None).into_any()
}
