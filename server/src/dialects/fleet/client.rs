//! Sends tasks to a fleet. Any 2xx is a yes; what else it answers is told apart by whether asking again can help.
//! Knows nothing of who asks and why.

use std::time::Duration;

use http::header::{ACCEPT, CONTENT_TYPE};
use http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode};

use super::task::{Creation, Update};
use crate::outbound::{Call, Outbound, OutboundError, Patience, Reply, Target};

/// The most characters of a fleet's own words that are repeated.
const MOST_WORDS: usize = 200;

/// Where a fleet is told of tasks.
#[derive(Clone)]
pub(crate) struct Fleet {
    /// Where it takes *Creation*.
    pub(crate) creation: Target,
    /// Where it takes *Update*.
    pub(crate) update: Target,
    /// What it wants to know us by: a header of its choice.
    pub(crate) key: Option<(HeaderName, HeaderValue)>,
}

/// Why a fleet did not take what it was told. The words are the fleet's own, shortened.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum FleetError {
    /// Nothing was heard.
    #[error("no answer: {0}")]
    Unheard(OutboundError),
    /// It cannot just now (429, 5xx).
    #[error("not now ({status}): {words}")]
    NotNow {
        /// What it answered.
        status: u16,
        /// Its words.
        words: String,
    },
    /// It will not.
    #[error("refused ({status}): {words}")]
    Refused {
        /// What it answered.
        status: u16,
        /// Its words.
        words: String,
    },
}

impl FleetError {
    /// Whether the same may go well later.
    pub(crate) const fn is_transient(&self) -> bool {
        match self {
            Self::Unheard(OutboundError::Refused(_)) | Self::Refused { .. } => false,
            Self::Unheard(_) | Self::NotNow { .. } => true,
        }
    }
}

impl Fleet {
    /// Gives it a task. One that it has already under that id (409) is taken too: an answer may have been lost.
    pub(crate) async fn create(&self, outbound: &Outbound, task: &Creation) -> Result<(), FleetError> {
        let reply = self.send(outbound, &self.creation, task).await?;
        if reply.status == StatusCode::CONFLICT { Ok(()) } else { judge(&reply) }
    }

    /// Tells it that something changed about a task.
    pub(crate) async fn update(&self, outbound: &Outbound, update: &Update) -> Result<(), FleetError> {
        judge(&self.send(outbound, &self.update, update).await?)
    }

    async fn send(
        &self,
        outbound: &Outbound,
        target: &Target,
        body: &impl serde::Serialize,
    ) -> Result<Reply, FleetError> {
        let mut headers = HeaderMap::new();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
        headers.insert(ACCEPT, HeaderValue::from_static("application/json"));
        if let Some((name, value)) = &self.key {
            headers.insert(name.clone(), value.clone());
        }
        // Every field is a text, a number or JSON already, so this cannot fail.
        let body = serde_json::to_vec(body).unwrap_or_default().into();
        let call = Call { method: Method::POST, target: target.clone(), headers, body };
        // Whoever waits behind us has a time limit too.
        let patience = Patience { within: Duration::from_secs(10), body: 16 * 1024 };
        outbound.send(call, patience).await.map_err(FleetError::Unheard)
    }
}

fn judge(reply: &Reply) -> Result<(), FleetError> {
    let status = reply.status.as_u16();
    match reply.status {
        ok if ok.is_success() => Ok(()),
        StatusCode::TOO_MANY_REQUESTS | StatusCode::REQUEST_TIMEOUT => {
            Err(FleetError::NotNow { status, words: words(&reply.body) })
        }
        failed if failed.is_server_error() => Err(FleetError::NotNow { status, words: words(&reply.body) }),
        _ => Err(FleetError::Refused { status, words: words(&reply.body) }),
    }
}

/// What a fleet says went wrong: its `message` where the answer is JSON and has one, else how it begins.
fn words(body: &[u8]) -> String {
    let json: Option<serde_json::Value> = serde_json::from_slice(body).ok();
    let message = json.as_ref().and_then(|json| json.get("message")?.as_str());
    let text = message.map_or_else(|| String::from_utf8_lossy(body), Into::into);
    let plain = text.chars().map(|c| if c.is_control() { ' ' } else { c });
    plain.take(MOST_WORDS).collect::<String>().trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn judged(status: u16, body: &'static str) -> Result<(), FleetError> {
        let status = StatusCode::from_u16(status).unwrap_or_default();
        judge(&Reply { status, headers: HeaderMap::new(), body: body.into(), is_whole: true })
    }

    #[test]
    fn what_may_go_well_later_is_told_from_what_will_not() {
        assert_eq!(judged(202, ""), Ok(()));
        for status in [408, 429, 500, 502, 503, 504] {
            assert!(judged(status, "").is_err_and(|error| error.is_transient()), "{status}");
        }
        for status in [301, 400, 401, 404, 422] {
            assert!(judged(status, "").is_err_and(|error| !error.is_transient()), "{status}");
        }
        let refused = FleetError::Unheard(OutboundError::Refused(crate::outbound::Refused::Address));
        assert!(!refused.is_transient());
        assert!(FleetError::Unheard(OutboundError::TimedOut).is_transient());
    }

    #[test]
    fn its_words_are_repeated_shortly_and_plainly() {
        let told = judged(400, r#"{"message":"no\ncoverage"}"#).map_err(|error| error.to_string());
        assert_eq!(told, Err("refused (400): no coverage".to_owned()));
        let long = FleetError::Refused { status: 400, words: words("x".repeat(999).as_bytes()) };
        assert_eq!(long.to_string().len(), "refused (400): ".len() + MOST_WORDS);
    }
}
