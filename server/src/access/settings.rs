//! What a tenant decides: the rules that new shipments get, which proofs of identity hold,
//! and which pages may show its shipments in a frame.

use doorstep_model::rules::Rules;
use utoipa::ToSchema;

use super::{Brand, Origin};

/// A tenant's settings.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
pub struct TenantSettings {
    /// What shipments get that are created from now on.
    pub rules: Rules,
    /// Which proofs of identity hold.
    pub step_up: StepUp,
    /// Keys with which the retailer signs tokens.
    pub token_keys: Vec<TokenKey>,
    /// Whose pages may frame its shipments; with none, anybody's may show what everybody may see.
    pub origins: Vec<Origin>,
    /// How its shop shows itself around them.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub brand: Option<Brand>,
}

/// Which proofs of identity hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
pub struct StepUp {
    /// The last four digits of the phone on file.
    pub phone_digits: bool,
    /// A one-time code to the e-mail address on file.
    pub email_code: bool,
    /// A token that the retailer signed.
    pub token: bool,
}

impl Default for StepUp {
    fn default() -> Self {
        Self { phone_digits: true, email_code: true, token: true }
    }
}

/// How a retailer signs. A key has one algorithm; the token's own word for it counts for nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize, ToSchema)]
pub enum Algorithm {
    /// Ed25519; we keep the public key (PEM).
    #[serde(rename = "EdDSA")]
    EdDsa,
    /// HMAC-SHA-256; we keep the secret, sealed.
    #[serde(rename = "HS256")]
    Hs256,
}

/// A key with which the retailer signs tokens.
#[derive(Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct TokenKey {
    /// The `kid` of its tokens: 1 to 64 visible ASCII characters.
    pub id: String,
    /// How it signs.
    pub algorithm: Algorithm,
    /// The public key as PEM, or the secret, sealed.
    pub key: String,
}

impl std::fmt::Debug for TokenKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("TokenKey").field("id", &self.id).field("algorithm", &self.algorithm).finish()
    }
}
