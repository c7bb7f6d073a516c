//! The document of this dialect's API: what goes for all calls, and which errors each may answer with, from the one
//! table of codes. The calls document themselves.

use std::collections::BTreeMap;

use utoipa::openapi::path::Operation;
use utoipa::openapi::schema::{ObjectBuilder, Type};
use utoipa::openapi::security::{ApiKey, ApiKeyValue, HttpAuthScheme, HttpBuilder, SecurityScheme};
use utoipa::openapi::{
    ComponentsBuilder, ContentBuilder, HeaderBuilder, InfoBuilder, OpenApi, PathItem, Ref, RefOr, Response,
    ResponseBuilder,
};
use utoipa::{IntoResponses, PartialSchema as _};

use super::ROOT;
use super::fault::{Code, FaultBody};
use super::wire::KEY;
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
            fn responses() -> BTreeMap<String, RefOr<Response>> {
                responses(&[$(Code::$code),+]).collect()
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

/// One response a status, whose description names the codes.
fn responses(codes: &[Code]) -> impl Iterator<Item = (String, RefOr<Response>)> + use<> {
    let mut by_status: BTreeMap<u16, Vec<Code>> = BTreeMap::new();
    for &code in codes {
        by_status.entry(code.status().as_u16()).or_default().push(code);
    }
    by_status.into_iter().map(|(status, codes)| {
        let named = |code: &Code| format!("`{}`: {}", code.as_str(), code.message());
        let content = ContentBuilder::new().schema(Some(Ref::from_schema_name("Fault"))).build();
        let mut response = ResponseBuilder::new()
            .description(codes.iter().map(named).collect::<Vec<_>>().join("; "))
            .content("application/json", content);
        let header =
            |kind| HeaderBuilder::new().schema(Some(ObjectBuilder::new().schema_type(kind).build())).build();
        if matches!(status, 429 | 503) {
            response = response.header("Retry-After", header(Type::Integer));
        }
        if status == 401 {
            response = response.header("WWW-Authenticate", header(Type::String));
        }
        (status.to_string(), response.build().into())
    })
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
    for item in document.paths.paths.values_mut() {
        for operation in operations(item) {
            for (status, response) in responses(EVERYWHERE) {
                operation.responses.responses.entry(status).or_insert(response);
            }
        }
    }
    document
}

fn operations(item: &mut PathItem) -> impl Iterator<Item = &mut Operation> {
    [&mut item.get, &mut item.post, &mut item.put, &mut item.delete].into_iter().filter_map(Option::as_mut)
}
