//! The time of arrival as the recipient reads it beside the sentence: who said so and how old that is,
//! why it last moved, how sure it is. Never finer than a minute. Knows no clock but [`Times`].

use crate::catalogue::Catalogue;
use crate::eta::{Confidence, Window};
use crate::screen::{Times, when};
use crate::time::Timestamp;
use crate::views::{RecipientEta, RecipientView};

/// What stands beside the time of arrival; each line is a whole sentence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Arrival {
    /// Who said so, and how long ago; that nothing is known, where nothing is.
    pub said: String,
    /// How it last moved, and why.
    pub moved: Option<String>,
    /// How sure it is, where the source says.
    pub confidence: Option<&'static str>,
}

impl Arrival {
    /// The lines for `view`; `None` where nothing is to come any more, or it is there.
    pub fn of(view: &RecipientView, words: &Catalogue, times: &impl Times) -> Option<Self> {
        let status = view.status;
        let at_hand = status.rank().is_some_and(|rank| rank >= 110);
        if status.is_final() || status == crate::status::Status::Returning || at_hand {
            return None;
        }
        let known = view.eta.as_ref().filter(|eta| Window::from(eta.window) != Window::Unknown);
        Some(match known {
            None => Self { said: words.eta_none().to_owned(), moved: None, confidence: None },
            Some(eta) => Self {
                said: said(eta, words, times),
                moved: moved(eta, words, times),
                confidence: eta.confidence.map(|sure| confidence(sure, words)),
            },
        })
    }

    /// The lines in reading order.
    pub fn lines(&self) -> impl Iterator<Item = &str> {
        [Some(self.said.as_str()), self.moved.as_deref(), self.confidence].into_iter().flatten()
    }
}

const MINUTE: i64 = 60_000;

fn said(eta: &RecipientEta, words: &Catalogue, times: &impl Times) -> String {
    let source = eta.source.as_str();
    let age = (times.now().millis() - eta.as_of.millis()) / MINUTE;
    match age {
        ..1 => words.eta_said_now(source),
        1..60 => words.eta_said_minutes(source, &age.to_string()),
        _ => words.eta_said_at(source, &when::at(eta.as_of, words, times)),
    }
}

fn confidence(sure: Confidence, words: &Catalogue) -> &'static str {
    match sure {
        Confidence::High => words.eta_high(),
        Confidence::Medium => words.eta_medium(),
        Confidence::Low => words.eta_low(),
    }
}

/// By how much it moved where both windows are times of the same length or so; or else what was said before.
fn moved(eta: &RecipientEta, words: &Catalogue, times: &impl Times) -> Option<String> {
    // A source's sentence ends in ours.
    let cause = eta.cause.as_ref().map(|cause| cause.as_str().trim_end_matches(['.', ' ']));
    let Some(before) = eta.before.map(Window::from) else {
        return cause.map(|cause| words.eta_cause(cause));
    };
    let minutes = shift(before, eta.window.into());
    // Half a day and more is better told by the date than by a number of hours.
    if let Some(minutes) = minutes.filter(|minutes| *minutes != 0 && minutes.abs() < 12 * 60) {
        let span = span(minutes.abs(), words);
        return Some(match (minutes > 0, cause) {
            (true, None) => words.eta_later(&span),
            (true, Some(cause)) => words.eta_later_cause(&span, cause),
            (false, None) => words.eta_earlier(&span),
            (false, Some(cause)) => words.eta_earlier_cause(&span, cause),
        });
    }
    let before = when::window(before, words, times)?;
    Some(match cause {
        None => words.eta_moved(&before),
        Some(cause) => words.eta_moved_cause(&before, cause),
    })
}

/// By how many minutes the window moved as a whole: its end, where its beginning went the same way.
fn shift(before: Window, after: Window) -> Option<i64> {
    let (Window::Between { from: from_before, until: until_before }, Window::Between { from, until }) =
        (before, after)
    else {
        return None;
    };
    let minutes = |before: Timestamp, after: Timestamp| (after.millis() - before.millis()) / MINUTE;
    let (beginning, end) = (minutes(from_before, from), minutes(until_before, until));
    (beginning.signum() == end.signum()).then_some(end)
}

/// A length of time in words: "15 min", "2 h", "1 h 5 min".
pub(super) fn span(minutes: i64, words: &Catalogue) -> String {
    match (minutes / 60, minutes % 60) {
        (0, minutes) => words.span_minutes(&minutes.to_string()),
        (hours, 0) => words.span_hours(&hours.to_string()),
        (hours, minutes) => words.span_hours_minutes(&hours.to_string(), &minutes.to_string()),
    }
}
