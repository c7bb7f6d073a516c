//! Errors as the original answers them (`systems.md` 4.6): `type` to program against, `message` for people, and
//! whether it may pass by itself. [`Failure::ALL`] is the one table: HTTP code, severity and the calls that
//! list a type follow from it, in the answers, the OpenAPI document and the tests.
//!
//! What we failed at goes to the log with its cause, and the caller gets a bare 500.

use axum::Json;
use axum::response::{IntoResponse, Response};
use http::{HeaderValue, StatusCode, header};
use serde::Serialize;
use utoipa::ToSchema;
use utoipa::openapi::RefOr;
use utoipa::openapi::schema::{ObjectBuilder, Schema, Type};

use super::wire::read::Fault;
use crate::dialects::CHALLENGE;
use crate::limits::TooMany;
use crate::store::StoreError;

/// The calls that the original's table names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Call {
    /// `POST /shipments`
    Create,
    /// `POST /shipments/list`
    List,
    /// `GET /shipments/{id}`
    Show,
    /// `DELETE /shipments/{id}`
    Cancel,
    /// `PUT /shipments/{id}`
    Edit,
    /// `GET /shipments/{id}/status-history`
    History,
    /// `POST /shipments/{id}/retry`
    Retry,
}

impl Call {
    /// All of them, in the order of the original's table.
    #[cfg(test)]
    pub(crate) const ALL: [Self; 7] =
        [Self::Create, Self::List, Self::Show, Self::Cancel, Self::Edit, Self::History, Self::Retry];
}

/// Whether asking again may help.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Severity {
    /// It may pass by itself.
    Transient,
    /// The request must change.
    Hard,
}

macro_rules! failures {
    ($( $(#[$doc:meta])* $kind:ident = $word:literal, $status:ident, $severity:ident, [$($call:ident)*]; )+) => {
        /// What can go wrong.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub(crate) enum Kind { $( $(#[$doc])* $kind ),+ }

        impl Kind {
            /// Every row of the table.
            pub(crate) const ALL: &'static [Self] = &[$( Self::$kind ),+];

            /// The word for programs.
            pub(crate) const fn word(self) -> &'static str {
                match self { $( Self::$kind => $word ),+ }
            }

            /// The HTTP code.
            pub(crate) const fn status(self) -> StatusCode {
                match self { $( Self::$kind => StatusCode::$status ),+ }
            }

            /// Whether asking again may help.
            pub(crate) const fn severity(self) -> Severity {
                match self { $( Self::$kind => Severity::$severity ),+ }
            }

            /// The calls whose table lists it.
            pub(crate) const fn calls(self) -> &'static [Call] {
                match self { $( Self::$kind => &[$( Call::$call ),*] ),+ }
            }
        }
    };
}

failures! {
    /// A key that nobody holds, or a tenant that is not the key's.
    Unauthorized = "UNAUTHORIZED", UNAUTHORIZED, Hard, [Create List Show Cancel Edit History Retry];
    /// No key, or one whose role does not allow the call. Not in the table; 4.2 says it.
    Forbidden = "FORBIDDEN", FORBIDDEN, Hard, [];
    /// We failed; the cause is in our log.
    Internal = "INTERNAL_SERVER_ERROR", INTERNAL_SERVER_ERROR, Transient, [Create List Show Cancel Edit History Retry];
    /// The body is not of the documented form, or may not be changed so.
    Validation = "VALIDATION_ERROR", BAD_REQUEST, Hard, [Create Edit];
    /// A field's value is not one that it takes.
    InvalidValue = "INVALID_DATA", BAD_REQUEST, Hard, [List Edit];
    /// What the request names cannot be: a location, an order's id.
    InvalidData = "INVALID_DATA", UNPROCESSABLE_ENTITY, Hard, [Create Show Retry];
    /// No such order, or not one of this tenant.
    NotFound = "NOT_FOUND", NOT_FOUND, Hard, [Show Cancel Edit Retry];
    /// The id is taken by another order.
    DuplicateId = "DUPLICATE_ID", UNPROCESSABLE_ENTITY, Hard, [Create];
    /// The id differs from that of another order by nothing but the case of its letters.
    DuplicateName = "DUPLICATE_NAME", UNPROCESSABLE_ENTITY, Hard, [Create];
    /// The very same order was placed already.
    DuplicateResource = "DUPLICATE_RESOURCE", UNPROCESSABLE_ENTITY, Hard, [Create];
    /// The location has no provider.
    NoProviderAssigned = "NO_PROVIDER_ASSIGNED", UNPROCESSABLE_ENTITY, Hard, [Create Edit Retry];
    /// None of its providers takes such a delivery.
    NoProviderMatched = "NO_PROVIDER_MATCHED", UNPROCESSABLE_ENTITY, Hard, [Create Edit Retry];
    /// The providers that would take it failed.
    PlaceOrderFailed = "PLACE_ORDER_FAILED", UNPROCESSABLE_ENTITY, Transient, [Create Edit Retry];
    /// The delivery address cannot be placed.
    GeocodingFailed = "GEOCODING_FAILED", UNPROCESSABLE_ENTITY, Hard, [Create Edit];
    /// Its provider does not let orders be cancelled, or not any more.
    CancellationNotAllowed = "CANCELLATION_NOT_ALLOWED", FORBIDDEN, Hard, [Cancel];
    /// Its provider failed to cancel it.
    CancellationFailed = "ORDER_CANCELLATION_FAILED", UNPROCESSABLE_ENTITY, Hard, [Cancel];
    /// It is cancelled already.
    AlreadyCanceled = "ORDER_ALREADY_CANCELED", CONFLICT, Hard, [Cancel];
    /// It cannot be retried, now or any more.
    InvalidOperation = "INVALID_OPERATION", CONFLICT, Hard, [Retry];
    /// Too many requests; `Retry-After` says when.
    TooManyRequests = "TOO_MANY_REQUESTS", TOO_MANY_REQUESTS, Transient, [Create Cancel Edit Retry];
    /// A provider answered with what we cannot read.
    Unmapped = "UNMAPPED_ERROR", UNPROCESSABLE_ENTITY, Transient, [Create Cancel Edit Retry];
    /// The path takes no such method. Not in the table.
    MethodNotAllowed = "METHOD_NOT_ALLOWED", METHOD_NOT_ALLOWED, Hard, [];
}

/// An error on its way to a client.
#[derive(Clone, Debug)]
pub(crate) struct Failure {
    pub(crate) kind: Kind,
    pub(crate) message: String,
    pub(crate) provider: Option<String>,
    pub(crate) errors: Vec<ProviderError>,
    retry_after_seconds: Option<u64>,
}

/// What a provider said.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, serde::Deserialize, ToSchema)]
pub(crate) struct ProviderError {
    /// Which provider.
    pub(crate) provider: String,
    /// The provider's own code.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) code: Option<String>,
    /// What it said.
    pub(crate) message: String,
}

/// An error as it stands on the wire.
#[derive(Serialize, ToSchema)]
#[schema(as = Error)]
pub(crate) struct ErrorBody<'a> {
    /// The word to program against.
    r#type: Kind,
    /// The same for people.
    message: &'a str,
    /// Whether asking again may help.
    severity: Severity,
    /// The HTTP status.
    #[schema(minimum = 400, maximum = 599)]
    code: u16,
    /// Whose error it is, where one provider's.
    #[serde(skip_serializing_if = "Option::is_none")]
    provider: Option<&'a str>,
    /// What the providers said.
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    errors: &'a [ProviderError],
}

impl Failure {
    /// An error of that kind.
    pub(crate) fn new(kind: Kind, message: impl Into<String>) -> Self {
        Self { kind, message: message.into(), provider: None, errors: Vec::new(), retry_after_seconds: None }
    }

    /// With what the providers said.
    #[must_use]
    pub(crate) fn said(mut self, errors: Vec<ProviderError>) -> Self {
        self.provider = match errors.as_slice() {
            [one] => Some(one.provider.clone()),
            _ => None,
        };
        self.errors = errors;
        self
    }

    /// A key that opens nothing.
    pub(crate) fn bad_key() -> Self {
        Self::new(Kind::Unauthorized, "Invalid Api Key!")
    }

    /// No such order.
    pub(crate) fn no_order(id: &str) -> Self {
        // What was asked for is told back, bounded, as the original does.
        let id: String = id.chars().filter(|c| !c.is_control()).take(100).collect();
        Self::new(Kind::NotFound, format!("Order with id, {id}, is not found"))
    }

    /// We failed.
    pub(crate) fn internal() -> Self {
        Self::new(Kind::Internal, "An unexpected error occurred while processing the request")
    }

    /// A fault of a new order's body.
    pub(crate) fn of_creating(fault: &Fault) -> Self {
        Self::new(Kind::Validation, fault.to_string())
    }

    /// A fault of an edit: a wrong form is a `VALIDATION_ERROR`, a wrong value `INVALID_DATA`.
    pub(crate) fn of_editing(fault: &Fault) -> Self {
        let kind = if fault.form { Kind::Validation } else { Kind::InvalidValue };
        Self::new(kind, fault.to_string())
    }
}

impl From<StoreError> for Failure {
    fn from(error: StoreError) -> Self {
        tracing::error!(error = format!("{:#}", anyhow::Error::new(error)), "the store failed");
        Self::internal()
    }
}

impl From<TooMany> for Failure {
    fn from(too_many: TooMany) -> Self {
        let message = "Too many requests received per second.";
        Self {
            retry_after_seconds: Some(too_many.retry_after_seconds),
            ..Self::new(Kind::TooManyRequests, message)
        }
    }
}

impl IntoResponse for Failure {
    fn into_response(self) -> Response {
        let body = ErrorBody {
            r#type: self.kind,
            message: &self.message,
            severity: self.kind.severity(),
            code: self.kind.status().as_u16(),
            provider: self.provider.as_deref(),
            errors: &self.errors,
        };
        let mut response = (self.kind.status(), Json(body)).into_response();
        if self.kind.status() == StatusCode::UNAUTHORIZED {
            response.headers_mut().insert(header::WWW_AUTHENTICATE, CHALLENGE);
        }
        if let Some(seconds) = self.retry_after_seconds {
            response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        response
    }
}

impl Serialize for Kind {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.word())
    }
}

/// Not derived: utoipa's derive does not see words that come from a macro.
impl utoipa::PartialSchema for Kind {
    fn schema() -> RefOr<Schema> {
        let mut words: Vec<&str> = Self::ALL.iter().map(|kind| kind.word()).collect();
        words.dedup();
        ObjectBuilder::new().schema_type(Type::String).enum_values(Some(words)).build().into()
    }
}

impl ToSchema for Kind {
    fn name() -> std::borrow::Cow<'static, str> {
        "ErrorType".into()
    }
}
