//! Errors as clients of this dialect see them: one envelope, and one table of codes. The HTTP status is Instaleap's,
//! where it is known (`systems.md` 2.4: 400 malformed or an invariant that does not hold, 401, 404, 417 for a slot
//! that is over, 422 for a value that a field does not take); the rest of the envelope is ours.

use axum::response::{IntoResponse, Response};
use http::{HeaderValue, StatusCode, header};
use utoipa::openapi::RefOr;
use utoipa::openapi::schema::{ObjectBuilder, Schema, Type};
use utoipa::{PartialSchema, ToSchema};

use crate::dialects::CHALLENGE;
use crate::problem::{FieldError, Particulars, Problem, ProblemKind};
use crate::store::StoreError;

macro_rules! codes {
    ($( $(#[$doc:meta])* $variant:ident = $code:literal, $status:ident, $message:literal; )+) => {
        /// Every error of the dialect.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, serde::Serialize)]
        pub(super) enum Code { $( $(#[$doc])* #[serde(rename = $code)] $variant ),+ }

        impl Code {
            /// Every code.
            pub(super) const ALL: &'static [Self] = &[$( Self::$variant ),+];

            /// The stable word for programs.
            pub(super) const fn as_str(self) -> &'static str {
                match self { $( Self::$variant => $code ),+ }
            }

            /// The HTTP status that goes with it.
            pub(super) const fn status(self) -> StatusCode {
                match self { $( Self::$variant => StatusCode::$status ),+ }
            }

            /// The same in words for people.
            pub(super) const fn message(self) -> &'static str {
                match self { $( Self::$variant => $message ),+ }
            }
        }
    };
}

codes! {
    /// The body is no JSON, or not of the documented form; or a parameter is not.
    Malformed = "MALFORMED_REQUEST", BAD_REQUEST, "The request is not of the documented form";
    /// The job does not take this now: another step has to be done before, or this one is over.
    NotNow = "NOT_NOW", BAD_REQUEST, "The job does not take this now";
    /// The retailer's blocking policy holds the job back.
    PaymentBlocked = "PAYMENT_BLOCKED", BAD_REQUEST, "The blocking policy of the payment holds this step back";
    /// The job was created without a delivery code.
    DeliveryCodeAbsent = "NO_DELIVERY_CODE", BAD_REQUEST, "The job has no delivery code";
    /// The last step takes the delivery code.
    DeliveryCodeNeeded = "DELIVERY_CODE_NEEDED", BAD_REQUEST, "The last step takes the delivery code";
    /// The code is not the right one; one try less is left.
    DeliveryCodeWrong = "DELIVERY_CODE_WRONG", BAD_REQUEST, "The delivery code is not right";
    /// Too many wrong codes: only the retailer's staff can go on.
    DeliveryCodeLocked = "DELIVERY_CODE_LOCKED", BAD_REQUEST, "The delivery code is locked after too many wrong tries";
    /// A status of a fleet that leaves out one before it.
    OutOfOrder = "OUT_OF_ORDER", BAD_REQUEST, "The statuses of a task come in their order";
    /// No more can be set up.
    TooMany = "TOO_MANY", BAD_REQUEST, "No more of these can be set up";
    /// No key, or one that nobody holds.
    Unauthorized = "UNAUTHORIZED", UNAUTHORIZED, "A valid x-api-key is needed";
    /// The key's role does not allow this.
    Forbidden = "FORBIDDEN", FORBIDDEN, "The key may not do this";
    /// No such thing, or not one for this caller.
    NotFound = "NOT_FOUND", NOT_FOUND, "There is nothing here";
    /// The path exists, but not with this method.
    MethodNotAllowed = "METHOD_NOT_ALLOWED", METHOD_NOT_ALLOWED, "The method is not allowed here";
    /// None of the representations asked for can be given.
    NotAcceptable = "NOT_ACCEPTABLE", NOT_ACCEPTABLE, "There is application/json only";
    /// The request did not arrive in time.
    RequestTimeout = "REQUEST_TIMEOUT", REQUEST_TIMEOUT, "The request took too long";
    /// More body than the call takes.
    TooLarge = "TOO_LARGE", PAYLOAD_TOO_LARGE, "The body is too large";
    /// The body is not sent as JSON.
    NotJson = "NOT_JSON", UNSUPPORTED_MEDIA_TYPE, "The body must be sent as application/json";
    /// The slot's time to be bought is over.
    SlotExpired = "SLOT_EXPIRED", EXPECTATION_FAILED, "The slot has expired: ask for availability again and choose another";
    /// The last place of the slot was sold meanwhile.
    SlotFull = "SLOT_FULL", EXPECTATION_FAILED, "The last place of this slot was taken: choose another slot";
    /// A job was created with the slot already.
    SlotUsed = "SLOT_USED", EXPECTATION_FAILED, "The slot was used for another job: choose another slot";
    /// No offer of that slot is known any more.
    SlotUnknown = "SLOT_UNKNOWN", EXPECTATION_FAILED, "The slot is not known, or long over: ask for availability again";
    /// Items, origin or destination are others than those that the slot was offered for.
    SlotChanged = "SLOT_CHANGED", EXPECTATION_FAILED, "Items, origin and destination are fixed with the slot: ask for availability again";
    /// The form is right and a value is not.
    Invalid = "INVALID_VALUE", UNPROCESSABLE_ENTITY, "A value is not valid";
    /// Too many requests; `Retry-After` says when.
    TooManyRequests = "TOO_MANY_REQUESTS", TOO_MANY_REQUESTS, "Too many requests";
    /// We failed; the cause is in our log.
    Internal = "INTERNAL", INTERNAL_SERVER_ERROR, "Something went wrong on our side";
    /// We cannot take more just now; `Retry-After` says when.
    Unavailable = "UNAVAILABLE", SERVICE_UNAVAILABLE, "Not available just now";
}

impl PartialSchema for Code {
    fn schema() -> RefOr<Schema> {
        let codes = Self::ALL.iter().map(|code| code.as_str());
        ObjectBuilder::new().schema_type(Type::String).enum_values(Some(codes)).build().into()
    }
}

impl ToSchema for Code {
    fn name() -> std::borrow::Cow<'static, str> {
        "Code".into()
    }
}

/// An error on its way to a client.
#[derive(Clone, Debug)]
pub(super) struct Fault {
    code: Code,
    message: Option<String>,
    errors: Vec<FieldError>,
    tries_left: Option<u8>,
    retry_after_seconds: Option<u64>,
}

/// The envelope.
#[derive(serde::Serialize, ToSchema)]
#[schema(as = Fault)]
pub(super) struct FaultBody<'a> {
    /// The HTTP status.
    #[schema(minimum = 400, maximum = 599)]
    status_code: u16,
    /// The stable word for programs.
    code: Code,
    /// The same for people.
    message: &'a str,
    /// Each thing that is wrong, and where.
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    errors: &'a [FieldError],
    /// How many wrong codes are left.
    #[serde(skip_serializing_if = "Option::is_none")]
    tries_left: Option<u8>,
}

impl Fault {
    /// An error of that code.
    pub(super) const fn new(code: Code) -> Self {
        Self { code, message: None, errors: Vec::new(), tries_left: None, retry_after_seconds: None }
    }

    /// With what went wrong this time, in place of the table's words; never a cause of ours.
    #[must_use]
    pub(super) fn because(mut self, message: impl Into<String>) -> Self {
        self.message = Some(message.into());
        self
    }

    /// With the places that are wrong.
    #[must_use]
    pub(super) fn errors(mut self, errors: Vec<FieldError>) -> Self {
        self.errors = errors;
        self
    }
}

impl From<Code> for Fault {
    fn from(code: Code) -> Self {
        Self::new(code)
    }
}

/// What the parts that all faces share refuse, in this dialect's words.
impl From<Problem> for Fault {
    fn from(problem: Problem) -> Self {
        let code = match problem.kind() {
            ProblemKind::MalformedBody | ProblemKind::InvalidParameter => Code::Malformed,
            ProblemKind::Unauthorized => Code::Unauthorized,
            ProblemKind::Forbidden => Code::Forbidden,
            ProblemKind::NotFound => Code::NotFound,
            ProblemKind::MethodNotAllowed => Code::MethodNotAllowed,
            ProblemKind::NotAcceptable => Code::NotAcceptable,
            ProblemKind::RequestTimeout => Code::RequestTimeout,
            ProblemKind::BodyTooLarge => Code::TooLarge,
            ProblemKind::UnsupportedMediaType => Code::NotJson,
            ProblemKind::ValidationFailed => Code::Invalid,
            ProblemKind::NoCode => Code::DeliveryCodeAbsent,
            ProblemKind::Locked => Code::DeliveryCodeLocked,
            ProblemKind::CodeWrong => Code::DeliveryCodeWrong,
            ProblemKind::CodeTooEarly | ProblemKind::CodeTooLate | ProblemKind::TooManyEvents => Code::NotNow,
            ProblemKind::RateLimited => Code::TooManyRequests,
            ProblemKind::Unavailable => Code::Unavailable,
            _ => Code::Internal,
        };
        let Particulars { detail: message, errors, tries_left, retry_after_seconds } =
            problem.into_particulars();
        Self { code, message, errors, tries_left, retry_after_seconds }
    }
}

impl From<StoreError> for Fault {
    fn from(error: StoreError) -> Self {
        Problem::from(error).into()
    }
}

impl IntoResponse for Fault {
    fn into_response(self) -> Response {
        let status = self.code.status();
        let body = FaultBody {
            status_code: status.as_u16(),
            code: self.code,
            message: self.message.as_deref().unwrap_or(self.code.message()),
            errors: &self.errors,
            tries_left: self.tries_left,
        };
        let mut response = (status, axum::Json(body)).into_response();
        let headers = response.headers_mut();
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        if let Some(seconds) = self.retry_after_seconds {
            headers.insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        if status == StatusCode::UNAUTHORIZED {
            headers.insert(header::WWW_AUTHENTICATE, CHALLENGE);
        }
        response
    }
}
