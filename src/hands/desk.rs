//! Carries out what the recipient does: calls the server, keeps what waits, counts down. One small handle
//! that every part of the screen can hold. Knows nothing of how a screen looks.

use doorstep_model::id::TrackingId;
use doorstep_model::preferences::Handover;
use doorstep_model::screen::{Access, StepUpState};
use doorstep_model::views::CodeState;
use gloo_timers::callback::Timeout;
use leptos::prelude::*;

use super::edit::Progress;
use super::replies::{Link, Trouble};
use super::sending::edit_id;
use super::{Code, Hands, Method, Place, Session, Which, kept};
use crate::call::{Call, Reply};
use crate::watch::{Connection, Shown};
use crate::{page, wire};

/// For how long a code stays readable, in milliseconds.
const CODE_SEEN: u32 = 60_000;

/// A field of the screen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum What {
    /// The comment.
    Comment,
    /// Where to leave it.
    Handover(Handover),
    /// Who has the cash ready.
    Cash,
    /// Where that person is reached.
    Phone,
    /// The proof of who they are.
    Proof,
}

/// What the recipient does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Act {
    /// Saves what is typed.
    Save(Which),
    /// Takes back what was saved a moment ago.
    Undo(Which),
    /// Chooses between both versions: theirs, or the other.
    Choose(Which, bool),
    /// Gives up what waits or was refused.
    Drop(Which),
    /// Sends the proof of who they are.
    Prove(Method),
    /// Asks for a code by e-mail.
    Mail,
    /// Shows the code, or hides it.
    Show(bool),
    /// Shows the address.
    Address,
    /// Says whether the photo with that number shows their parcel.
    Photo(u32, bool),
    /// Makes a link for another device.
    NewLink,
    /// Copies it.
    Copy,
    /// Begins, or gives up, to end every link.
    Leaving(bool),
    /// Ends every link.
    Leave,
}

/// The recipient's desk: the state of their hands, and what carries out their acts.
#[derive(Clone, Copy)]
pub(crate) struct Desk {
    pub(super) id: StoredValue<TrackingId>,
    pub(crate) hands: RwSignal<Hands>,
    pub(crate) shown: RwSignal<Shown>,
    pub(crate) connection: RwSignal<Connection>,
}

impl Desk {
    /// For `id`.
    pub(crate) fn new(id: TrackingId, shown: RwSignal<Shown>, connection: RwSignal<Connection>) -> Self {
        Self { id: StoredValue::new(id), hands: RwSignal::new(Hands::default()), shown, connection }
    }

    /// The recipient is in: asks what the session may do, takes a code that was shown here before, and sends
    /// what waited.
    pub(crate) fn begin(self) {
        self.ask();
        let code = page::kept_code().and_then(|code| wire::read::<Code>(&code).ok());
        self.change(|hands| hands.code = code);
        for which in Which::ALL {
            if let Some(edit) = kept::kept(&self.id.get_value(), which) {
                self.change(|hands| hands.field_mut(which).progress = Progress::Waiting(edit));
            }
        }
        self.send_waiting();
    }

    fn ask(self) {
        self.call(Call::get("/session"), |desk, reply| desk.session(&reply));
        self.call(Call::get("/recipient/calendar"), |desk, reply| {
            let calendar = wire::read::<Link>(&reply.text).ok().map(|link| link.url);
            desk.change(|hands| hands.calendar = calendar);
        });
    }

    /// There is a connection: sends what waits, and asks what a page that began without one could not.
    pub(crate) fn connected(self) {
        if page::kept_at().is_some() && self.is_in() && !self.seen(|hands| hands.knows_session) {
            self.ask();
        }
        self.send_waiting();
    }

    /// Another view is shown: a code that it no longer speaks of is void.
    pub(crate) fn viewed(self) {
        let now = self.shown.with(|shown| match shown {
            Shown::Recipient(view) => view.code.as_ref().map(|code| (code.version, code.state)),
            _ => None,
        });
        let held = self.seen(|hands| hands.code.as_ref().map(|code| code.version));
        let Some(held) = held else { return };
        let replaced = now.is_some_and(|(version, _)| version != held);
        if replaced || now.is_none_or(|(_, state)| state != CodeState::Ready) {
            self.change(|hands| (hands.code, hands.code_replaced) = (None, replaced));
            page::leave("code", &"".into());
        }
    }

    /// Something is typed in `what`.
    pub(crate) fn type_in(self, what: What, text: String) {
        let which = match what {
            What::Comment => Which::Comment,
            What::Proof => return self.change(|hands| (hands.proof, hands.malformed) = (text, false)),
            _ => Which::Contactless,
        };
        let (standing, version) = self.standing(which);
        self.change(|hands| {
            hands.field_mut(which).type_in(&standing, version, |choice| match what {
                What::Comment => choice.text = text,
                What::Handover(handover) => choice.handover = Some(handover),
                What::Cash => choice.cash = text,
                What::Phone => choice.phone = text,
                What::Proof => {}
            });
        });
    }

    /// Does `act`.
    pub(crate) fn act(self, act: Act) {
        match act {
            Act::Save(which) => {
                let (standing, _) = self.standing(which);
                self.edit(which, |field| field.save(&standing, edit_id()));
            }
            Act::Undo(which) => self.edit(which, |field| field.undo(edit_id())),
            Act::Choose(which, mine) => self.edit(which, |field| field.choose(mine, edit_id())),
            Act::Drop(which) => {
                self.change(|hands| *hands.field_mut(which) = Default::default());
                self.keep(which);
            }
            Act::Prove(method) => self.prove(method),
            Act::Mail => self.busily(Call::post("/recipient/step-up/email", None), |desk, reply| {
                let state = match reply.status {
                    429 => StepUpState::TooMany,
                    _ if reply.is_done() => StepUpState::Sent,
                    _ => StepUpState::Offline,
                };
                desk.change(|hands| {
                    hands.mailed |= state == StepUpState::Sent;
                    hands.trial = Some(state);
                });
            }),
            Act::Show(false) => self.change(|hands| {
                if let Some(code) = &mut hands.code {
                    code.seen = false;
                }
            }),
            Act::Show(true) => self.show_code(),
            Act::Address => self.busily(Call::get("/recipient/address"), |desk, reply| {
                let address = if reply.is_done() { wire::read(&reply.text).ok() } else { None };
                desk.refused_or(&reply, Place::Address, address.is_some());
                desk.change(|hands| hands.address = address);
            }),
            Act::Photo(number, mine) => {
                let mine = if mine { ",\"mine\":true}" } else { ",\"mine\":false}" };
                let body = ["{\"proof\":", &number.to_string(), mine].concat();
                self.busily(Call::post("/recipient/photo", Some(body)), |desk, reply| {
                    desk.refused_or(&reply, Place::Photo, reply.is_done());
                });
            }
            Act::NewLink => self.busily(Call::post("/recipient/link", None), |desk, reply| {
                let link = wire::read::<Link>(&reply.text).ok().map(|link| link.url);
                desk.refused_or(&reply, Place::Link, link.is_some());
                desk.change(|hands| (hands.link, hands.copied) = (link, false));
            }),
            Act::Copy => {
                let copied = self.seen(|hands| hands.link.as_deref().is_some_and(page::copy));
                self.change(|hands| hands.copied = copied);
            }
            Act::Leaving(leaving) => self.change(|hands| hands.leaving = leaving),
            Act::Leave => self.busily(Call::delete("/recipient/link"), |desk, reply| {
                desk.refused_or(&reply, Place::Link, reply.is_done());
                if reply.is_done() {
                    for which in Which::ALL {
                        kept::keep(&desk.id.get_value(), which, None);
                    }
                    desk.hands.set(Hands::default());
                    desk.enter(Access::Disowned);
                }
            }),
        }
    }

    fn prove(self, method: Method) {
        let typed = self.seen(|hands| hands.proof.trim().to_owned());
        let (name, digits) = match method {
            Method::PhoneDigits => ("phoneDigits", 4),
            Method::EmailCode => ("emailCode", 6),
            Method::Token => return,
        };
        if typed.len() != digits || !typed.bytes().all(|digit| digit.is_ascii_digit()) {
            return self.change(|hands| hands.malformed = true);
        }
        let body = ["{\"", name, "\":\"", &typed, "\"}"].concat();
        self.busily(Call::post("/recipient/step-up", Some(body)), |desk, reply| {
            if reply.is_done() {
                desk.change(|hands| hands.trial = None);
                return desk.session(&reply);
            }
            let state = match reply.status {
                423 => StepUpState::Locked,
                429 => StepUpState::TooMany,
                403 | 409 | 422 => StepUpState::Wrong(Trouble::of(&reply).tries_left),
                _ => StepUpState::Offline,
            };
            desk.change(|hands| {
                hands.session.locked |= state == StepUpState::Locked;
                hands.trial = Some(state);
                hands.proof.clear();
            });
        });
    }

    /// As it was kept where it was revealed before: that needs no network, and is no other reveal.
    fn show_code(self) {
        let held = self.seen(|hands| hands.code.is_some());
        if held {
            return self.code_seen();
        }
        self.busily(Call::post("/recipient/code/reveal", None), |desk, reply| {
            let code = if reply.is_done() { wire::read::<Code>(&reply.text).ok() } else { None };
            desk.refused_or(&reply, Place::Code, code.is_some());
            if code.is_some() {
                page::leave("code", &reply.text.as_str().into());
            }
            desk.change(|hands| (hands.code, hands.code_replaced) = (code, false));
            desk.code_seen();
        });
    }

    /// The code is seen from now on, for a minute.
    fn code_seen(self) {
        let mut shows = 0;
        self.change(|hands| {
            if let Some(code) = &mut hands.code {
                code.seen = true;
                code.shows += 1;
                shows = code.shows;
            }
        });
        let hide = move || {
            self.change(|hands| {
                if let Some(code) = hands.code.as_mut().filter(|code| code.shows == shows) {
                    code.seen = false;
                }
            });
        };
        Timeout::new(CODE_SEEN, hide).forget();
    }

    fn session(self, reply: &Reply) {
        let Ok(session) = wire::read::<Session>(&reply.text) else { return };
        if !reply.is_done() {
            return;
        }
        let access = Access::Open(session.access_ends_at);
        self.change(|hands| {
            (hands.session, hands.knows_session) = (session, true);
            hands.proof.clear();
        });
        // Last: whoever follows the connection sees what is known.
        self.enter(access);
    }

    /// Notes that `place` failed unless it was `done`; where a proof of identity is asked for again, that is asked.
    fn refused_or(self, reply: &Reply, place: Place, done: bool) {
        let asks = reply.status == 403 && Trouble::of(reply).code == "step_up_needed";
        self.change(|hands| {
            hands.trouble = (!done && !asks).then_some(place);
            if asks {
                hands.session.stepped_up_until = None;
            }
        });
    }

    /// Calls, one at a time.
    fn busily(self, call: Call, then: impl FnOnce(Self, Reply) + 'static) {
        if self.seen(|hands| hands.busy) {
            return;
        }
        self.change(|hands| (hands.busy, hands.trouble) = (true, None));
        self.call(call, move |desk, reply| {
            desk.change(|hands| hands.busy = false);
            then(desk, reply);
        });
    }

    pub(super) fn call(self, call: Call, then: impl FnOnce(Self, Reply) + 'static) {
        let id = self.id.get_value();
        // One kind of task, whatever comes after it.
        let then: Box<dyn FnOnce(Self, Reply)> = Box::new(then);
        leptos::task::spawn_local(async move {
            let reply = call.send(&id).await;
            // The screen may have gone meanwhile, and with it everything that could be told.
            if self.hands.is_disposed() {
                return;
            }
            if reply.status == 401 && self.is_in() {
                self.enter(Access::Ended);
            }
            then(self, reply);
        });
    }

    /// Whether a session is open, as far as the page knows.
    pub(super) fn is_in(self) -> bool {
        matches!(self.connection.get_untracked().access, Access::Open(_))
    }

    fn enter(self, access: Access) {
        self.connection.set(Connection { access, ..self.connection.get_untracked() });
    }

    /// Time has passed: says anew how long ago things were, and sends what waits.
    pub(crate) fn tick(self) {
        self.change(|_| {});
        self.send_waiting();
    }

    /// Changes the hands.
    pub(super) fn change(self, change: impl FnOnce(&mut Hands)) {
        let mut change = Some(change);
        self.change_once(&mut |hands| {
            if let Some(change) = change.take() {
                change(hands);
            }
        });
    }

    /// Compiled once, whatever changes.
    fn change_once(self, change: &mut dyn FnMut(&mut Hands)) {
        let _ = self.hands.try_update(|hands| change(hands));
    }

    /// What `look` sees of the hands, without following them.
    pub(super) fn seen<T>(self, look: impl FnOnce(&Hands) -> T) -> T {
        look(&self.hands.read_untracked())
    }
}
