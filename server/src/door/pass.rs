//! How a session's token comes and goes: as a cookie of the page's own, or as a bearer token where a frame
//! in another site gets no cookies. A cookie is named after its shipment, so that a browser holds several.

use cookie::{Cookie, SameSite};
use doorstep_model::id::TrackingId;
use http::{HeaderMap, HeaderName, HeaderValue, header};
use sha2::{Digest as _, Sha256};

use crate::access::{IDLE_MS, Secret, SecretHash};
use crate::public_url::PublicUrl;

/// Asks for a token in place of a cookie (`token`), and tells a bearer token's successor.
pub static SESSION_HEADER: HeaderName = HeaderName::from_static("x-doorstep-session");

/// A token, and how it travels.
pub struct Pass {
    token: String,
    carrier: Carrier,
}

enum Carrier {
    Bearer,
    Cookie { name: String, secure: bool },
}

impl Pass {
    /// What a request comes with for shipment `id`. A bearer token goes before a cookie.
    pub fn presented(headers: &HeaderMap, id: &TrackingId, at: &PublicUrl) -> Option<Self> {
        if let Some(token) = bearer(headers) {
            return Some(Self { token, carrier: Carrier::Bearer });
        }
        let name = cookie_name(id, at);
        let lines = headers.get_all(header::COOKIE).iter().filter_map(|line| line.to_str().ok());
        let token = lines
            .flat_map(Cookie::split_parse)
            .filter_map(Result::ok)
            .find(|cookie| cookie.name() == name)
            .map(|cookie| cookie.value().to_owned())?;
        Some(Self { token, carrier: Carrier::Cookie { name, secure: at.is_secure() } })
    }

    /// A new one for shipment `id`, as whoever asked with these headers wants it.
    pub fn issued(secret: &Secret, headers: &HeaderMap, id: &TrackingId, at: &PublicUrl) -> Self {
        let carrier = if wants_token(headers) {
            Carrier::Bearer
        } else {
            Carrier::Cookie { name: cookie_name(id, at), secure: at.is_secure() }
        };
        Self { token: secret.reveal().to_owned(), carrier }
    }

    /// Its successor.
    #[must_use]
    pub fn with(self, secret: &Secret) -> Self {
        Self { token: secret.reveal().to_owned(), ..self }
    }

    /// By what its session is known.
    pub fn hash(&self) -> SecretHash {
        SecretHash::of(&self.token)
    }

    /// The token itself, where it travels in a body.
    pub fn bearer_token(&self) -> Option<&str> {
        matches!(self.carrier, Carrier::Bearer).then_some(&self.token)
    }

    /// Gives it to its owner.
    pub fn give(&self, headers: &mut HeaderMap) {
        match &self.carrier {
            Carrier::Bearer => put(headers, SESSION_HEADER.clone(), &self.token),
            Carrier::Cookie { name, secure } => {
                let age = cookie::time::Duration::milliseconds(IDLE_MS);
                put(headers, header::SET_COOKIE, &made(name, &self.token, *secure, age));
            }
        }
    }

    /// Has its owner forget it.
    pub fn take_back(&self, headers: &mut HeaderMap) {
        if let Carrier::Cookie { name, secure } = &self.carrier {
            put(headers, header::SET_COOKIE, &made(name, "", *secure, cookie::time::Duration::ZERO));
        }
    }
}

fn put(headers: &mut HeaderMap, name: HeaderName, value: &str) {
    if let Ok(mut value) = HeaderValue::try_from(value) {
        value.set_sensitive(true);
        headers.append(name, value);
    }
}

fn made(name: &str, token: &str, secure: bool, age: cookie::time::Duration) -> String {
    Cookie::build((name, token))
        .path("/")
        .http_only(true)
        .secure(secure)
        .same_site(SameSite::Lax)
        .max_age(age)
        .build()
        .to_string()
}

/// The prefix has browsers refuse the cookie from a neighbouring host and without TLS.
fn cookie_name(id: &TrackingId, at: &PublicUrl) -> String {
    let digest = Sha256::digest(id.key().as_bytes());
    let short: String = digest.iter().take(8).map(|byte| format!("{byte:02x}")).collect();
    let prefix = if at.is_secure() { "__Host-" } else { "" };
    format!("{prefix}doorstep-{short}")
}

fn bearer(headers: &HeaderMap) -> Option<String> {
    let (scheme, token) = headers.get(header::AUTHORIZATION)?.to_str().ok()?.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim().to_owned())
}

fn wants_token(headers: &HeaderMap) -> bool {
    headers.get(&SESSION_HEADER).is_some_and(|value| value == "token")
}
