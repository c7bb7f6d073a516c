//! The document of this dialect's API: what goes for all calls, and which errors each may answer with, from the one
//! table of codes. The calls document themselves.

use utoipa::openapi::security::{ApiKey, ApiKeyValue, HttpAuthScheme, HttpBuilder, SecurityScheme};
use utoipa::openapi::{ComponentsBuilder, InfoBuilder, OpenApi};
use utoipa::{IntoResponses, PartialSchema as _};

use super::ROOT;
use super::fault::{Code, FaultBody};
use super::wire::KEY;
use crate::faults::{self, Responses};
use crate::problem::FieldError;

const ABOUT: &str = "\
Instaleap's jobs, as Doorstep serves them. A client that was written for the original sets this base URL and works; what \
differs is named in `docs/DIALECTS.md`.

**Keys.** `x-api-key` is a key of one of your clients. Role `manager` sets up, creates and changes; `reader` reads; \
`carrier` reports what happens.

**Errors** have one envelope: `status_code`, `code`, `message`, and `errors` where fields are wrong. 400 is a request of \
the wrong form or something that the job does not take now, 417 a slot that is over, full, used or of something else, \
422 a value that a field does not take.

**Repeating.** A request that was perhaps not heard may be repeated as it is.";

/// What any call may answer with.
const EVERYWHERE: &[Code] =
    &[Code::NotAcceptable, Code::RequestTimeout, Code::TooManyRequests, Code::Internal, Code::Unavailable];

macro_rules! fault_sets {
    ($( $(#[$doc:meta])* $name:ident: $($code:ident),+; )+) => { $(
        $(#[$doc])*
        pub(super) struct $name;

        impl IntoResponses for $name {
            fn responses() -> Responses {
                responses(&[$(Code::$code),+])
            }
        }
    )+ };
}

fault_sets! {
    /// Of asking for slots.
    AskFaults: Malformed, Unauthorized, Forbidden, TooLarge, NotJson, Invalid;
    /// Of checking and extending a slot.
    SlotFaults: Malformed, Unauthorized, Forbidden, NotFound, SlotExpired, SlotFull, SlotUsed;
    /// Of creating a job.
    CreateFaults: Malformed, Unauthorized, Forbidden, TooLarge, NotJson, SlotExpired, SlotFull, SlotUsed, SlotUnknown,
        SlotChanged, Invalid;
    /// Of reading a job.
    ShowFaults: Malformed, Unauthorized, Forbidden, NotFound;
    /// Of changing a job, and of reporting what happens to it.
    ChangeFaults: Malformed, NotNow, PaymentBlocked, DeliveryCodeAbsent, DeliveryCodeNeeded, DeliveryCodeWrong,
        DeliveryCodeLocked, OutOfOrder, Unauthorized, Forbidden, NotFound, TooLarge, NotJson, Invalid;
    /// Of choosing another slot.
    RescheduleFaults: Malformed, NotNow, Unauthorized, Forbidden, NotFound, TooLarge, NotJson, SlotExpired, SlotFull,
        SlotUsed, SlotUnknown, SlotChanged, Invalid;
    /// Of replacing the delivery code.
    CodeFaults: Malformed, NotNow, DeliveryCodeAbsent, Unauthorized, Forbidden, NotFound, TooLarge, NotJson, Invalid;
    /// Of trying the delivery code.
    TryFaults: Malformed, NotNow, PaymentBlocked, DeliveryCodeAbsent, DeliveryCodeWrong, DeliveryCodeLocked, Unauthorized,
        Forbidden, NotFound, TooLarge, NotJson, Invalid;
    /// Of setting something up.
    SetUpFaults: Malformed, TooMany, Unauthorized, Forbidden, TooLarge, NotJson, Invalid;
    /// Of looking at what was set up, and taking it down.
    ManageFaults: Malformed, Unauthorized, Forbidden, NotFound;
    /// Of receiving a webhook.
    ReceiveFaults: Malformed, NotNow, Unauthorized, TooLarge, NotJson, Invalid;
}

fn responses(codes: &[Code]) -> Responses {
    let told = |code: &Code| (code.status(), format!("`{}`: {}", code.as_str(), code.message()));
    faults::responses(codes.iter().map(told), "Fault", "application/json")
}

/// Puts what goes for all calls around those that `calls` documents.
pub(super) fn complete(calls: OpenApi) -> OpenApi {
    let info = InfoBuilder::new()
        .title("Doorstep: Instaleap's jobs")
        .description(Some(ABOUT))
        .version(env!("CARGO_PKG_VERSION"));
    let key = ApiKeyValue::with_description(KEY, "A client's key");
    let token =
        HttpBuilder::new().scheme(HttpAuthScheme::Bearer).description(Some("A source's token")).build();
    let components = ComponentsBuilder::new()
        .security_scheme("apiKey", SecurityScheme::ApiKey(ApiKey::Header(key)))
        .security_scheme("sourceToken", SecurityScheme::Http(token))
        .schema("Fault", FaultBody::schema())
        .schema("Code", Code::schema())
        .schema("FieldError", FieldError::schema());
    let root = utoipa::openapi::OpenApiBuilder::new().info(info).components(Some(components.build())).build();
    let mut document = root.nest(ROOT, calls);
    faults::add_everywhere(&mut document, &responses(EVERYWHERE));
    document
}
