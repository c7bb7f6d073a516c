//! What an answer means for the message and its endpoint, by the rules of Standard Webhooks 1.0.0: what its shape takes
//! for one (2xx alone, unless its protocol says otherwise) is success, 410 says that nobody is there any more, 429, 502
//! and 504 ask to slow down, and `Retry-After` says for how long. A pure function.

use std::time::Duration;

use doorstep_model::time::Timestamp;
use http::StatusCode;

use super::attempt::Tried;
use super::schedule;
use crate::store::outbox::{DeliveryState, Effect, Next};

/// What becomes of a message, and of its endpoint.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Verdict {
    pub(super) next: Next,
    pub(super) endpoint: Effect,
}

/// Judges a try that ended at `now`, the `tries`th. `chance` from 0 to 1 spreads what is tried again.
pub(super) fn judge(tried: &Tried, tries: u32, now: Timestamp, chance: f64) -> Verdict {
    let done = |state, endpoint| Verdict { next: Next::Done(state), endpoint };
    let (status, asked) = match tried {
        Tried::Wordless | Tried::Lost => return done(DeliveryState::Skipped, Effect::None),
        Tried::Taken(_) => return done(DeliveryState::Delivered, Effect::Reached),
        Tried::Unanswered(_) => (None, None),
        Tried::Answered(reply) => {
            let seconds = u64::try_from(now.millis() / 1_000).unwrap_or_default();
            (Some(reply.status), reply.retry_after(seconds))
        }
    };
    if status == Some(StatusCode::GONE) {
        // It waits, in case that somebody enables the endpoint again.
        return Verdict { next: Next::Again(now), endpoint: Effect::Gone };
    }
    let Some(delay) = schedule::after(tries, chance) else {
        return done(DeliveryState::GivenUp, Effect::Failed);
    };
    let slows = [StatusCode::TOO_MANY_REQUESTS, StatusCode::BAD_GATEWAY, StatusCode::GATEWAY_TIMEOUT];
    if asked.is_none() && !status.is_some_and(|status| slows.contains(&status)) {
        return Verdict { next: Next::Again(later(now, delay)), endpoint: Effect::Failed };
    }
    let pause = schedule::pause(asked, delay);
    let endpoint = Effect::Paused(later(now, pause));
    Verdict { next: Next::Again(later(now, delay.max(pause))), endpoint }
}

fn later(now: Timestamp, by: Duration) -> Timestamp {
    let millis = i64::try_from(by.as_millis()).unwrap_or(i64::MAX);
    Timestamp::from_millis(now.millis().saturating_add(millis))
}

#[cfg(test)]
mod tests {
    use bytes::Bytes;
    use http::header::RETRY_AFTER;
    use http::{HeaderMap, HeaderValue};

    use super::*;
    use crate::outbound::Reply;
    use crate::webhooks::MOST_TRIES;

    fn answered(status: u16, retry_after: Option<&'static str>) -> Tried {
        let mut headers = HeaderMap::new();
        if let Some(value) = retry_after {
            headers.insert(RETRY_AFTER, HeaderValue::from_static(value));
        }
        let status = StatusCode::from_u16(status).unwrap_or_else(|e| panic!("{e}"));
        Tried::Answered(Reply { status, headers, body: Bytes::new(), is_whole: true })
    }

    fn in_seconds(seconds: i64) -> Timestamp {
        Timestamp::from_millis(1_000_000 + seconds * 1_000)
    }

    #[test]
    fn what_is_taken_is_done_and_what_is_not_is_tried_again() {
        let Tried::Answered(reply) = answered(409, None) else { return };
        let taken = Verdict { next: Next::Done(DeliveryState::Delivered), endpoint: Effect::Reached };
        assert_eq!(judge(&Tried::Taken(reply), 1, in_seconds(0), 0.5), taken);
        for status in [301, 302, 307, 308, 400, 401, 404, 500, 503] {
            let verdict = judge(&answered(status, None), 1, in_seconds(0), 0.5);
            let again = Verdict { next: Next::Again(in_seconds(5)), endpoint: Effect::Failed };
            assert_eq!(verdict, again, "{status}");
        }
    }

    #[test]
    fn who_is_gone_is_asked_no_more() {
        let gone = Verdict { next: Next::Again(in_seconds(0)), endpoint: Effect::Gone };
        assert_eq!(judge(&answered(410, None), 1, in_seconds(0), 0.5), gone);
    }

    #[test]
    fn who_asks_for_time_gets_it_within_bounds() {
        let paused = |next, until| Verdict {
            next: Next::Again(in_seconds(next)),
            endpoint: Effect::Paused(in_seconds(until)),
        };
        assert_eq!(judge(&answered(429, Some("120")), 1, in_seconds(0), 0.5), paused(120, 120));
        assert_eq!(judge(&answered(503, Some("1")), 2, in_seconds(0), 0.5), paused(300, 1));
        assert_eq!(judge(&answered(502, None), 1, in_seconds(0), 0.5), paused(5, 5));
        assert_eq!(judge(&answered(504, None), 4, in_seconds(0), 0.5), paused(7_200, 300));
        assert_eq!(judge(&answered(429, Some("9999999")), 1, in_seconds(0), 0.5), paused(86_400, 86_400));
    }

    #[test]
    fn after_the_last_try_it_is_given_up() {
        let given_up = Verdict { next: Next::Done(DeliveryState::GivenUp), endpoint: Effect::Failed };
        assert_eq!(judge(&answered(500, None), MOST_TRIES, in_seconds(0), 0.5), given_up);
        assert_eq!(judge(&answered(429, Some("5")), MOST_TRIES, in_seconds(0), 0.5), given_up);
        let slow = Tried::Unanswered("it did not answer in time".to_owned());
        assert_eq!(judge(&slow, MOST_TRIES, in_seconds(0), 0.5), given_up);
        assert!(matches!(judge(&slow, MOST_TRIES - 1, in_seconds(0), 0.5).next, Next::Again(_)));
    }
}
