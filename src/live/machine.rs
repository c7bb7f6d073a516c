//! The machine itself: events in, orders out. Waiting grows with failures in a row; a page whose streams
//! are refused asks instead and tries the stream again now and then; a page out of sight or offline
//! keeps quiet and catches up when it is back.

use super::{Link, Pace};

/// A timer. There is one of each.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Bell {
    /// For whatever is due next.
    Next,
    /// The page has been out of sight for long.
    Hidden,
}

/// What happened.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Event {
    /// The stream is open, or brought a view.
    Opened,
    /// The stream ended. `refused`: by an answer that is no stream.
    Broken {
        /// Whether the browser will not try by itself.
        refused: bool,
    },
    /// The server says good-bye. It has told the browser when to come back, which only the browser knows.
    Bye,
    /// A question was answered with a view, or with "unchanged".
    Answered,
    /// A question was not answered; for how many milliseconds the server wants no other.
    Unanswered(u32),
    /// The server knows no such shipment.
    Gone,
    /// The browser has a network.
    Online,
    /// The browser has none.
    Offline,
    /// The page is out of sight.
    Hidden,
    /// The page is in sight.
    Shown,
    /// A timer rang.
    Rang(Bell),
    /// The viewer asks to try again.
    Retry,
}

/// What is to be done, in the order given.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Order {
    /// Open the stream.
    Open,
    /// Close it, and forget what it may still say.
    Close,
    /// Ask once for the view.
    Ask,
    /// Ring in so many milliseconds, instead of whatever that timer was set to.
    Ring(Bell, u32),
    /// Do not ring.
    Silence(Bell),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Phase {
    /// Nothing is shown yet: the page asks first, because only an answer can say "not found" or "busy".
    Asking,
    Opening,
    Live,
    /// The server said good-bye; the browser opens the stream again when it was told to.
    Parting,
    Waiting,
    /// How many questions remain before the stream is tried again.
    Polling(u32),
    /// The stream is tried while polling is what works.
    Probing,
    Away,
    Offline,
    Ended,
}

/// Decides how one page stays up to date.
#[derive(Clone, Debug)]
pub struct Machine {
    phase: Phase,
    link: Link,
    has_view: bool,
    failures: u32,
    refusals: u32,
    /// How often the stream was tried in vain since polling began.
    probes: u32,
    opened_at: f64,
}

impl Machine {
    /// A page that already shows a view (`has_view`), or has yet to ask for it, and its first orders.
    pub fn start(has_view: bool, online: bool) -> (Self, Vec<Order>) {
        let mut machine = Self {
            phase: Phase::Asking,
            link: Link::Connecting,
            has_view,
            failures: 0,
            refusals: 0,
            probes: 0,
            opened_at: 0.0,
        };
        let mut orders = Vec::new();
        if online {
            machine.go(&mut orders);
        } else {
            machine.rest(Phase::Offline, Link::Offline, &mut orders);
        }
        (machine, orders)
    }

    /// What the viewer is told.
    pub fn link(&self) -> Link {
        self.link
    }

    /// Takes an event at `now` (milliseconds, any origin) with `luck` in 0..1, and says what to do.
    pub fn on(&mut self, event: Event, now: f64, luck: f64) -> Vec<Order> {
        let mut orders = Vec::new();
        match (self.phase, event) {
            (Phase::Ended, _) => {}
            (_, Event::Gone) => self.rest(Phase::Ended, self.link, &mut orders),
            (_, Event::Offline) => self.rest(Phase::Offline, Link::Offline, &mut orders),
            (Phase::Offline, Event::Online | Event::Retry) => {
                self.link = if self.has_view { Link::Reconnecting } else { Link::Connecting };
                self.go(&mut orders);
            }
            (Phase::Away, Event::Shown) => self.go(&mut orders),
            (Phase::Offline | Phase::Away, _) => {}
            (_, Event::Hidden) => orders.push(Order::Ring(Bell::Hidden, Pace::HIDDEN)),
            (_, Event::Rang(Bell::Hidden)) => self.rest(Phase::Away, self.link, &mut orders),
            (Phase::Waiting, Event::Shown | Event::Online | Event::Retry) => {
                orders.push(Order::Silence(Bell::Hidden));
                self.go(&mut orders);
            }
            (_, Event::Shown) => orders.push(Order::Silence(Bell::Hidden)),
            (Phase::Waiting, Event::Rang(Bell::Next)) => self.go(&mut orders),
            (Phase::Asking, Event::Answered) => {
                self.has_view = true;
                self.go(&mut orders);
            }
            (Phase::Asking, Event::Unanswered(wait)) => self.fail(wait, luck, &mut orders),
            (Phase::Opening | Phase::Probing | Phase::Parting, Event::Opened) => {
                self.phase = Phase::Live;
                self.link = Link::Live;
                self.opened_at = now;
                orders.push(Order::Silence(Bell::Next));
            }
            (Phase::Live, Event::Bye) => {
                self.worked();
                self.phase = Phase::Parting;
                orders.push(Order::Ring(Bell::Next, Pace::PATIENCE));
            }
            (Phase::Parting, Event::Broken { refused: false }) => {
                self.phase = Phase::Opening;
                self.link = Link::Reconnecting;
            }
            (Phase::Parting, Event::Broken { refused: true } | Event::Rang(Bell::Next)) => {
                self.fail(0, luck, &mut orders);
            }
            (Phase::Live, Event::Broken { .. }) => {
                if now - self.opened_at >= Pace::WORKED {
                    self.worked();
                } else {
                    self.refusals += 1;
                }
                self.fail(0, luck, &mut orders);
            }
            (Phase::Opening | Phase::Probing, Event::Broken { .. } | Event::Rang(Bell::Next)) => {
                // What only looks like a broken network is tried on; what is refused or held up is not.
                if event != (Event::Broken { refused: false }) {
                    self.refusals += 1;
                }
                self.fail(0, luck, &mut orders);
            }
            (Phase::Polling(left), Event::Rang(Bell::Next)) => self.poll(left, &mut orders),
            (Phase::Polling(_), Event::Answered) => self.link = Link::Polling,
            (Phase::Polling(_), Event::Unanswered(wait)) => {
                self.link = Link::Reconnecting;
                orders.push(Order::Ring(Bell::Next, wait.max(Pace::POLL)));
            }
            _ => {}
        }
        orders
    }

    /// Tries whatever has the best prospect now.
    fn go(&mut self, orders: &mut Vec<Order>) {
        if !self.has_view {
            self.phase = Phase::Asking;
            orders.push(Order::Ask);
        } else if self.refusals >= Pace::REFUSALS {
            self.poll(Pace::polls(self.probes), orders);
        } else {
            self.phase = Phase::Opening;
            orders.push(Order::Open);
            orders.push(Order::Ring(Bell::Next, Pace::PATIENCE));
        }
    }

    /// The stream is worth trying again at once when it breaks.
    fn worked(&mut self) {
        (self.failures, self.refusals, self.probes) = (0, 0, 0);
    }

    fn poll(&mut self, left: u32, orders: &mut Vec<Order>) {
        if left == 0 {
            self.phase = Phase::Probing;
            self.probes = self.probes.saturating_add(1);
            orders.push(Order::Open);
            orders.push(Order::Ring(Bell::Next, Pace::PATIENCE));
        } else {
            self.phase = Phase::Polling(left - 1);
            orders.push(Order::Ask);
            orders.push(Order::Ring(Bell::Next, Pace::POLL));
        }
    }

    fn fail(&mut self, at_least: u32, luck: f64, orders: &mut Vec<Order>) {
        self.failures = self.failures.saturating_add(1);
        if self.has_view && self.refusals >= Pace::REFUSALS {
            orders.push(Order::Close);
            self.poll(Pace::polls(self.probes), orders);
        } else {
            self.wait(Pace::backoff(self.failures, luck).max(at_least), orders);
        }
    }

    fn wait(&mut self, wait: u32, orders: &mut Vec<Order>) {
        self.phase = Phase::Waiting;
        self.link = if self.has_view { Link::Reconnecting } else { Link::Connecting };
        orders.push(Order::Close);
        orders.push(Order::Ring(Bell::Next, wait));
    }

    fn rest(&mut self, phase: Phase, link: Link, orders: &mut Vec<Order>) {
        self.phase = phase;
        self.link = link;
        orders.extend([Order::Close, Order::Silence(Bell::Next), Order::Silence(Bell::Hidden)]);
    }
}
