//! The OpenAPI document: what goes for the whole API, and the problems that each kind of call answers
//! with. The calls document themselves.

use std::future::Ready;

use bytes::Bytes;
use http::header::CONTENT_TYPE;
use utoipa::openapi::path::{Parameter, ParameterBuilder, ParameterIn};
use utoipa::openapi::schema::{
    AdditionalProperties, KnownFormat, Object, ObjectBuilder, Schema, SchemaFormat, Type,
};
use utoipa::openapi::security::{ApiKey, ApiKeyValue, HttpAuthScheme, HttpBuilder, SecurityScheme};
use utoipa::openapi::{ComponentsBuilder, InfoBuilder, OpenApi, RefOr, Required};
use utoipa::{IntoResponses, PartialSchema as _};

use super::ROOT;
use crate::faults::{self, Responses};
use crate::problem::{FieldError, ProblemBody, ProblemKind};

const ABOUT: &str = "\
Shipments come in with their events; whoever has a tracking id may follow them.

**Keys.** Calls about `/shipments` and `/events` need an API key as a bearer token. A key belongs to a client \
of one tenant and sees nothing of any other: what is another tenant's is not found. Its role says what it \
may do: `manager` creates shipments, reports events, reads, hands out links and decides; `reader` reads; \
`carrier` reports events and reads what it needs to bring a shipment.

**Sessions.** What is the recipient's takes more than a tracking id: a link with a secret, or a token that the \
retailer signed, is exchanged for a session. Calls that are not GET take the header `x-doorstep: 1`, which no \
other site's form can send.

**Tokens of a retailer** open a session in place of a link, or prove that its holder is the person. A token is a \
JWT signed by one of the keys of `/settings`: its header names the key (`kid`), and the key says how it signs, \
`EdDSA` or `HS256`. Claims: `shipment` (the tracking id), `scope` (`recipient` does what a link does; `code` says also \
that the retailer knows its customer to be the person), `iat` and `exp`, at most ten minutes apart. Nothing else \
is needed; a token with an audience (`aud`) is meant for somebody else and refused.

**Webhooks** tell you what happens to your shipments, as Standard Webhooks 1.0.0 says: `webhook-id`, `webhook-timestamp` \
and `webhook-signature`, a body of `type`, `timestamp` and `data`, where `data.shipment` is what `GET \
/shipments/{trackingId}` shows and `data.event` what happened. At least once, in order for each shipment.

**Errors** are problem details (RFC 9457) with a stable `code`. What is wrong with a request is told with its \
place, all of it at once where possible. 400 says that the form is not the documented one, 422 that the form \
is right and a value is not.

**Repeating.** A request that was perhaps not heard may be repeated as it is: events carry the caller's own \
ids, and `POST /shipments` takes an `Idempotency-Key`.";

/// Puts what goes for all calls around those that `calls` documents.
pub(super) fn complete(calls: OpenApi) -> OpenApi {
    let info = InfoBuilder::new()
        .title("Doorstep")
        .description(Some(ABOUT))
        .version(env!("CARGO_PKG_VERSION"))
        .license(Some(utoipa::openapi::License::new("MIT OR Apache-2.0")));
    let key = HttpBuilder::new().scheme(HttpAuthScheme::Bearer).description(Some("An API key")).build();
    let cookie = ApiKeyValue::with_description(
        "doorstep",
        "A recipient's session. The cookie's name goes on with a hyphen and the first 16 hexadecimal digits of \
         SHA-256 of the tracking id in lower case; over TLS it begins with `__Host-`.",
    );
    let token = HttpBuilder::new()
        .scheme(HttpAuthScheme::Bearer)
        .description(Some("A recipient's session, as a token"));
    let components = ComponentsBuilder::new()
        .security_scheme("apiKey", SecurityScheme::Http(key))
        .security_scheme("session", SecurityScheme::ApiKey(ApiKey::Cookie(cookie)))
        .security_scheme("sessionToken", SecurityScheme::Http(token.build()))
        .schema("Problem", ProblemBody::schema())
        .schema("ProblemKind", ProblemKind::schema())
        .schema("FieldError", FieldError::schema());
    let root = utoipa::openapi::OpenApiBuilder::new().info(info).components(Some(components.build())).build();
    let mut document = root.nest(ROOT, calls);
    for (path, item) in &mut document.paths.paths {
        if path.contains("/track/") {
            let writing = [&mut item.post, &mut item.put, &mut item.delete].into_iter();
            writing.flatten().for_each(|operation| {
                operation.parameters.get_or_insert_default().push(own_header());
            });
        }
    }
    faults::add_everywhere(&mut document, &problems(EVERYWHERE));
    document
}

/// The document, ready to be served.
pub(super) fn serve(
    document: &OpenApi,
) -> impl Fn() -> Ready<([(http::HeaderName, &'static str); 1], Bytes)> + Clone + use<> {
    let json = Bytes::from(document.to_json().unwrap_or_default());
    move || std::future::ready(([(CONTENT_TYPE, "application/json")], json.clone()))
}

/// The schema of an object that has all of `fields` and no other.
pub(super) fn closed_object(fields: &[(&str, RefOr<Schema>)]) -> Object {
    let with = |object: ObjectBuilder, (name, schema): &(&str, RefOr<Schema>)| {
        object.property(*name, schema.clone()).required(*name)
    };
    let object = ObjectBuilder::new().schema_type(Type::Object);
    fields
        .iter()
        .fold(object, with)
        .additional_properties(Some(AdditionalProperties::FreeForm(false)))
        .build()
}

/// The schema of a day.
pub(super) fn day() -> RefOr<Schema> {
    let format = SchemaFormat::KnownFormat(KnownFormat::Date);
    ObjectBuilder::new().schema_type(Type::String).format(Some(format)).build().into()
}

/// What every call of a recipient takes that is not a GET.
fn own_header() -> RefOr<Parameter> {
    ParameterBuilder::new()
        .name("x-doorstep")
        .parameter_in(ParameterIn::Header)
        .required(Required::True)
        .description(Some("Shows that no other site's form sent it"))
        .schema(Some(ObjectBuilder::new().schema_type(Type::String).enum_values(Some(["1"]))))
        .build()
        .into()
}

/// What any call may answer with.
const EVERYWHERE: &[ProblemKind] = &[
    ProblemKind::NotAcceptable,
    ProblemKind::RequestTimeout,
    ProblemKind::RateLimited,
    ProblemKind::Internal,
    ProblemKind::Unavailable,
];

macro_rules! problem_sets {
    ($( $(#[$doc:meta])* $name:ident: $($kind:ident),+; )+) => { $(
        $(#[$doc])*
        pub(super) struct $name;

        impl IntoResponses for $name {
            fn responses() -> Responses {
                problems(&[$(ProblemKind::$kind),+])
            }
        }
    )+ };
}

problem_sets! {
    /// Of creating a shipment.
    CreateProblems: MalformedBody, InvalidParameter, Unauthorized, Forbidden, TrackingIdTaken, BodyTooLarge,
        UnsupportedMediaType, ValidationFailed, IdempotencyKeyReused;
    /// Of reporting events.
    ReportProblems: MalformedBody, InvalidParameter, Unauthorized, Forbidden, NotFound, BodyTooLarge,
        UnsupportedMediaType, ValidationFailed, TooManyEvents;
    /// Of listing shipments.
    ListProblems: InvalidParameter, Unauthorized, Forbidden;
    /// Of reading one shipment.
    ShowProblems: InvalidParameter, Unauthorized, NotFound;
    /// Of making, listing and revoking links.
    ManageProblems: InvalidParameter, Unauthorized, Forbidden, NotFound;
    /// Of reading what the tenant decided.
    SettingsProblems: Unauthorized, Forbidden;
    /// Of deciding it.
    DecideProblems: MalformedBody, Unauthorized, Forbidden, BodyTooLarge, UnsupportedMediaType, ValidationFailed;
    /// Of reading its logo, which may not be there.
    LogoProblems: Unauthorized, Forbidden, NotFound;
    /// Of asking for the key for push.
    PushKeyProblems: NotAcceptable;
    /// Of seeing a delivery in one sentence.
    SentenceProblems: InvalidParameter, NotFound;
    /// Of having a device told of changes.
    SubscribeProblems: MalformedBody, InvalidParameter, Forbidden, NotFound, JourneyOver, BodyTooLarge,
        UnsupportedMediaType, ValidationFailed, TooManySubscriptions;
    /// Of having it told no longer.
    UnsubscribeProblems: InvalidParameter, Forbidden;
    /// Of opening a session.
    OpenProblems: MalformedBody, InvalidParameter, LinkNotValid, Forbidden, BodyTooLarge, UnsupportedMediaType,
        ValidationFailed;
    /// Of reading what is the recipient's.
    RecipientProblems: InvalidParameter, SessionNeeded;
    /// Of what a recipient does without a body.
    RecipientWriteProblems: InvalidParameter, SessionNeeded, Forbidden;
    /// Of editing a preference for the recipient.
    EditProblems: MalformedBody, InvalidParameter, Unauthorized, Forbidden, NotFound, CutOff,
        CodeExcludesContactless, EditConflict, BodyTooLarge, UnsupportedMediaType, ValidationFailed, VersionNeeded;
    /// Of the recipient's editing a preference.
    RecipientEditProblems: MalformedBody, InvalidParameter, SessionNeeded, Forbidden, CutOff,
        CodeExcludesContactless, EditConflict, BodyTooLarge, UnsupportedMediaType, ValidationFailed, VersionNeeded;
    /// Of reporting how far edits have travelled.
    ReceiptProblems: MalformedBody, InvalidParameter, Unauthorized, Forbidden, NotFound, BodyTooLarge,
        UnsupportedMediaType, ValidationFailed;
    /// Of telling a proof.
    ProofProblems: MalformedBody, InvalidParameter, Unauthorized, Forbidden, NotFound, BodyTooLarge,
        UnsupportedMediaType, ValidationFailed, TooManyProofs;
    /// Of reading something of the recipient's that may not be there.
    RecipientReadProblems: InvalidParameter, SessionNeeded, NotFound;
    /// Of answering for the courier's photo.
    PhotoProblems: MalformedBody, InvalidParameter, SessionNeeded, Forbidden, StepUpNeeded, NoProof, PhotoTooLate,
        BodyTooLarge, UnsupportedMediaType, ValidationFailed;
    /// Of proving who one is.
    StepUpProblems: MalformedBody, InvalidParameter, SessionNeeded, Forbidden, StepUpFailed, StepUpUnavailable,
        BodyTooLarge, UnsupportedMediaType, ValidationFailed, Locked;
    /// Of asking for a one-time code.
    StepUpEmailProblems: InvalidParameter, SessionNeeded, Forbidden, StepUpUnavailable, Locked, RateLimited;
    /// Of reading the full address.
    AddressProblems: InvalidParameter, SessionNeeded, StepUpNeeded;
    /// Of revealing the delivery code.
    RevealProblems: InvalidParameter, SessionNeeded, Forbidden, StepUpNeeded, NoCode, CodeTooEarly, CodeTooLate,
        Locked;
    /// Of drawing another delivery code.
    DrawProblems: InvalidParameter, Unauthorized, Forbidden, NotFound, NoCode, CodeTooLate;
    /// Of trying the delivery code.
    VerifyProblems: MalformedBody, InvalidParameter, Unauthorized, Forbidden, NotFound, NoCode, CodeTooEarly,
        CodeTooLate, BodyTooLarge, UnsupportedMediaType, ValidationFailed, CodeWrong, Locked;
    /// Of making a webhook.
    WebhookCreateProblems: MalformedBody, Unauthorized, Forbidden, BodyTooLarge, UnsupportedMediaType,
        ValidationFailed, TooManyWebhooks;
    /// Of changing a webhook.
    WebhookChangeProblems: MalformedBody, InvalidParameter, Unauthorized, Forbidden, NotFound, BodyTooLarge,
        UnsupportedMediaType, ValidationFailed;
    /// Of rotating a webhook's key.
    RotateProblems: MalformedBody, InvalidParameter, Unauthorized, Forbidden, NotFound, NotSigned, BodyTooLarge,
        UnsupportedMediaType, ValidationFailed;
    /// Of sending a test to a webhook.
    WebhookTestProblems: InvalidParameter, Unauthorized, Forbidden, NotFound, WebhookDisabled;
    /// Of telling again what was given up.
    ReplayProblems: MalformedBody, InvalidParameter, Unauthorized, Forbidden, NotFound, BodyTooLarge,
        UnsupportedMediaType, ValidationFailed;
    /// Of letting somebody try again.
    UnlockProblems: MalformedBody, InvalidParameter, Unauthorized, Forbidden, NotFound, NoCode, BodyTooLarge,
        UnsupportedMediaType, ValidationFailed;
}

fn problems(kinds: &[ProblemKind]) -> Responses {
    let told = |kind: &ProblemKind| (kind.status(), format!("`{}`: {}", kind.code(), kind.title()));
    faults::responses(kinds.iter().map(told), "Problem", "application/problem+json")
}
