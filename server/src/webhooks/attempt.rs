//! One try of one message: written in the endpoint's shape when it is tried first, sealed and kept; signed as of
//! now; sent. Judges nothing: what an answer means stands in [`super::verdict`].

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use doorstep_model::time::Timestamp;
use http::header::{AUTHORIZATION, CONTENT_TYPE};
use http::{HeaderMap, HeaderName, HeaderValue, Method};

use super::oauth::{Credentials, Tokens};
use super::{Auth, Endpoint, News, Rendered, Sealed, Shapes, SigningKey, hmac_hex};
use crate::outbound::{Call, Outbound, Patience, Reply};
use crate::store::Store;
use crate::store::outbox::Claimed;
use crate::vault::{Purpose, Vault};

/// How long a receiver is waited for: the least that Standard Webhooks asks for, so that with a token it stays
/// within a claim.
const PATIENCE: Patience = Patience { within: Duration::from_secs(15), ..Patience::WEBHOOK };

/// What a try needs.
pub(super) struct Means {
    pub(super) store: Arc<dyn Store>,
    pub(super) outbound: Arc<Outbound>,
    pub(super) vault: Arc<Vault>,
    pub(super) shapes: Shapes,
    pub(super) tokens: Tokens,
}

/// How a try ended.
pub(super) enum Tried {
    /// The receiver answered that it has it.
    Taken(Reply),
    /// It answered something else.
    Answered(Reply),
    /// It did not, or was not asked; says why, to the endpoint's owner.
    Unanswered(String),
    /// The shape has no word for it.
    Wordless,
    /// Somebody else took the message over.
    Lost,
}

impl Means {
    /// Tries a message.
    pub(super) async fn attempt(&self, claimed: &Claimed, now: Timestamp) -> Tried {
        let rendered = match &claimed.rendering {
            Some(sealed) => self.open(&claimed.message, sealed),
            None => match self.write(claimed).await {
                Ok(Some(rendered)) => match self.keep(claimed, &rendered).await {
                    Ok(true) => Ok(rendered),
                    Ok(false) => return Tried::Lost,
                    Err(error) => Err(error),
                },
                Ok(None) => return Tried::Wordless,
                Err(error) => Err(error),
            },
        };
        let rendered = match rendered {
            Ok(rendered) => rendered,
            Err(error) => {
                let delivery = claimed.delivery.0;
                tracing::error!(delivery, error = format!("{error:#}"), "a message could not be written");
                return Tried::Unanswered("it could not be written; the cause is in our log".to_owned());
            }
        };
        let headers = match self.headers(claimed, &rendered, now).await {
            Ok(headers) => headers,
            Err(why) => return Tried::Unanswered(why),
        };
        let target = claimed.endpoint.plan.target.clone();
        let call = Call { method: Method::POST, target, headers, body: Bytes::from(rendered.body.clone()) };
        match self.outbound.send(call, PATIENCE).await {
            Ok(reply) => {
                if reply.status == http::StatusCode::UNAUTHORIZED {
                    self.tokens.forget(claimed.endpoint.id);
                }
                let shape = self.shapes.get(&claimed.endpoint.plan.shape);
                match shape.is_some_and(|shape| shape.is_taken(&rendered, reply.status)) {
                    true => Tried::Taken(reply),
                    false => Tried::Answered(reply),
                }
            }
            Err(error) => Tried::Unanswered(error.to_string()),
        }
    }

    async fn write(&self, claimed: &Claimed) -> anyhow::Result<Option<Rendered>> {
        let plan = &claimed.endpoint.plan;
        let shape = self.shapes.get(&plan.shape);
        let shape = shape.ok_or_else(|| anyhow::anyhow!("there is no shape {:?}", plan.shape))?;
        let subject = self.store.subject(claimed.delivery).await?;
        let code = subject.shipment.as_ref().filter(|_| plan.includes_code).and_then(|shipment| {
            let code = shipment.handoff().code.as_ref()?;
            self.vault.code(&code.drawn, shipment.tracking_id())
        });
        let news = News {
            message: claimed.message.clone(),
            topic: subject.topic,
            at: subject.at,
            shipment: subject.shipment,
            event: subject.event,
            code,
        };
        shape.render(&news, &claimed.endpoint).await
    }

    /// Keeps what is sent before it is: whoever tries it after us must send the same. Sealed, because a code may
    /// stand in it.
    async fn keep(&self, claimed: &Claimed, rendered: &Rendered) -> anyhow::Result<bool> {
        let json = serde_json::to_vec(rendered)?;
        let sealed = self.vault.seal(Purpose::Webhook, &claimed.message, &json)?;
        Ok(self.store.keep_rendering(claimed.delivery, claimed.claimed_by, sealed).await?)
    }

    fn open(&self, message: &str, sealed: &str) -> anyhow::Result<Rendered> {
        let json = self.vault.unseal(Purpose::Webhook, message, sealed);
        let json = json.ok_or_else(|| anyhow::anyhow!("another key sealed what is to be sent"))?;
        Ok(serde_json::from_slice(&json)?)
    }

    async fn headers(
        &self,
        claimed: &Claimed,
        rendered: &Rendered,
        now: Timestamp,
    ) -> Result<HeaderMap, String> {
        let mut headers = HeaderMap::new();
        put(&mut headers, CONTENT_TYPE, &rendered.content_type)?;
        for (name, value) in &rendered.headers {
            put(&mut headers, named(name)?, value)?;
        }
        let endpoint = &claimed.endpoint;
        match &endpoint.plan.auth {
            Auth::None => {}
            Auth::Signature { secrets } => {
                let seconds = now.millis().div_euclid(1_000);
                let signing = secrets.iter().filter(|secret| secret.signs_at(now));
                let keys =
                    signing.map(|secret| self.unseal(endpoint, &secret.key).map(SigningKey::from_bytes));
                let signatures = keys.map(|key| Ok(key?.sign(&claimed.message, seconds, &rendered.body)));
                let signatures = signatures.collect::<Result<Vec<_>, String>>()?.join(" ");
                put(&mut headers, HeaderName::from_static("webhook-id"), &claimed.message)?;
                put(&mut headers, HeaderName::from_static("webhook-timestamp"), &seconds.to_string())?;
                put(&mut headers, HeaderName::from_static("webhook-signature"), &signatures)?;
            }
            Auth::Hmac { header, secret } => {
                let signature = hmac_hex(&self.unseal(endpoint, secret)?, rendered.body.as_bytes());
                put(&mut headers, named(header)?, &signature)?;
            }
            Auth::Header { name, value } => {
                put(&mut headers, named(name)?, &text(self.unseal(endpoint, value)?)?)?;
            }
            Auth::Oauth { token_url, client_id, secret, scope } => {
                let credentials = Credentials {
                    token_url: token_url.clone(),
                    client_id: client_id.clone(),
                    secret: text(self.unseal(endpoint, secret)?)?,
                    scope: scope.clone(),
                };
                let token = self.tokens.token(&self.outbound, endpoint.id, credentials, now).await;
                let token = token.map_err(|error| error.to_string())?;
                put(&mut headers, AUTHORIZATION, &format!("Bearer {token}"))?;
            }
        }
        Ok(headers)
    }

    fn unseal(&self, endpoint: &Endpoint, sealed: &Sealed) -> Result<Vec<u8>, String> {
        let unsealed = sealed.unseal(&self.vault, endpoint.tenant);
        unsealed.ok_or_else(|| "its secret was sealed by another server".to_owned())
    }
}

fn put(headers: &mut HeaderMap, name: HeaderName, value: &str) -> Result<(), String> {
    let mut value = HeaderValue::try_from(value).map_err(|_| format!("the value of {name} is not valid"))?;
    value.set_sensitive(true);
    headers.insert(name, value);
    Ok(())
}

fn named(name: &str) -> Result<HeaderName, String> {
    HeaderName::try_from(name).map_err(|_| "a header's name is not valid".to_owned())
}

fn text(bytes: Vec<u8>) -> Result<String, String> {
    String::from_utf8(bytes).map_err(|_| "its secret is no text".to_owned())
}
