//! Asks the server once for a shipment's view: the first time a screen is shown without one, and every
//! so often where streams are refused. Knows what statuses mean, and leaves what follows from an answer to others.

use doorstep_model::id::TrackingId;
use doorstep_model::screen::NoticeKind;
use leptos::prelude::window;

use super::{Reader, Shown};
use crate::call::{Call, Reply};

/// What came of a question.
pub(super) enum Answer {
    /// A view, and how it came.
    View(Box<Shown>, Reply),
    /// Nothing changed since.
    Unchanged,
    /// There is no session, or no more.
    Over,
    /// Nobody has this tracking id.
    Gone,
    /// Why there is none, and how many milliseconds to wait at least.
    Refused(NoticeKind, u32),
}

/// Asks, and tells `reader`.
pub(super) fn spawn(id: &TrackingId, recipient: bool, etag: Option<String>, reader: Reader) {
    let id = id.clone();
    leptos::task::spawn_local(async move {
        let reply = Call::get_newer(if recipient { "/recipient" } else { "" }, etag).send(&id).await;
        if let Some(reader) = reader.upgrade() {
            reader.answered(answer(reply, recipient));
        }
    });
}

fn answer(reply: Reply, recipient: bool) -> Answer {
    match reply.status {
        200 => match Shown::read(&reply.text, recipient) {
            Some(view) => Answer::View(Box::new(view), reply),
            None => Answer::Refused(NoticeKind::Error, 0),
        },
        304 => Answer::Unchanged,
        401 => Answer::Over,
        // An id that cannot be one is as unknown as one that nobody has.
        400 | 404 => Answer::Gone,
        0 if !window().navigator().on_line() => Answer::Refused(NoticeKind::Offline, 0),
        status => {
            let kind = if status == 429 { NoticeKind::Busy } else { NoticeKind::Error };
            Answer::Refused(kind, reply.wait.saturating_mul(1000))
        }
    }
}
