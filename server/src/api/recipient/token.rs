//! Tokens that the retailer signs for its own customer: which shipment, and whether they are known to be
//! the person. A token names its key; the key says whose it is and by which algorithm it signs, and what
//! the token says of that itself counts for nothing. All refusals are one.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use doorstep_model::id::TrackingId;
use doorstep_model::time::Timestamp;
use jsonwebtoken::{DecodingKey, Validation};
use serde::de::IgnoredAny;

use crate::access::{Algorithm, TenantSettings, TokenKey};
use crate::identity::TenantId;
use crate::problem::{Problem, ProblemKind};
use crate::state::AppState;
use crate::vault::Vault;

/// The most characters that a token may have; ours have some three hundred.
const MOST_CHARACTERS: usize = 4_096;

/// How long a token may hold, in seconds.
const HOLDS: i64 = 10 * 60;

/// How far the retailer's clock may be off ours, in seconds.
const LEEWAY: i64 = 60;

/// What a token lets its holder do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Scope {
    /// What a link does.
    Recipient,
    /// The same, and they are known to be the person.
    Code,
}

/// What a token was found to grant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Granted {
    /// Whose shipment it is.
    pub(super) tenant: TenantId,
    /// What its holder may do with it.
    pub(super) scope: Scope,
}

/// What a token says of itself, as far as we believe it.
#[derive(serde::Deserialize)]
struct Head {
    kid: String,
    /// Extensions that must be understood (RFC 7515, 4.1.11); we understand none.
    crit: Option<IgnoredAny>,
}

/// What stands in a token.
#[derive(serde::Deserialize)]
struct Claims {
    shipment: String,
    scope: Scope,
    iat: i64,
    exp: i64,
    nbf: Option<i64>,
}

impl Claims {
    /// Whether it holds at `now`, and was not made to hold for long.
    fn hold(&self, now: Timestamp) -> bool {
        let now = now.millis().div_euclid(1_000);
        let begun = now.saturating_add(LEEWAY);
        self.exp.checked_sub(self.iat).is_some_and(|span| (0..=HOLDS).contains(&span))
            && self.iat <= begun
            && self.nbf.is_none_or(|from| from <= begun)
            && self.exp > now.saturating_sub(LEEWAY)
    }
}

/// What `token` grants for the shipment `id`. Where the tenant takes no token as a proof of who one is, it
/// grants what a link does and no more; after too many wrong proofs too, since only staff go on then.
///
/// # Errors
/// `link_not_valid`, whatever is wrong with it; and what the store could not answer.
pub(super) async fn check(state: &AppState, id: &TrackingId, token: &str) -> Result<Granted, Problem> {
    let refused = || Problem::new(ProblemKind::LinkNotValid);
    let tenant = state.store.tenant_of(id).await?.ok_or_else(refused)?;
    let settings = state.store.settings(tenant).await?;
    let shipment = state.store.shipment_of(tenant, id).await?.ok_or_else(refused)?;
    let signed = Signed { vault: &state.vault, tenant, settings: &settings };
    let scope = signed.scope(id, token, state.clock.now()).ok_or_else(refused)?;
    let proves = settings.step_up.token && !shipment.handoff().identity_locked();
    Ok(Granted { tenant, scope: if proves { scope } else { Scope::Recipient } })
}

/// What a tenant's tokens are checked by.
struct Signed<'a> {
    vault: &'a Vault,
    tenant: TenantId,
    settings: &'a TenantSettings,
}

impl Signed<'_> {
    fn scope(&self, id: &TrackingId, token: &str, now: Timestamp) -> Option<Scope> {
        if token.len() > MOST_CHARACTERS {
            return None;
        }
        let head = URL_SAFE_NO_PAD.decode(token.split('.').next()?).ok()?;
        let head: Head = serde_json::from_slice(&head).ok().filter(|head: &Head| head.crit.is_none())?;
        let key = self.settings.token_keys.iter().find(|key| key.id == head.kid)?;
        let (key, algorithm) = self.decoding(key)?;
        let mut validation = Validation::new(algorithm);
        // Times are looked at here, by our own clock. A token for another audience stays refused.
        validation.validate_exp = false;
        validation.required_spec_claims.clear();
        let claims = jsonwebtoken::decode::<Claims>(token, &key, &validation).ok()?.claims;
        let same = TrackingId::parse(&claims.shipment).is_ok_and(|named| named == *id);
        (same && claims.hold(now)).then_some(claims.scope)
    }

    fn decoding(&self, key: &TokenKey) -> Option<(DecodingKey, jsonwebtoken::Algorithm)> {
        Some(match key.algorithm {
            Algorithm::EdDsa => {
                (DecodingKey::from_ed_pem(key.key.as_bytes()).ok()?, jsonwebtoken::Algorithm::EdDSA)
            }
            Algorithm::Hs256 => {
                let secret = self.vault.token_key(self.tenant, &key.id, &key.key)?;
                (DecodingKey::from_secret(&secret), jsonwebtoken::Algorithm::HS256)
            }
        })
    }
}

#[cfg(test)]
mod tests;
