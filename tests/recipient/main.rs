//! What a recipient can do, at the wire of the real server: who gets in, what is kept from whom, edits
//! that are neither lost nor doubled, a code that is nowhere in clear, a calendar that others can read.

mod calendar;
mod code;
mod edits;
mod hostile;
mod links;
mod secrecy;

use anyhow::{Result, ensure};
use harness::api::Api;
use harness::server::Server;
use serde_json::{Value, json};

/// A server, the tenant's manager and its carrier.
pub(crate) struct House {
    pub(crate) server: Server,
    pub(crate) manager: Api,
    pub(crate) carrier: Api,
}

impl House {
    /// With nothing in it, and these flags of `doorstep serve`.
    pub(crate) async fn open(flags: &[&str]) -> Result<Self> {
        let server = Server::start_with(flags).await?;
        let manager = server.client_as("shop", "manager").await?;
        let carrier = server.client_as("shop", "carrier").await?;
        Ok(Self { server, manager, carrier })
    }

    /// Makes a shipment known that has a phone on file; with what `more` says.
    pub(crate) async fn shipment(&self, id: &str, more: Value) -> Result<()> {
        let mut body = json!({
            "trackingId": id, "zone": "Europe/Madrid",
            "recipient": {"name": "Ada Ejemplo", "phone": "+34 600 123 471", "address": "Calle de Ejemplo 12"},
        });
        if let (Some(body), Value::Object(more)) = (body.as_object_mut(), more) {
            body.extend(more);
        }
        let (status, answer) = self.manager.post("/shipments", &body).await?;
        ensure!(status == 201, "create: {status} {answer}");
        Ok(())
    }
}
