//! Webhooks at the wire: the real server tells real receivers, which are down, slow, gone, hostile, or fine; and the
//! verifier that others use says what it thinks of our signatures.

mod killed;
mod receivers;
mod targets;
mod verified;

use anyhow::{Context as _, Result, ensure};
use harness::api::Api;
use harness::eventually;
use harness::receiver::Received;
use harness::server::Server;
use serde_json::{Value, json};

/// Lets a server call receivers of ours.
pub(crate) const ALLOWED: [&str; 2] = ["--outbound-allow", "127.0.0.0/8"];

/// Of which shipment a message is.
pub(crate) fn shipment(seen: &Received) -> String {
    seen.json()["data"]["shipment"]["trackingId"].as_str().unwrap_or_default().to_owned()
}

/// The shipment's sequence in it.
pub(crate) fn sequence(seen: &Received) -> u64 {
    seen.json()["data"]["shipment"]["sequence"].as_u64().unwrap_or_default()
}

/// A server and the tenant's manager.
pub(crate) struct Post {
    pub(crate) server: Server,
    pub(crate) api: Api,
}

/// A webhook that was made.
pub(crate) struct Hook {
    pub(crate) id: i64,
    pub(crate) secret: String,
}

impl Post {
    /// With nothing in it, and these flags of `doorstep serve`.
    pub(crate) async fn open(flags: &[&str]) -> Result<Self> {
        let server = Server::start_with(flags).await?;
        let api = server.client("shop").await?;
        Ok(Self { server, api })
    }

    /// Makes a webhook that calls `url`.
    pub(crate) async fn hook(&self, url: &str) -> Result<Hook> {
        let (status, made) = self.api.post("/webhooks", &json!({"url": url})).await?;
        ensure!(status == 201, "webhook: {status} {made}");
        let secret = made["secret"].as_str().context("a secret")?.to_owned();
        Ok(Hook { id: made["id"].as_i64().context("an id")?, secret })
    }

    pub(crate) async fn report(&self, id: &str, event: &str, status: &str) -> Result<()> {
        self.api.report(id, json!({"id": event, "status": status})).await.map(drop)
    }

    /// How a webhook stands.
    pub(crate) async fn stands(&self, hook: &Hook) -> Result<Value> {
        Ok(self.api.get(&format!("/webhooks/{}", hook.id)).await?.1)
    }

    /// Its messages with their attempts, the oldest first.
    pub(crate) async fn messages(&self, hook: &Hook) -> Result<Vec<Value>> {
        let (_, page) = self.api.get(&format!("/webhooks/{}/messages?limit=200", hook.id)).await?;
        let listed = page["messages"].as_array().context("messages")?;
        let mut messages = Vec::new();
        for message in listed.iter().rev() {
            let id = message["id"].as_str().context("an id")?;
            messages.push(self.api.get(&format!("/webhooks/{}/messages/{id}", hook.id)).await?.1);
        }
        Ok(messages)
    }

    /// The first attempt of its first message, once there is one.
    pub(crate) async fn first_attempt(&self, hook: &Hook) -> Result<Value> {
        eventually("a first attempt", || async {
            let attempt = self.messages(hook).await?.first().map(|message| message["attempts"][0].clone());
            Ok(attempt.filter(|attempt| !attempt.is_null()))
        })
        .await
    }
}
