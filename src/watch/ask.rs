//! Asks the server once for a shipment's view: the first time a screen is shown without one, and every
//! so often where streams are refused. Knows HTTP, and leaves what follows from an answer to others.

use doorstep_model::id::TrackingId;
use doorstep_model::screen::NoticeKind;
use gloo_net::http::{Request, Response};
use leptos::prelude::window;

use super::{Reader, Shown};

/// What came of a question.
pub(super) enum Answer {
    /// A view, and the tag by which to ask whether it changed.
    View(Box<Shown>, Option<String>),
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
pub(super) fn spawn(id: &TrackingId, recipient: bool, etag: Option<&str>, reader: Reader) {
    let address = ["/api/v1/track/", id.as_str(), if recipient { "/recipient" } else { "" }].concat();
    let mut request = Request::get(&address);
    if let Some(etag) = etag {
        request = request.header("if-none-match", etag);
    }
    leptos::task::spawn_local(async move {
        let answer = match request.send().await {
            Ok(response) => read(response, recipient).await,
            Err(_) if window().navigator().on_line() => Answer::Refused(NoticeKind::Error, 0),
            Err(_) => Answer::Refused(NoticeKind::Offline, 0),
        };
        if let Some(reader) = reader.upgrade() {
            reader.answered(answer);
        }
    });
}

async fn read(response: Response, recipient: bool) -> Answer {
    let header = |name| response.headers().get(name);
    match response.status() {
        200 => {
            let text = response.text().await.unwrap_or_default();
            match Shown::read(&text, recipient) {
                Some(view) => Answer::View(Box::new(view), header("etag")),
                None => Answer::Refused(NoticeKind::Error, 0),
            }
        }
        304 => Answer::Unchanged,
        401 => Answer::Over,
        // An id that cannot be one is as unknown as one that nobody has.
        400 | 404 => Answer::Gone,
        status => {
            let seconds = header("retry-after").and_then(|wait| wait.parse::<u32>().ok()).unwrap_or_default();
            let kind = if status == 429 { NoticeKind::Busy } else { NoticeKind::Error };
            Answer::Refused(kind, seconds.saturating_mul(1000))
        }
    }
}
