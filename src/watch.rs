//! Follows one shipment for as long as its screen stands: carries out what [`crate::live`] orders, with
//! the browser's streams, requests and timers, and tells it what came of them. Dropping it ends
//! everything. Knows nothing of how a screen looks.

mod ask;
mod stream;

use std::cell::RefCell;
use std::rc::{Rc, Weak};

use doorstep_model::id::TrackingId;
use doorstep_model::screen::NoticeKind;
use doorstep_model::time::Timestamp;
use doorstep_model::views::PublicView;
use gloo_timers::callback::Timeout;
use leptos::prelude::*;

use crate::live::{Bell, Event, Link, Machine, Order, is_news};
use crate::page;
use crate::{times, wire};
use ask::Answer;
use stream::{Listener, Stream};

/// What the screen shows.
#[derive(Clone, Debug)]
pub enum Shown {
    /// A shipment.
    View(Box<PublicView>),
    /// Why there is none.
    Notice(NoticeKind),
}

/// How the screen is connected.
#[derive(Clone, Copy, Debug)]
pub struct Connection {
    /// By which road.
    pub link: Link,
    /// When it last was; `None` before the first time.
    pub last: Option<Timestamp>,
}

/// Follows one shipment.
pub struct Follower {
    id: TrackingId,
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
    pub fn start(id: TrackingId, shown: RwSignal<Shown>, connection: RwSignal<Connection>) -> Rc<Self> {
        let has_view = matches!(&*shown.read_untracked(), Shown::View(_));
        let online = window().navigator().on_line();
        let (machine, orders) = Machine::start(has_view, online);
        if !has_view && !online {
            shown.set(Shown::Notice(NoticeKind::Offline));
        }
        let follower = Rc::new(Self {
            id,
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
                    let stream = Stream::open(&self.id, self.sequence(), self);
                    *self.stream.borrow_mut() = stream;
                }
                Order::Close => *self.stream.borrow_mut() = None,
                Order::Ask => ask::spawn(&self.id, self.etag.borrow().as_deref(), Rc::downgrade(self)),
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
            self.connection.set(Connection { link, last });
        }
        page::mark(link, self.sequence());
    }

    fn sequence(&self) -> Option<u64> {
        match &*self.shown.read_untracked() {
            Shown::View(view) => Some(view.sequence),
            Shown::Notice(_) => None,
        }
    }

    /// A view as JSON from the stream.
    fn news(self: &Rc<Self>, json: &str) {
        if let Ok(view) = wire::read::<PublicView>(json) {
            self.show(view);
            self.tell(Event::Opened);
        }
    }

    fn show(&self, mut view: PublicView) {
        if is_news(self.sequence(), view.sequence) {
            view.zone = times::known(view.zone);
            self.shown.set(Shown::View(Box::new(view)));
        }
    }

    fn answered(self: &Rc<Self>, answer: Answer) {
        let event = match answer {
            Answer::View(view, etag) => {
                *self.etag.borrow_mut() = etag;
                self.show(*view);
                Event::Answered
            }
            Answer::Unchanged => Event::Answered,
            Answer::Gone => {
                self.shown.set(Shown::Notice(NoticeKind::NotFound));
                Event::Gone
            }
            Answer::Refused(kind, wait) => {
                if self.sequence().is_none() {
                    self.shown.set(Shown::Notice(kind));
                }
                Event::Unanswered(wait)
            }
        };
        self.tell(event);
    }
}

/// A follower that may have ended since.
type Reader = Weak<Follower>;
