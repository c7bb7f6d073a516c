//! The part of the desk that edits: sends what was saved, keeps what waits, shows at once what was taken,
//! and counts down to where it cannot be undone any more. What follows from an answer is [`super::edit`]'s
//! affair.

use doorstep_model::preferences::{Preference, Preferences};
use gloo_timers::callback::Timeout;
use leptos::prelude::*;

use super::edit::Progress;
use super::{Choice, Desk, Field, Which, kept, replies};
use crate::call::{Call, Reply};
use crate::watch::Shown;
use crate::{times, wire};

impl Desk {
    /// Sends again what waits; does no harm to what has arrived.
    pub(crate) fn send_waiting(self) {
        if !self.is_in() || !window().navigator().on_line() {
            return;
        }
        for which in Which::ALL {
            let waits = self
                .hands
                .with_untracked(|hands| matches!(hands.field(which).progress, Progress::Waiting(_)));
            if waits {
                self.send(which);
            }
        }
    }

    /// Changes a field and sends what follows from it.
    pub(super) fn edit(self, which: Which, change: impl FnOnce(&mut Field) -> bool) {
        let mut sends = false;
        self.change(|hands| sends = change(hands.field_mut(which)));
        self.keep(which);
        if sends {
            self.send(which);
        }
    }

    fn send(self, which: Which) {
        let due = self.seen(|hands| hands.field(which).due().cloned());
        let Some(edit) = due else { return };
        self.change(|hands| hands.field_mut(which).progress = Progress::Sending(edit.clone()));
        let body = ["{\"value\":", &edit.choice.value(which), ",\"edit\":\"", &edit.id, "\"}"].concat();
        let id = edit.id;
        self.call(Call::put(which.path(), body, edit.base), move |desk, reply| {
            desk.edited(which, &id, &reply)
        });
    }

    fn edited(self, which: Which, id: &str, reply: &Reply) {
        if reply.status == 200 {
            self.adopt(which, reply);
        }
        let mut again = false;
        self.change(|hands| {
            let field = hands.field_mut(which);
            field.heard(id, replies::heard(which, reply));
            again = matches!(field.progress, Progress::Sending(_));
        });
        self.keep(which);
        if again {
            self.send(which);
        }
        self.count_down(which, id.to_owned());
    }

    /// Shows what was saved at once, before the stream brings it.
    fn adopt(self, which: Which, reply: &Reply) {
        let newer = |version: u32, stands: &Preferences| version >= Choice::standing(which, stands).1;
        self.shown.try_update(|shown| {
            let Shown::Recipient(view) = shown else { return };
            let stands = &mut view.preferences;
            match which {
                Which::Comment => {
                    if let Ok(saved) = wire::read(&reply.text).map(Some)
                        && newer(version_of(saved.as_ref()), stands)
                    {
                        stands.comment = saved;
                    }
                }
                Which::Contactless => {
                    if let Ok(saved) = wire::read(&reply.text).map(Some)
                        && newer(version_of(saved.as_ref()), stands)
                    {
                        stands.contactless = saved;
                    }
                }
            }
        });
    }

    /// One second less to undo what the edit named `id` did.
    fn count_down(self, which: Which, id: String) {
        if self.hands.is_disposed() {
            return;
        }
        let counts = self.seen(|hands| {
            matches!(&hands.field(which).progress, Progress::Saved { edit, left: 1.., .. } if edit.id == id)
        });
        if !counts {
            return;
        }
        let second = move || {
            self.change(|hands| {
                if let Progress::Saved { edit, left, .. } = &mut hands.field_mut(which).progress
                    && edit.id == id
                {
                    *left = left.saturating_sub(1);
                }
            });
            self.count_down(which, id);
        };
        Timeout::new(1000, second).forget();
    }

    pub(super) fn keep(self, which: Which) {
        let due = self.seen(|hands| hands.field(which).due().cloned());
        kept::keep(&self.id.get_value(), which, due.as_ref());
    }

    /// What holds, and at which version.
    pub(super) fn standing(self, which: Which) -> (Choice, u32) {
        self.shown.with_untracked(|shown| match shown {
            Shown::Recipient(view) => Choice::standing(which, &view.preferences),
            _ => Default::default(),
        })
    }
}

fn version_of<T>(saved: Option<&Preference<T>>) -> u32 {
    saved.map(|saved| saved.version).unwrap_or_default()
}

/// A name that no other edit has.
pub(super) fn edit_id() -> String {
    let whole = |number: f64| {
        js_sys::Number::from(number.trunc()).to_string_with_radix(10).map(String::from).unwrap_or_default()
    };
    [&whole(times::now()), "-", &whole(js_sys::Math::random() * 1e15)].concat()
}
