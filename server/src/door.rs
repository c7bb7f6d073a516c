//! The door: which session a request comes with, and whether it still opens the shipment that is asked
//! for. API, pages and live streams all ask here, so that a session that is over is over everywhere. Knows
//! headers and the store's use cases, nothing of what lies behind.
//!
//! A token is replaced after a while. The one before holds until the new one came back, since the answer
//! that brought it may have been lost, and then a little longer, since a page asks several things at once.
//! Whoever comes with it later has stolen it or was stolen from, which nobody can tell apart: the session
//! ends.

mod pass;
#[cfg(test)]
mod tests;

use std::sync::Arc;

use doorstep_model::id::TrackingId;
use doorstep_model::shipment::Shipment;
use doorstep_model::time::Timestamp;
use http::HeaderMap;

use crate::access::{GRACE_MS, IDLE_MS, ROTATES_MS, Secret, SecretHash, Session, SessionId};
use crate::state::AppState;
use crate::store::StoreError;

pub use pass::{Pass, SESSION_HEADER};

/// Who came through the door, and what it opened.
#[derive(Clone, Debug)]
pub struct Recipient {
    /// The session they came with.
    pub session: Session,
    /// The one shipment that it opens.
    pub shipment: Arc<Shipment>,
}

/// Why somebody could not be let in.
#[derive(Debug, thiserror::Error)]
pub enum DoorError {
    /// The store could not answer.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// A token could not be made.
    #[error("there is no randomness")]
    Secret(#[source] anyhow::Error),
}

/// Lets the recipient of `id` in who comes with these headers, and gives their token's successor where it
/// is time for one. `None` for everybody else, all alike.
///
/// # Errors
/// [`DoorError`] when it cannot be known.
pub async fn enter(
    state: &AppState,
    id: &TrackingId,
    headers: &HeaderMap,
) -> Result<Option<(Recipient, Option<Pass>)>, DoorError> {
    let Some(pass) = Pass::presented(headers, id, &state.public_url) else { return Ok(None) };
    let token = pass.hash();
    let recipient = match standing(state, id, &token).await? {
        Standing::Opens(recipient) => recipient,
        Standing::Stolen(session) => {
            tracing::warn!(session = session.0, "a session came with a token of long ago and was ended");
            state.store.end_session(session).await?;
            return Ok(None);
        }
        Standing::Nothing => return Ok(None),
    };
    let now = state.clock.now();
    let session = &recipient.session;
    if !is_due(session, &token, now) {
        let news = session.token == token && session.token_seen.is_none();
        if news && !state.store.present_token(session.id, token, now).await? {
            return Ok(look(state, id, headers).await?.map(|recipient| (recipient, None)));
        }
        return Ok(Some((recipient, None)));
    }
    let secret = Secret::random().map_err(DoorError::Secret)?;
    // Another request of the same page may have been faster; then ours is the token before.
    if !state.store.rotate_session(session.id, session.token, token, secret.hash(), now).await? {
        return Ok(look(state, id, headers).await?.map(|recipient| (recipient, None)));
    }
    let renewed = Session {
        token: secret.hash(),
        token_at: now,
        token_before: Some(token),
        token_seen: None,
        ..recipient.session
    };
    Ok(Some((Recipient { session: renewed, ..recipient }, Some(pass.with(&secret)))))
}

/// Whether whoever came with `token` gets another. With the one before only once the answer that brought
/// the present one must be lost: of two answers on their way at once the wrong one might arrive last.
fn is_due(session: &Session, token: &SecretHash, now: Timestamp) -> bool {
    let age = now.millis() - session.token_at.millis();
    if session.token == *token { age >= ROTATES_MS } else { session.token_seen.is_none() && age > GRACE_MS }
}

/// The recipient of `id` who comes with these headers, for what is only looked at: no token is replaced
/// and no session ended.
///
/// # Errors
/// [`StoreError`] when it cannot be known.
pub async fn look(
    state: &AppState,
    id: &TrackingId,
    headers: &HeaderMap,
) -> Result<Option<Recipient>, StoreError> {
    let Some(pass) = Pass::presented(headers, id, &state.public_url) else { return Ok(None) };
    Ok(match standing(state, id, &pass.hash()).await? {
        Standing::Opens(recipient) => Some(recipient),
        Standing::Stolen(_) | Standing::Nothing => None,
    })
}

/// Whether somebody who came in may stay.
#[derive(Clone)]
pub struct Stay {
    state: AppState,
    id: TrackingId,
    token: SecretHash,
}

impl Stay {
    /// Of whoever holds `session`, by the token that holds now.
    pub fn of(state: &AppState, session: &Session) -> Self {
        Self { state: state.clone(), id: session.tracking_id.clone(), token: session.token }
    }

    /// Whether it still holds. What cannot be known does not.
    pub async fn holds(&self) -> bool {
        matches!(standing(&self.state, &self.id, &self.token).await, Ok(Standing::Opens(_)))
    }
}

/// What a token is worth.
enum Standing {
    Opens(Recipient),
    /// It is a token of long ago.
    Stolen(SessionId),
    Nothing,
}

async fn standing(state: &AppState, id: &TrackingId, token: &SecretHash) -> Result<Standing, StoreError> {
    let now = state.clock.now();
    let Some(session) = state.store.session(token).await? else { return Ok(Standing::Nothing) };
    if session.tracking_id != *id || now.millis() - session.token_at.millis() > IDLE_MS {
        return Ok(Standing::Nothing);
    }
    let replaced = session.token_seen.filter(|_| session.token != *token);
    if replaced.is_some_and(|seen| now.millis() - seen.millis() > GRACE_MS) {
        return Ok(Standing::Stolen(session.id));
    }
    let Some(shipment) = state.store.shipment_of(session.tenant, id).await? else {
        return Ok(Standing::Nothing);
    };
    if has_ended(&shipment, now) {
        return Ok(Standing::Nothing);
    }
    Ok(Standing::Opens(Recipient { session, shipment }))
}

/// Whether links and sessions open the shipment no more.
pub fn has_ended(shipment: &Shipment, now: Timestamp) -> bool {
    shipment.access_ends().is_some_and(|end| end <= now)
}
