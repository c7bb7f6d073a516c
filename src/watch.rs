//! Follows one shipment for as long as its screen stands: carries out what [`crate::live`] orders, with
//! the browser's streams, requests and timers, and tells it what came of them. Dropping it ends
//! everything. Knows nothing of how a screen looks.

mod ask;
mod stream;

use std::cell::RefCell;
use std::rc::{Rc, Weak};

use doorstep_model::id::TrackingId;
use doorstep_model::screen::{Access, NoticeKind};
use doorstep_model::time::{Timestamp, Zone};
use doorstep_model::views::{PublicView, RecipientView};
use gloo_timers::callback::Timeout;
use leptos::prelude::*;

use crate::live::{Bell, Event, Link, Machine, Order, is_news};
use crate::place::Place;
use crate::{RECIPIENT, page, times, wire};
use ask::Answer;
use stream::{Listener, Stream};

/// What the screen shows.
#[derive(Clone, Debug)]
pub enum Shown {
    /// A shipment, as everybody sees it.
    Public(Box<PublicView>),
    /// A shipment, as its recipient sees it.
    Recipient(Box<RecipientView>),
    /// Why there is none.
    Notice(NoticeKind),
}

impl Shown {
    /// What `json` says, where it is a view for that audience.
    fn read(json: &str, recipient: bool) -> Option<Self> {
        Some(if RECIPIENT && recipient {
            Self::Recipient(Box::new(wire::read::<RecipientView>(json).ok()?))
        } else {
            Self::Public(Box::new(wire::read::<PublicView>(json).ok()?))
        })
    }

    /// Whether it is the recipient's.
    pub fn is_recipient(&self) -> bool {
        matches!(self, Self::Recipient(_))
    }

    /// The view's sequence, where there is one.
    pub fn sequence(&self) -> Option<u64> {
        match self {
            Self::Public(view) => Some(view.sequence),
            Self::Recipient(view) => Some(view.sequence),
            Self::Notice(_) => None,
        }
    }

    /// The zone of the delivery, to be changed for one that the browser knows.
    pub fn zone_mut(&mut self) -> Option<&mut Zone> {
        match self {
            Self::Public(view) => Some(&mut view.zone),
            Self::Recipient(view) => Some(&mut view.zone),
            Self::Notice(_) => None,
        }
    }
}

/// How the screen is connected.
#[derive(Clone, Copy, Debug)]
pub struct Connection {
    /// By which road.
    pub link: Link,
    /// When it last was; `None` before the first time.
    pub last: Option<Timestamp>,
    /// As whom.
    pub access: Access,
}

/// Follows one shipment.
pub struct Follower {
    id: TrackingId,
    place: Place,
    shown: RwSignal<Shown>,
    connection: RwSignal<Connection>,
    machine: RefCell<Machine>,
    stream: RefCell<Option<Stream>>,
    next: RefCell<Option<Timeout>>,
    hidden: RefCell<Option<Timeout>>,
    etag: RefCell<Option<String>>,
    listeners: RefCell<Vec<Listener>>,
}

impl Follower {
    /// Begins: with the view in `shown`, where there is one, or by asking for it.
    pub(crate) fn start(
        id: TrackingId,
        place: Place,
        shown: RwSignal<Shown>,
        connection: RwSignal<Connection>,
    ) -> Rc<Self> {
        let has_view = shown.read_untracked().sequence().is_some();
        let online = window().navigator().on_line();
        let (machine, orders) = Machine::start(has_view, online);
        if !has_view && !online {
            shown.set(Shown::Notice(NoticeKind::Offline));
            place.tell_notice(NoticeKind::Offline);
        }
        let follower = Rc::new(Self {
            id,
            place,
            shown,
            connection,
            machine: RefCell::new(machine),
            stream: RefCell::default(),
            next: RefCell::default(),
            hidden: RefCell::default(),
            etag: RefCell::default(),
            listeners: RefCell::default(),
        });
        follower.listen();
        follower.carry_out(orders);
        follower.report();
        follower
    }

    /// Tries again at once, because the viewer asks for it.
    pub fn retry(self: &Rc<Self>) {
        self.tell(Event::Retry);
    }

    fn listen(self: &Rc<Self>) {
        let on = |target: &web_sys::EventTarget, kind, event: fn() -> Event| {
            let follower = Rc::downgrade(self);
            Listener::new(target, kind, move |_| {
                if let Some(follower) = follower.upgrade() {
                    follower.tell(event());
                }
            })
        };
        let seen = || if document().hidden() { Event::Hidden } else { Event::Shown };
        *self.listeners.borrow_mut() = vec![
            on(&window(), "online", || Event::Online),
            on(&window(), "offline", || Event::Offline),
            on(&document(), "visibilitychange", seen),
        ];
    }

    fn tell(self: &Rc<Self>, event: Event) {
        let orders = self.machine.borrow_mut().on(event, times::now(), js_sys::Math::random());
        self.carry_out(orders);
        self.report();
    }

    fn carry_out(self: &Rc<Self>, orders: Vec<Order>) {
        for order in orders {
            match order {
                Order::Open => {
                    let recipient = self.is_recipient();
                    // Of a view for somebody else, every other is news.
                    let known = self.shown.read_untracked().is_recipient() == recipient;
                    let stream = Stream::open(&self.id, recipient, self.sequence().filter(|_| known), self);
                    *self.stream.borrow_mut() = stream;
                }
                Order::Close => *self.stream.borrow_mut() = None,
                Order::Ask => self.ask(),
                Order::Ring(bell, wait) => {
                    let follower = Rc::downgrade(self);
                    let ring = move || {
                        if let Some(follower) = follower.upgrade() {
                            follower.tell(Event::Rang(bell));
                        }
                    };
                    *self.timer(bell).borrow_mut() = Some(Timeout::new(wait, ring));
                }
                Order::Silence(bell) => *self.timer(bell).borrow_mut() = None,
            }
        }
    }

    fn ask(self: &Rc<Self>) {
        ask::spawn(&self.id, self.is_recipient(), self.etag.borrow().clone(), Rc::downgrade(self));
    }

    fn is_recipient(&self) -> bool {
        RECIPIENT && matches!(self.connection.get_untracked().access, Access::Open(_))
    }

    /// The session is over: goes on with what everybody sees, and shows nothing else meanwhile.
    pub fn leave(self: &Rc<Self>) {
        *self.stream.borrow_mut() = None;
        *self.etag.borrow_mut() = None;
        self.shown.set(Shown::Notice(NoticeKind::Loading));
        page::leave("own", &false.into());
        page::leave("view", &"".into());
        self.tell(Event::Broken { refused: false });
        self.ask();
    }

    /// The browser says only that a stream was refused; whether it was the session, a question tells.
    fn refused(self: &Rc<Self>) {
        if self.is_recipient() {
            self.ask();
        }
    }

    fn timer(&self, bell: Bell) -> &RefCell<Option<Timeout>> {
        match bell {
            Bell::Next => &self.next,
            Bell::Hidden => &self.hidden,
        }
    }

    /// Tells the screen how it is connected; only where that changed.
    fn report(&self) {
        let link = self.machine.borrow().link();
        let was = self.connection.get_untracked();
        if link != was.link {
            let connected = |link| matches!(link, Link::Live | Link::Polling);
            let last = if connected(was.link) && !connected(link) {
                Some(times::timestamp(times::now()))
            } else {
                was.last
            };
            self.connection.set(Connection { link, last, ..was });
        }
        self.place.mark(link, self.sequence());
    }

    fn sequence(&self) -> Option<u64> {
        self.shown.read_untracked().sequence()
    }

    /// A view as JSON from the stream.
    fn news(self: &Rc<Self>, json: &str) {
        if let Some(shown) = Shown::read(json, self.is_recipient()) {
            self.show(shown, json);
            self.tell(Event::Opened);
        }
    }

    /// Shows `next`, which came as `json`, where it is news.
    fn show(&self, mut next: Shown, json: &str) {
        let was = self.shown.read_untracked();
        let news = was.is_recipient() != next.is_recipient()
            || next.sequence().is_some_and(|sequence| is_news(was.sequence(), sequence));
        drop(was);
        if news {
            if let Some(zone) = next.zone_mut() {
                *zone = times::known(zone.clone());
            }
            page::leave("own", &next.is_recipient().into());
            page::leave("view", &json.into());
            self.shown.set(next);
            self.place.tell(json);
        }
    }

    fn answered(self: &Rc<Self>, answer: Answer) {
        let event = match answer {
            // Whoever was asked for the recipient may have left meanwhile.
            Answer::View(view, _) if view.is_recipient() && !self.is_recipient() => return,
            Answer::View(view, reply) => {
                self.show(*view, &reply.text);
                *self.etag.borrow_mut() = reply.etag;
                Event::Answered
            }
            Answer::Over => {
                if self.is_recipient() {
                    self.connection
                        .set(Connection { access: Access::Ended, ..self.connection.get_untracked() });
                }
                return;
            }
            Answer::Unchanged => Event::Answered,
            Answer::Gone => {
                self.shown.set(Shown::Notice(NoticeKind::NotFound));
                self.place.tell_notice(NoticeKind::NotFound);
                Event::Gone
            }
            Answer::Refused(kind, wait) => {
                if self.sequence().is_none() {
                    self.shown.set(Shown::Notice(kind));
                    self.place.tell_notice(kind);
                }
                Event::Unanswered(wait)
            }
        };
        self.tell(event);
    }
}

/// A follower that may have ended since.
type Reader = Weak<Follower>;
