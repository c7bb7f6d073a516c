//! The keys by which a retailer signs tokens. A public key is shown as it is; a shared secret is sealed
//! and never shown again.

use jsonwebtoken::DecodingKey;
use utoipa::ToSchema;

use crate::access::{Algorithm, TokenKey};
use crate::api::extract::Refusals;
use crate::identity::TenantId;
use crate::problem::{Problem, ProblemKind};
use crate::vault::Vault;

/// The most keys of a tenant: the one that is used, and those before and after it.
pub(super) const MOST: usize = 10;

/// The most characters of a key's name.
const MOST_ID: usize = 64;

/// How many bytes a shared secret has: as many as the hash it keys (RFC 7518, 3.2), up to a bound.
const SECRET_BYTES: std::ops::RangeInclusive<usize> = 32..=512;

/// A key by which the retailer signs tokens.
#[derive(serde::Serialize, serde::Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct KeyBody {
    /// The `kid` of its tokens.
    #[schema(min_length = 1, max_length = 64, pattern = "^[!-~]+$")]
    id: String,
    /// How it signs.
    algorithm: Algorithm,
    /// For EdDSA the public key as PEM. For HS256 the secret, of 32 to 512 bytes: never shown, and kept as
    /// it is where it is not given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    key: Option<String>,
}

impl std::fmt::Debug for KeyBody {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("KeyBody").field("id", &self.id).field("algorithm", &self.algorithm).finish()
    }
}

impl From<TokenKey> for KeyBody {
    fn from(kept: TokenKey) -> Self {
        let TokenKey { id, algorithm, key } = kept;
        Self { id, algorithm, key: (algorithm == Algorithm::EdDsa).then_some(key) }
    }
}

/// A key that was told.
pub(super) enum Told {
    /// To be kept as it is.
    Whole(TokenKey),
    /// A shared secret in clear.
    Secret { id: String, secret: String },
}

/// The keys that were told, where there are some `before`.
pub(super) fn hear(bodies: Vec<KeyBody>, before: &[TokenKey], refusals: &mut Refusals) -> Vec<Told> {
    let mut told: Vec<Told> = Vec::with_capacity(bodies.len());
    let mut ids: Vec<String> = Vec::with_capacity(bodies.len());
    for (index, KeyBody { id, algorithm, key }) in bodies.into_iter().enumerate() {
        let place = |field: &str| format!("/tokenKeys/{index}/{field}");
        if !(1..=MOST_ID).contains(&id.len()) || !id.bytes().all(|byte| byte.is_ascii_graphic()) {
            refusals.add(place("id"), format!("must have 1 to {MOST_ID} visible ASCII characters"));
        }
        if ids.contains(&id) {
            refusals.add(place("id"), "is another key's too");
        }
        ids.push(id.clone());
        let kept = || before.iter().find(|kept| kept.id == id && kept.algorithm == algorithm).cloned();
        match (algorithm, key) {
            (Algorithm::EdDsa, Some(key)) if DecodingKey::from_ed_pem(key.as_bytes()).is_ok() => {
                told.push(Told::Whole(TokenKey { id, algorithm, key }));
            }
            (Algorithm::EdDsa, _) => refusals.add(place("key"), "must be an Ed25519 public key as PEM"),
            (Algorithm::Hs256, Some(secret)) if SECRET_BYTES.contains(&secret.len()) => {
                told.push(Told::Secret { id, secret });
            }
            (Algorithm::Hs256, Some(_)) => refusals.add(place("key"), "must have 32 to 512 bytes"),
            (Algorithm::Hs256, None) => match kept() {
                Some(kept) => told.push(Told::Whole(kept)),
                None => refusals.add(place("key"), "is missing, and there is none yet"),
            },
        }
    }
    told
}

/// The keys as they are kept.
pub(super) fn seal(told: Vec<Told>, tenant: TenantId, vault: &Vault) -> Result<Vec<TokenKey>, Problem> {
    let keys = told.into_iter().map(|told| match told {
        Told::Whole(key) => Ok(key),
        Told::Secret { id, secret } => {
            let key = vault.seal_token_key(tenant, &id, secret.as_bytes())?;
            Ok(TokenKey { id, algorithm: Algorithm::Hs256, key })
        }
    });
    keys.collect::<anyhow::Result<_>>().map_err(|error| {
        tracing::error!(error = format!("{error:#}"), "a key could not be sealed");
        Problem::new(ProblemKind::Internal)
    })
}
