//! Errors as clients see them: RFC 9457 problem details with a stable `type` and `code`.
//!
//! Where an error comes from decides how it is told. What the caller did wrong is said with the place
//! where it stands, as precisely as possible. What we failed at goes to the log with its cause, and the
//! caller gets a bare 5xx: a cause may hold SQL, paths or personal data. What is not there, what is
//! another tenant's and what may not be seen are one and the same answer.
//!
//! [`ProblemKind`] is the one table of codes: status, title and documentation follow from it.

use axum::response::{IntoResponse, Response};
use http::{HeaderValue, StatusCode, header};
use utoipa::openapi::RefOr;
use utoipa::openapi::schema::{ObjectBuilder, Schema, Type};
use utoipa::{PartialSchema, ToSchema};

use crate::store::StoreError;

macro_rules! problems {
    ($( $(#[$doc:meta])* $variant:ident = $code:literal, $status:ident, $title:literal; )+) => {
        /// Every error that the native API answers with.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, serde::Serialize)]
        pub enum ProblemKind { $( $(#[$doc])* #[serde(rename = $code)] $variant ),+ }

        impl ProblemKind {
            /// Every code, for the documentation.
            pub const ALL: &'static [Self] = &[$( Self::$variant ),+];

            /// The stable word for programs.
            pub const fn code(self) -> &'static str {
                match self { $( Self::$variant => $code ),+ }
            }

            /// The HTTP status that goes with it.
            pub const fn status(self) -> StatusCode {
                match self { $( Self::$variant => StatusCode::$status ),+ }
            }

            /// The same in words for people.
            pub const fn title(self) -> &'static str {
                match self { $( Self::$variant => $title ),+ }
            }
        }
    };
}

problems! {
    /// The body is no JSON, or not of the documented form.
    MalformedBody = "malformed_body", BAD_REQUEST, "The body is not valid";
    /// A parameter of the path, query or header is not valid.
    InvalidParameter = "invalid_parameter", BAD_REQUEST, "A parameter is not valid";
    /// No key, or one that nobody holds.
    Unauthorized = "unauthorized", UNAUTHORIZED, "A valid API key is needed";
    /// The key's role does not allow this.
    Forbidden = "forbidden", FORBIDDEN, "The key may not do this";
    /// No such shipment, or not one for this caller.
    NotFound = "not_found", NOT_FOUND, "There is nothing here";
    /// The path exists, but not with this method.
    MethodNotAllowed = "method_not_allowed", METHOD_NOT_ALLOWED, "The method is not allowed here";
    /// None of the representations asked for can be given.
    NotAcceptable = "not_acceptable", NOT_ACCEPTABLE, "No acceptable representation";
    /// The request did not arrive in time.
    RequestTimeout = "request_timeout", REQUEST_TIMEOUT, "The request took too long";
    /// The tracking id is taken.
    TrackingIdTaken = "tracking_id_taken", CONFLICT, "The tracking id is taken";
    /// The link's secret opens nothing: unknown, foreign, used, expired or revoked, all alike.
    LinkNotValid = "link_not_valid", UNAUTHORIZED, "This link opens nothing";
    /// No session, or one that has ended.
    SessionNeeded = "session_needed", UNAUTHORIZED, "Open the link that was sent to the recipient";
    /// The recipient must first prove who they are.
    StepUpNeeded = "step_up_needed", FORBIDDEN, "A proof of identity is needed";
    /// The proof of identity is not right; one try less is left.
    StepUpFailed = "step_up_failed", FORBIDDEN, "That is not right";
    /// That way of proving who one is does not work for this shipment.
    StepUpUnavailable = "step_up_unavailable", CONFLICT, "This proof of identity cannot be given here";
    /// Too many wrong tries: only the tenant's staff can go on.
    Locked = "locked", LOCKED, "Locked after too many wrong tries";
    /// The edit says not which version it was made on.
    VersionNeeded = "version_needed", PRECONDITION_REQUIRED, "If-Match must name the version that was seen";
    /// Somebody else edited meanwhile; `current` says what stands.
    EditConflict = "edit_conflict", PRECONDITION_FAILED, "Somebody else edited meanwhile";
    /// It is too late to edit.
    CutOff = "cut_off", CONFLICT, "It is too late to edit";
    /// A delivery code and a contactless choice exclude each other here.
    CodeExcludesContactless = "code_excludes_contactless", CONFLICT, "A delivery with a code is handed over in person";
    /// The shipment has no delivery code.
    NoCode = "no_code", CONFLICT, "There is no delivery code";
    /// The code is shown and tried only while the courier is on the way.
    CodeTooEarly = "code_too_early", CONFLICT, "Not before it is out for delivery";
    /// The code has done its work, or the journey is over, or its last step has started.
    CodeTooLate = "code_too_late", CONFLICT, "It is too late for that";
    /// The code is not the right one; one try less is left.
    CodeWrong = "code_wrong", UNPROCESSABLE_ENTITY, "The code is not right";
    /// There is no such proof, or none that could be confirmed.
    NoProof = "no_proof", CONFLICT, "There is no photo to confirm";
    /// The time to confirm the photo is over, or it was answered otherwise.
    PhotoTooLate = "photo_too_late", CONFLICT, "It is too late to answer";
    /// A shipment would have more proofs than it takes.
    TooManyProofs = "too_many_proofs", UNPROCESSABLE_ENTITY, "The shipment takes no more proofs";
    /// Nothing more is to be told of the shipment.
    JourneyOver = "journey_over", CONFLICT, "The journey is over";
    /// As many devices are told of the shipment as it tells.
    TooManySubscriptions = "too_many_subscriptions", UNPROCESSABLE_ENTITY, "The shipment tells no more devices";
    /// More body than the call takes.
    BodyTooLarge = "body_too_large", PAYLOAD_TOO_LARGE, "The body is too large";
    /// The body is not sent as JSON.
    UnsupportedMediaType = "unsupported_media_type", UNSUPPORTED_MEDIA_TYPE, "The body must be JSON";
    /// The fields of the body do not hold together; `errors` says which.
    ValidationFailed = "validation_failed", UNPROCESSABLE_ENTITY, "The request is not valid";
    /// The idempotency key was used for another body.
    IdempotencyKeyReused = "idempotency_key_reused", UNPROCESSABLE_ENTITY, "The idempotency key was used for another request";
    /// A shipment would have more events than it takes.
    TooManyEvents = "too_many_events", UNPROCESSABLE_ENTITY, "The shipment takes no more events";
    /// There would be more webhooks than a tenant, or a shipment, may have.
    TooManyWebhooks = "too_many_webhooks", UNPROCESSABLE_ENTITY, "There may be no more webhooks";
    /// The webhook is told nothing just now.
    WebhookDisabled = "webhook_disabled", CONFLICT, "The webhook is disabled";
    /// The webhook shows who we are otherwise than by a signing key.
    NotSigned = "not_signed", CONFLICT, "The webhook has no signing key";
    /// Too many requests; `Retry-After` says when.
    RateLimited = "rate_limited", TOO_MANY_REQUESTS, "Too many requests";
    /// We failed; the cause is in our log.
    Internal = "internal", INTERNAL_SERVER_ERROR, "Something went wrong on our side";
    /// We cannot take more just now; `Retry-After` says when.
    Unavailable = "unavailable", SERVICE_UNAVAILABLE, "Not available just now";
}

/// Not derived: utoipa's derive does not see a `rename` whose word comes from a macro.
impl PartialSchema for ProblemKind {
    fn schema() -> RefOr<Schema> {
        let codes = Self::ALL.iter().map(|kind| kind.code());
        ObjectBuilder::new().schema_type(Type::String).enum_values(Some(codes)).build().into()
    }
}

impl ToSchema for ProblemKind {
    fn name() -> std::borrow::Cow<'static, str> {
        "ProblemKind".into()
    }
}

/// An error on its way to a client.
#[derive(Clone, Debug)]
pub struct Problem {
    kind: ProblemKind,
    detail: Option<String>,
    errors: Vec<FieldError>,
    current: Option<Box<serde_json::Value>>,
    tries_left: Option<u8>,
    retry_after_seconds: Option<u64>,
}

/// One thing that is wrong with a request, and where.
#[derive(Clone, Debug, serde::Serialize, ToSchema)]
pub struct FieldError {
    /// JSON pointer (RFC 6901) into the body, or the parameter's name.
    pub pointer: String,
    /// What is wrong with it.
    pub message: String,
}

impl FieldError {
    /// `message` about what stands at `pointer`.
    pub fn new(pointer: impl Into<String>, message: impl ToString) -> Self {
        Self { pointer: pointer.into(), message: message.to_string() }
    }
}

/// Problem details as they stand on the wire (RFC 9457).
#[derive(serde::Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Problem)]
pub struct ProblemBody<'a> {
    /// Identifies the kind of problem; stable.
    #[schema(example = "/problems/not_found")]
    r#type: String,
    /// The same for people.
    title: &'static str,
    /// The HTTP status.
    #[schema(minimum = 400, maximum = 599)]
    status: u16,
    /// The stable word for programs.
    code: ProblemKind,
    /// What went wrong this time.
    #[serde(skip_serializing_if = "Option::is_none")]
    detail: Option<&'a str>,
    /// Each thing that is wrong, and where.
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    errors: &'a [FieldError],
    /// What stands, where an edit was made on something else.
    #[serde(skip_serializing_if = "Option::is_none")]
    current: Option<&'a serde_json::Value>,
    /// How many wrong tries are left.
    #[serde(skip_serializing_if = "Option::is_none")]
    tries_left: Option<u8>,
}

impl Problem {
    /// A problem of that kind, without particulars.
    pub fn new(kind: ProblemKind) -> Self {
        Self {
            kind,
            detail: None,
            errors: Vec::new(),
            current: None,
            tries_left: None,
            retry_after_seconds: None,
        }
    }

    /// With what went wrong this time; never a cause of ours.
    #[must_use]
    pub fn detail(mut self, detail: impl Into<String>) -> Self {
        self.detail = Some(detail.into());
        self
    }

    /// With the places that are wrong.
    #[must_use]
    pub fn errors(mut self, errors: Vec<FieldError>) -> Self {
        self.errors = errors;
        self
    }

    /// With what stands instead of what the editor saw.
    #[must_use]
    pub fn current(mut self, current: serde_json::Value) -> Self {
        self.current = Some(Box::new(current));
        self
    }

    /// With how many wrong tries are left.
    #[must_use]
    pub fn tries_left(mut self, left: u8) -> Self {
        self.tries_left = Some(left);
        self
    }

    /// With when to try again.
    #[must_use]
    pub fn retry_after(mut self, seconds: u64) -> Self {
        self.retry_after_seconds = Some(seconds);
        self
    }

    /// Which kind it is.
    pub fn kind(&self) -> ProblemKind {
        self.kind
    }

    /// What else it says, for whoever tells it in another envelope.
    pub fn into_particulars(self) -> Particulars {
        let Self { detail, errors, tries_left, retry_after_seconds, .. } = self;
        Particulars { detail, errors, tries_left, retry_after_seconds }
    }
}

/// What a problem says beside its kind.
#[derive(Clone, Debug)]
pub struct Particulars {
    /// What went wrong this time.
    pub detail: Option<String>,
    /// Each thing that is wrong, and where.
    pub errors: Vec<FieldError>,
    /// How many wrong tries are left.
    pub tries_left: Option<u8>,
    /// When to try again.
    pub retry_after_seconds: Option<u64>,
}

impl From<StoreError> for Problem {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Busy | StoreError::Closed => Self::new(ProblemKind::Unavailable).retry_after(1),
            StoreError::Engine(_) | StoreError::Corrupt(_) => {
                tracing::error!(error = format!("{:#}", anyhow::Error::new(error)), "the store failed");
                Self::new(ProblemKind::Internal)
            }
        }
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let status = self.kind.status();
        let body = ProblemBody {
            r#type: format!("/problems/{}", self.kind.code()),
            title: self.kind.title(),
            status: status.as_u16(),
            code: self.kind,
            detail: self.detail.as_deref(),
            errors: &self.errors,
            current: self.current.as_deref(),
            tries_left: self.tries_left,
        };
        let mut response = (status, axum::Json(body)).into_response();
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        if let Some(seconds) = self.retry_after_seconds {
            headers.insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        if status == StatusCode::UNAUTHORIZED {
            headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        response
    }
}
