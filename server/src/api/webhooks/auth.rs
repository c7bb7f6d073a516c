//! How a webhook shows who we are, on the wire: secrets go in and never come out.

use std::str::FromStr;

use doorstep_model::text::UnknownWord;
use utoipa::ToSchema;

use super::unsealed;
use crate::api::extract::Refusals;
use crate::api::wire;
use crate::identity::TenantId;
use crate::outbound::Target;
use crate::problem::Problem;
use crate::state::AppState;
use crate::webhooks::{Auth, SigningKey, is_header_allowed};

/// The most bytes of a secret that is no signing key.
const MOST_SECRET: usize = 512;

/// The most characters of a client's name and of a scope.
const MOST_NAME: usize = 256;

/// A way of showing who we are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize, ToSchema)]
#[serde(rename_all = "lowercase")]
#[schema(as = WebhookAuthKind)]
pub(super) enum Kind {
    /// By the signature of Standard Webhooks 1.0.0.
    #[default]
    Signature,
    /// By HMAC-SHA-256 of the body, in lower-case hexadecimal digits.
    Hmac,
    /// By a token of OAuth 2.0 (client credentials).
    Oauth,
    /// By a header of your own.
    Header,
    /// Not at all.
    None,
}

impl FromStr for Kind {
    type Err = UnknownWord;

    fn from_str(word: &str) -> Result<Self, UnknownWord> {
        match word {
            "signature" => Ok(Self::Signature),
            "hmac" => Ok(Self::Hmac),
            "oauth" => Ok(Self::Oauth),
            "header" => Ok(Self::Header),
            "none" => Ok(Self::None),
            _ => Err(UnknownWord),
        }
    }
}

/// How a webhook shows who we are.
#[derive(Clone, Default, serde::Serialize, serde::Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
#[schema(as = WebhookAuth)]
pub(super) struct AuthBody {
    /// In which way.
    #[serde(deserialize_with = "wire::one_word")]
    kind: Kind,
    /// For `signature` a key of your own, `whsec_` and 24 to 64 bytes in base64; drawn where it is left out. For
    /// `hmac` and `oauth` the secret, for `header` the header's value. Never shown, and kept as it is where it
    /// is left out and the kind stays.
    #[serde(skip_serializing)]
    #[schema(write_only, max_length = 512)]
    secret: Option<String>,
    /// The header of `hmac` and `header`, such as `X-Signature`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(max_length = 64)]
    header: Option<String>,
    /// Where `oauth` asks for a token.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(format = "uri", max_length = 2048)]
    token_url: Option<String>,
    /// As whom `oauth` asks.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(max_length = 256)]
    client_id: Option<String>,
    /// For what `oauth` asks.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(max_length = 256)]
    scope: Option<String>,
}

impl std::fmt::Debug for AuthBody {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("AuthBody").field("kind", &self.kind).finish_non_exhaustive()
    }
}

/// What was heard: the auth, and the signing key where it was drawn or given just now.
pub(super) struct Heard {
    pub(super) auth: Auth,
    pub(super) shown: Option<SigningKey>,
}

impl AuthBody {
    /// The auth that it tells, where it was `before`. `None` when something was refused.
    pub(super) fn hear(
        self,
        app: &AppState,
        tenant: TenantId,
        before: Option<&Auth>,
        refusals: &mut Refusals,
    ) -> Result<Option<Heard>, Problem> {
        self.check_fields(refusals);
        let plain = |auth| Ok(Some(Heard { auth, shown: None }));
        let vault = &*app.vault;
        match (self.kind, before) {
            (Kind::None, _) => plain(Auth::None),
            (Kind::Signature, Some(Auth::Signature { secrets })) if self.secret.is_none() => {
                plain(Auth::Signature { secrets: secrets.clone() })
            }
            (Kind::Signature, _) => {
                let key = match self.secret.as_deref().map(str::parse::<SigningKey>) {
                    None => SigningKey::random().map_err(unsealed)?,
                    Some(Ok(key)) => key,
                    Some(Err(error)) => {
                        refusals.add("/auth/secret", error);
                        return Ok(None);
                    }
                };
                let auth = Auth::signature(vault, tenant, &key).map_err(unsealed)?;
                Ok(Some(Heard { auth, shown: Some(key) }))
            }
            (Kind::Hmac, before) => {
                let Some(header) = self.header(refusals) else { return Ok(None) };
                if let (None, Some(Auth::Hmac { secret, .. })) = (&self.secret, before) {
                    return plain(Auth::Hmac { header, secret: secret.clone() });
                }
                let Some(secret) = self.secret(refusals) else { return Ok(None) };
                plain(Auth::hmac(vault, tenant, &header, secret.as_bytes()).map_err(unsealed)?)
            }
            (Kind::Header, before) => {
                let Some(name) = self.header(refusals) else { return Ok(None) };
                if let (None, Some(Auth::Header { value, .. })) = (&self.secret, before) {
                    return plain(Auth::Header { name, value: value.clone() });
                }
                let Some(value) = self.secret(refusals) else { return Ok(None) };
                if !value.bytes().all(|byte| (b' '..=b'~').contains(&byte)) {
                    refusals.add("/auth/secret", "must have visible ASCII characters");
                    return Ok(None);
                }
                plain(Auth::header(vault, tenant, &name, value.as_bytes()).map_err(unsealed)?)
            }
            (Kind::Oauth, before) => {
                let Some((token_url, client_id)) = self.asked(app, refusals) else { return Ok(None) };
                let scope = self.scope.clone();
                if let (None, Some(Auth::Oauth { secret, .. })) = (&self.secret, before) {
                    let (token_url, secret) = (token_url.as_str().to_owned(), secret.clone());
                    return plain(Auth::Oauth { token_url, client_id, secret, scope });
                }
                let Some(secret) = self.secret(refusals) else { return Ok(None) };
                let secret = secret.as_bytes();
                let auth = Auth::oauth(vault, tenant, &token_url, &client_id, secret, scope.as_deref());
                plain(auth.map_err(unsealed)?)
            }
        }
    }

    /// A field that the kind does not know would be left out silently.
    fn check_fields(&self, refusals: &mut Refusals) {
        let oauth = self.kind == Kind::Oauth;
        for (name, given, known) in [
            ("secret", self.secret.is_some(), self.kind != Kind::None),
            ("header", self.header.is_some(), matches!(self.kind, Kind::Hmac | Kind::Header)),
            ("tokenUrl", self.token_url.is_some(), oauth),
            ("clientId", self.client_id.is_some(), oauth),
            ("scope", self.scope.is_some(), oauth),
        ] {
            if given && !known {
                refusals.add(format!("/auth/{name}"), "is no field of that kind");
            }
        }
    }

    fn header(&self, refusals: &mut Refusals) -> Option<String> {
        match &self.header {
            Some(name) if is_header_allowed(name) => return Some(name.clone()),
            Some(_) => refusals.add("/auth/header", "must be the name of a header that may be chosen"),
            None => refusals.add("/auth/header", "is missing"),
        }
        None
    }

    fn secret(&self, refusals: &mut Refusals) -> Option<String> {
        match &self.secret {
            Some(secret) if (1..=MOST_SECRET).contains(&secret.len()) => return Some(secret.clone()),
            Some(_) => refusals.add("/auth/secret", format!("must have 1 to {MOST_SECRET} bytes")),
            None => refusals.add("/auth/secret", "is missing, and there is none yet"),
        }
        None
    }

    fn asked(&self, app: &AppState, refusals: &mut Refusals) -> Option<(Target, String)> {
        let bounded = |text: &str| (1..=MOST_NAME).contains(&text.len());
        if self.scope.as_deref().is_some_and(|scope| !bounded(scope)) {
            refusals.add("/auth/scope", format!("must have 1 to {MOST_NAME} bytes"));
        }
        let client_id = self.client_id.clone().filter(|name| bounded(name));
        if client_id.is_none() {
            refusals.add("/auth/clientId", format!("must have 1 to {MOST_NAME} bytes"));
        }
        let target = target(app, self.token_url.as_deref().unwrap_or_default(), "/auth/tokenUrl", refusals);
        target.zip(client_id)
    }
}

/// A URL that may be called, or what is wrong with the one at `pointer`.
pub(super) fn target(app: &AppState, text: &str, pointer: &str, refusals: &mut Refusals) -> Option<Target> {
    let target = match text.parse::<Target>() {
        Ok(target) => target,
        Err(error) => {
            refusals.add(pointer, error);
            return None;
        }
    };
    match app.outbound.permits(&target) {
        Ok(()) => Some(target),
        Err(refused) => {
            refusals.add(pointer, refused);
            None
        }
    }
}

impl From<&Auth> for AuthBody {
    fn from(auth: &Auth) -> Self {
        match auth.clone() {
            Auth::None => Self { kind: Kind::None, ..Self::default() },
            Auth::Signature { .. } => Self::default(),
            Auth::Hmac { header, .. } => Self { kind: Kind::Hmac, header: Some(header), ..Self::default() },
            Auth::Header { name, .. } => Self { kind: Kind::Header, header: Some(name), ..Self::default() },
            Auth::Oauth { token_url, client_id, scope, .. } => Self {
                kind: Kind::Oauth,
                token_url: Some(token_url),
                client_id: Some(client_id),
                scope,
                ..Self::default()
            },
        }
    }
}
