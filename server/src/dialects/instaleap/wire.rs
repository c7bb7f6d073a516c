//! How a request of this dialect is read: who calls, with which body. Each refuses in the dialect's envelope, so that
//! no refusal of another face's leaves this one.

use std::fmt::Display;
use std::sync::Arc;

use axum::Json;
use axum::extract::{FromRequest, FromRequestParts, RawPathParams, Request};
use http::request::Parts;
use serde::de::DeserializeOwned;
use serde_json::Value;
use utoipa::ToSchema;

use super::fault::{Code, Fault};
use crate::api::{AcceptsJson, ApiJson, Faults, Form, KnownClient};
use crate::dialects::auth::AuthError;
use crate::dialects::{DialectState, Presented, presented};
use crate::identity::Role;
use crate::problem::FieldError;

/// The header with the key.
pub(super) const KEY: &str = "x-api-key";

/// The most that is told about one body.
const MOST_TOLD: usize = 100;

macro_rules! callers {
    ($( $(#[$doc:meta])* $name:ident: $($role:ident),+; )+) => { $(
        $(#[$doc])*
        pub(super) struct $name(pub(super) Arc<KnownClient>);

        impl FromRequestParts<DialectState> for $name {
            type Rejection = Fault;

            async fn from_request_parts(parts: &mut Parts, state: &DialectState) -> Result<Self, Fault> {
                caller(parts, state, &[$(Role::$role),+]).await.map(Self)
            }
        }
    )+ };
}

callers! {
    /// The retailer's back end: sets up, asks, creates and changes.
    Retailer: Manager;
    /// Whoever reads.
    Reader: Manager, Reader;
    /// Whoever picks and brings, and reports it: an app or a fleet.
    Reporter: Manager, Carrier;
}

async fn caller(parts: &mut Parts, state: &DialectState, roles: &[Role]) -> Result<Arc<KnownClient>, Fault> {
    AcceptsJson::from_request_parts(parts, state).await?;
    let Presented::Known(known) = presented(state, parts, KEY).await? else {
        return Err(Code::Unauthorized.into());
    };
    if roles.contains(&known.client.role) {
        return Ok(known);
    }
    let roles: Vec<&str> = roles.iter().map(|role| role.as_str()).collect();
    Err(Fault::new(Code::Forbidden).because(format!("it takes a key of the role {}", roles.join(" or "))))
}

/// A body: as it came, and read.
pub(super) struct Body<T> {
    /// As it came, to be kept.
    pub(super) raw: Value,
    /// Read.
    pub(super) read: T,
}

impl<T: DeserializeOwned> Form for Body<T> {
    fn read(bytes: &[u8]) -> Result<Self, serde_json::Error> {
        let raw = match serde_json::from_slice(bytes) {
            Ok(raw) => raw,
            Err(error) => serde_json::from_slice(&escaped_tabs(bytes)).map_err(|_| error)?,
        };
        let read = crate::api::wire::object_of(&raw)?;
        Ok(Self { raw, read })
    }

    fn faults(body: Value, faults: &mut Faults) {
        faults.of_object::<T>(body, "");
    }
}

impl<T: DeserializeOwned> FromRequest<DialectState> for Body<T> {
    type Rejection = Fault;

    async fn from_request(request: Request, state: &DialectState) -> Result<Self, Fault> {
        let ApiJson(body) = ApiJson::<Self>::from_request(request, state).await?;
        Ok(body)
    }
}

/// The same with the tabs in its texts escaped. A bare tab in a text is no JSON (RFC 8259, 7), but stands in a key of the
/// sample that integrations are written from.
fn escaped_tabs(bytes: &[u8]) -> Vec<u8> {
    let (mut within, mut escaped) = (false, false);
    let mut out = Vec::with_capacity(bytes.len() + 8);
    for &byte in bytes {
        match byte {
            b'\t' if within => {
                out.extend_from_slice(b"\\t");
                continue;
            }
            b'"' if !escaped => within = !within,
            _ => {}
        }
        escaped = within && byte == b'\\' && !escaped;
        out.push(byte);
    }
    out
}

/// The names in the path, in their order.
pub(super) struct Names<const N: usize>(pub(super) [String; N]);

/// Why it cannot be said who calls.
impl From<AuthError> for Fault {
    fn from(error: AuthError) -> Self {
        match error {
            AuthError::TooMany(too_many) => crate::problem::Problem::from(too_many).into(),
            AuthError::Store(error) => error.into(),
        }
    }
}

impl<const N: usize> FromRequestParts<DialectState> for Names<N> {
    type Rejection = Fault;

    async fn from_request_parts(parts: &mut Parts, state: &DialectState) -> Result<Self, Fault> {
        let not_utf8 = |_| Fault::new(Code::Malformed).because("the path is not UTF-8");
        let given = RawPathParams::from_request_parts(parts, state).await.map_err(not_utf8)?;
        let names: Vec<String> = given.iter().map(|(_, name)| name.to_owned()).collect();
        names.try_into().map(Self).map_err(|_| Code::NotFound.into())
    }
}

/// What is wrong with the values of a body, and where.
#[derive(Default)]
pub(super) struct Wrong(Vec<FieldError>);

impl Wrong {
    /// Notes `message` at `at` (a JSON pointer), unless it holds.
    pub(super) fn unless(&mut self, holds: bool, at: &str, message: impl Display) {
        if !holds && self.0.len() < MOST_TOLD {
            self.0.push(FieldError::new(at, message.to_string()));
        }
    }

    /// Notes where a text is longer than the document says, whatever would be left of it once it is cleaned.
    pub(super) fn within(&mut self, text: &str, most: usize, at: &str) {
        self.unless(text.chars().count() <= most, at, format_args!("must have at most {most} characters"));
    }

    /// What `read` makes of a text, or a note.
    pub(super) fn parse<T, E: Display>(
        &mut self,
        text: Option<&str>,
        at: &str,
        read: impl FnOnce(&str) -> Result<T, E>,
    ) -> Option<T> {
        // What is empty is not said.
        let text = text.filter(|text| !text.trim().is_empty())?;
        read(text).map_err(|error| self.unless(false, at, error)).ok()
    }

    /// `value`, or all that was noted.
    pub(super) fn or<T>(self, value: T) -> Result<T, Fault> {
        if self.0.is_empty() { Ok(value) } else { Err(Fault::new(Code::Invalid).errors(self.0)) }
    }
}

/// That it was done.
#[derive(Debug, serde::Serialize, ToSchema)]
pub(super) struct Done {
    /// What.
    message: &'static str,
    /// To which job.
    job_id: String,
}

impl Done {
    /// That `message` was done to a job.
    pub(super) fn of(message: &'static str, job: &str) -> Json<Self> {
        Json(Self { message, job_id: job.to_owned() })
    }
}
