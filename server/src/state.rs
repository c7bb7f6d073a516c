//! What every request handler may use. Made once at start; cheap to clone.

use std::sync::Arc;

use tokio_util::sync::CancellationToken;

use crate::clock::Clock;
use crate::hub::Hub;
use crate::limits::Limits;
use crate::mail::Mail;
use crate::outbound::Outbound;
use crate::public_url::PublicUrl;
use crate::store::Store;
use crate::vault::Vault;
use crate::webhooks::Shapes;

/// What every request handler may use.
#[derive(Clone)]
pub struct AppState {
    /// What is kept.
    pub store: Arc<dyn Store>,
    /// Who watches what.
    pub hub: Arc<Hub>,
    /// The present.
    pub clock: Clock,
    /// How much anybody may ask.
    pub limits: Arc<Limits>,
    /// Seals what is kept secret.
    pub vault: Arc<Vault>,
    /// Sends one-time codes.
    pub mail: Arc<dyn Mail>,
    /// Calls addresses that others chose: managers, and networks that the operator allowed them.
    pub outbound: Arc<Outbound>,
    /// Calls push services. Anybody may name one, so what is allowed to managers is not reached by it.
    pub push: Arc<Outbound>,
    /// In which shapes news leaves.
    pub shapes: Shapes,
    /// Where people reach this server.
    pub public_url: PublicUrl,
    /// Cancelled when the server is to stop: streams end, new work is refused.
    pub stopping: CancellationToken,
}
