//! The calendar feed of a delivery (RFC 5545): an entry that moves with the window and keeps its identity.
//! It holds no personal data, and knows nothing of sessions.

use axum::Router;

use crate::state::AppState;

/// The feed's route, which is not under `/api`: calendar programs ask for it.
pub fn router() -> Router<AppState> {
    Router::new()
}
