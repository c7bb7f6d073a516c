//! Tokens by which a receiver knows us (RFC 6749, 4.4: client credentials, the client's name and secret by HTTP
//! Basic). A token is asked for when it is needed and kept in memory until shortly before its end. Endpoints do
//! not share tokens, and one that is slow to give them holds nobody else back.

use std::sync::Arc;
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use dashmap::DashMap;
use doorstep_model::time::Timestamp;
use http::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE};
use http::{HeaderMap, HeaderValue, Method};
use tokio::sync::Mutex;

use super::EndpointId;
use crate::outbound::{Call, Outbound, OutboundError, Patience, Target};

/// How long a token is waited for, also behind others who ask for it.
const WITHIN: Duration = Duration::from_secs(8);

const PATIENCE: Patience = Patience { within: WITHIN, body: 64 * 1024 };

/// From how many tokens on those are forgotten that nobody waits for; whoever needs one asks again.
const REMEMBERED: usize = 1_000;

/// How long a token holds that says nothing of it, and how long before its end it is not used any more.
const USUAL_SECONDS: i64 = 300;
const MARGIN_SECONDS: i64 = 30;

/// The longest that a token is kept, whatever it says of itself.
const LONGEST_SECONDS: i64 = 86_400;

/// Who asks for a token, and where.
#[derive(Clone, PartialEq, Eq)]
pub(super) struct Credentials {
    pub(super) token_url: String,
    pub(super) client_id: String,
    pub(super) secret: String,
    pub(super) scope: Option<String>,
}

/// Why there is no token. What it says may be shown to the endpoint's owner.
#[derive(Debug, thiserror::Error)]
pub(super) enum TokenError {
    #[error("the token's URL is not valid")]
    Target,
    #[error("no token: {0}")]
    Unreached(OutboundError),
    #[error("no token: the answer was {0}")]
    Refused(u16),
    #[error("no token: the answer holds none")]
    Unreadable,
}

/// The tokens that are held.
#[derive(Default)]
pub(super) struct Tokens(DashMap<EndpointId, Arc<Mutex<Option<Held>>>>);

struct Held {
    asked: Credentials,
    token: String,
    until: Timestamp,
}

#[derive(serde::Deserialize)]
struct Answer {
    access_token: String,
    #[serde(default)]
    expires_in: Option<i64>,
}

impl Tokens {
    /// The token for `endpoint`, asked for where none is held.
    pub(super) async fn token(
        &self,
        outbound: &Outbound,
        endpoint: EndpointId,
        credentials: Credentials,
        now: Timestamp,
    ) -> Result<String, TokenError> {
        if self.0.len() >= REMEMBERED {
            self.0.retain(|_, slot| Arc::strong_count(slot) > 1);
        }
        let slot = Arc::clone(&self.0.entry(endpoint).or_default());
        let asked = async {
            // Held while it is asked for: those who need it at the same time ask once.
            let mut held = slot.lock().await;
            if let Some(held) = held.as_ref()
                && held.asked == credentials
                && now < held.until
            {
                return Ok(held.token.clone());
            }
            let Answer { access_token, expires_in } = ask(outbound, &credentials).await?;
            let seconds = expires_in.unwrap_or(USUAL_SECONDS).clamp(0, LONGEST_SECONDS) - MARGIN_SECONDS;
            let until = Timestamp::from_millis(now.millis() + seconds * 1_000);
            *held = Some(Held { asked: credentials, token: access_token.clone(), until });
            Ok(access_token)
        };
        let late = Err(TokenError::Unreached(OutboundError::TimedOut));
        tokio::time::timeout(WITHIN, asked).await.unwrap_or(late)
    }

    /// Forgets the token for `endpoint`, which it did not take.
    pub(super) fn forget(&self, endpoint: EndpointId) {
        self.0.remove(&endpoint);
    }
}

async fn ask(outbound: &Outbound, credentials: &Credentials) -> Result<Answer, TokenError> {
    let Credentials { token_url, client_id, secret, scope } = credentials;
    let target: Target = token_url.parse().map_err(|_| TokenError::Target)?;
    let scope = scope.iter().map(|scope| ("scope", scope.as_str()));
    let form = form_urlencoded::Serializer::new(String::new())
        .append_pair("grant_type", "client_credentials")
        .extend_pairs(scope)
        .finish();
    let basic = STANDARD.encode(format!("{}:{}", encoded(client_id), encoded(secret)));
    let mut basic = HeaderValue::try_from(format!("Basic {basic}")).map_err(|_| TokenError::Unreadable)?;
    basic.set_sensitive(true);
    let headers = HeaderMap::from_iter([
        (CONTENT_TYPE, HeaderValue::from_static("application/x-www-form-urlencoded")),
        (ACCEPT, HeaderValue::from_static("application/json")),
        (AUTHORIZATION, basic),
    ]);
    let call = Call { method: Method::POST, target, headers, body: Bytes::from(form) };
    let reply = outbound.send(call, PATIENCE).await.map_err(TokenError::Unreached)?;
    if !reply.status.is_success() {
        return Err(TokenError::Refused(reply.status.as_u16()));
    }
    serde_json::from_slice(&reply.body).map_err(|_| TokenError::Unreadable)
}

/// As RFC 6749, 2.3.1 wants name and secret before they go into HTTP Basic.
fn encoded(text: &str) -> String {
    form_urlencoded::byte_serialize(text.as_bytes()).collect()
}

#[cfg(test)]
mod tests {
    use futures_util::future::join_all;
    use tokio::time::Instant;

    use super::*;

    fn credentials(at: std::net::SocketAddr) -> Credentials {
        Credentials {
            token_url: format!("http://{at}/token"),
            client_id: "us".to_owned(),
            secret: "s".to_owned(),
            scope: None,
        }
    }

    fn outbound() -> Outbound {
        let allowed = "127.0.0.0/8".parse().unwrap_or_else(|e| panic!("{e}"));
        Outbound::new(allowed).unwrap_or_else(|e| panic!("{e:#}"))
    }

    #[tokio::test(start_paused = true)]
    async fn who_waits_behind_others_waits_no_longer() {
        let silent = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap_or_else(|e| panic!("{e}"));
        let at = silent.local_addr().unwrap_or_else(|e| panic!("{e}"));
        let (tokens, outbound, began) = (Tokens::default(), outbound(), Instant::now());
        let ask = |_| tokens.token(&outbound, EndpointId(1), credentials(at), Timestamp::from_millis(0));
        for asked in join_all((0..8).map(ask)).await {
            assert!(matches!(asked, Err(TokenError::Unreached(OutboundError::TimedOut))), "{asked:?}");
        }
        assert!(began.elapsed() <= WITHIN + Duration::from_millis(10), "{:?}", began.elapsed());
    }

    #[tokio::test]
    async fn tokens_that_nobody_waits_for_are_not_held_for_ever() {
        let (tokens, outbound) = (Tokens::default(), Outbound::new(Default::default()));
        let outbound = outbound.unwrap_or_else(|e| panic!("{e:#}"));
        let private = credentials(([127, 0, 0, 1], 1).into());
        for endpoint in 0..3_000 {
            let asked =
                tokens.token(&outbound, EndpointId(endpoint), private.clone(), Timestamp::from_millis(0));
            assert!(asked.await.is_err(), "it may not be called");
        }
        assert!(tokens.0.len() <= REMEMBERED, "{}", tokens.0.len());
    }
}
