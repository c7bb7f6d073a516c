//! What every request handler may use. Made once at start; cheap to clone.

use std::sync::Arc;

use tokio_util::sync::CancellationToken;

use crate::clock::Clock;
use crate::hub::Hub;
use crate::limits::Limits;
use crate::store::Store;

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
    /// Cancelled when the server is to stop: streams end, new work is refused.
    pub stopping: CancellationToken,
}
