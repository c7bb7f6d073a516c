//! `POST /shipments`: makes a shipment known.

use axum::Json;
use axum::extract::State;
use doorstep_model::id::TrackingId;
use doorstep_model::person::{Courier, Recipient};
use doorstep_model::rules::Rules;
use doorstep_model::shipment::Details;
use doorstep_model::text::{Comment, Place, Reference};
use doorstep_model::time::Zone;
use http::StatusCode;
use http::header::{HeaderName, LOCATION};
use rand::TryRngCore as _;
use rand::rngs::OsRng;
use serde_json::Value;
use sha2::{Digest as _, Sha256};
use utoipa::ToSchema;

use super::handing_over::{CodeBody, HandingOver};
use super::promise::PromiseBody;
use super::view::ShipmentWithEvents;
use crate::api::docs::CreateProblems;
use crate::api::events::{EventBody, Hearing, MOST};
use crate::api::extract::{
    AcceptsJson, ApiJson, Caller, Faults, Form, IdempotencyKey, Managers, Refusals, read_object,
};
use crate::api::handoff::ContactlessBody;
use crate::api::{ApiState, ROOT, count_unmapped, wire};
use crate::problem::{FieldError, Problem, ProblemKind};
use crate::store::{Creation, NewShipment, Once};
use crate::vault::Vault;
use crate::zones;

/// A shipment to be made known. Whatever is not known may be left out.
#[derive(Debug, serde::Deserialize, serde::Serialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct NewShipmentBody {
    /// The number on the label, unique over all tenants without regard to case; made up where it is left
    /// out.
    #[serde(default, deserialize_with = "wire::optional_tracking_id")]
    tracking_id: Option<TrackingId>,
    /// The zone of the delivery; UTC where it is left out.
    zone: Option<Zone>,
    /// What was promised to the buyer: a day, or a last instant.
    promise: Option<PromiseBody>,
    /// The caller's own order number.
    reference: Option<Reference>,
    /// Who receives it.
    #[serde(default, deserialize_with = "wire::object")]
    recipient: Recipient,
    /// Who brings it.
    #[serde(default, deserialize_with = "wire::object")]
    courier: Courier,
    /// Where it comes from.
    origin: Option<Place>,
    /// Asks for a delivery code: the recipient tells it at the door to finish the last step.
    #[serde(default, deserialize_with = "wire::optional_object", skip_serializing_if = "Option::is_none")]
    code: Option<CodeBody>,
    /// What the recipient has written for the courier already.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    comment: Option<Comment>,
    /// Where the recipient wants it left, as they have said already. With a code it is refused where the
    /// tenant's rules let the two exclude each other.
    #[serde(default, deserialize_with = "wire::optional_object", skip_serializing_if = "Option::is_none")]
    contactless: Option<ContactlessBody>,
    /// What has happened already.
    #[serde(default, deserialize_with = "wire::objects::<_, _, MOST>")]
    #[schema(max_items = 1000)]
    events: Vec<EventBody>,
}

/// Create a shipment
///
/// Makes a shipment known, with what has happened already. With an `Idempotency-Key` the request may be
/// repeated: the same body gets the same answer, another body is refused. The tenant's rules as they are
/// now hold for this shipment from then on. The answer comes when all of it is durable. Takes the role
/// manager.
#[utoipa::path(
    post,
    path = "/shipments",
    tag = "shipments",
    operation_id = "createShipment",
    security(("apiKey" = [])),
    params(
        ("Idempotency-Key" = Option<String>, Header, description = "The caller's name for this request",
         min_length = 1, max_length = 255, pattern = "^[!-~]+$"),
    ),
    request_body(content = NewShipmentBody, content_type = "application/json"),
    responses(
        (status = 201, description = "It is known and durable", body = ShipmentWithEvents,
         headers(("Location" = String, description = "Where it is read"))),
        CreateProblems,
    ),
)]
pub(super) async fn create(
    _: AcceptsJson,
    caller: Caller<Managers>,
    IdempotencyKey(key): IdempotencyKey,
    State(state): State<ApiState>,
    ApiJson(body): ApiJson<NewShipmentBody>,
) -> Result<(StatusCode, [(HeaderName, String); 1], Json<ShipmentWithEvents>), Problem> {
    let once = match key {
        Some(key) => Some(Once { client: caller.client.id, key, fingerprint: body.fingerprint()? }),
        None => None,
    };
    let hearing = Hearing { now: state.app.clock.now(), source: &caller.source };
    let rules = state.app.store.settings(caller.client.tenant).await?.rules;
    let new = body.hear(&hearing, once, rules, &state.app.vault)?;
    state.app.limits.client_events(caller.client.id, 1 + new.events.len())?;
    let shipment = match state.app.store.create_shipment(caller.client.tenant, new).await? {
        Creation::Created(shipment) => {
            count_unmapped(shipment.events());
            metrics::counter!("doorstep_shipments_created_total").increment(1);
            shipment
        }
        Creation::Repeated(shipment) => shipment,
        Creation::KeyReused => return Err(Problem::new(ProblemKind::IdempotencyKeyReused)),
        Creation::Taken => {
            let taken = FieldError::new("/trackingId", "is taken");
            return Err(Problem::new(ProblemKind::TrackingIdTaken).errors(vec![taken]));
        }
    };
    let location = format!("{ROOT}/shipments/{}", shipment.tracking_id());
    Ok((StatusCode::CREATED, [(LOCATION, location)], Json(ShipmentWithEvents::of(&shipment))))
}

impl NewShipmentBody {
    /// The same for every spelling of the same body: the order of fields, blanks, `null` or nothing.
    fn fingerprint(&self) -> Result<[u8; 32], Problem> {
        let canonical = serde_json::to_vec(self).map_err(|_| Problem::new(ProblemKind::Internal))?;
        Ok(Sha256::digest(canonical).into())
    }

    fn hear(
        self,
        hearing: &Hearing<'_>,
        once: Option<Once>,
        rules: Rules,
        vault: &Vault,
    ) -> Result<NewShipment, Problem> {
        let mut refusals = Refusals::default();
        let zone = self.zone.unwrap_or_else(Zone::utc);
        if !zones::is_known(&zone) {
            refusals.add("/zone", "is not in the time zone database");
        }
        let hear =
            |(i, event): (usize, EventBody)| event.hear(hearing, &format!("/events/{i}"), &mut refusals);
        let events = self.events.into_iter().enumerate().map(hear).collect();
        let handing_over =
            HandingOver { code: self.code, comment: self.comment, contactless: self.contactless };
        handing_over.check(&rules, &mut refusals);
        refusals.or(())?;
        let tracking_id = match self.tracking_id {
            Some(tracking_id) => tracking_id,
            None => made_up()?,
        };
        let details = Details {
            promise: self.promise.map(|promise| promise.in_zone(&zone)),
            reference: self.reference,
            recipient: self.recipient,
            courier: self.courier,
            origin: self.origin,
            rules,
            handoff: handing_over.begin(&tracking_id, vault, hearing.now)?,
            ..Details::in_zone(zone)
        };
        Ok(NewShipment { tracking_id, details, created_at: hearing.now, events, once })
    }
}

impl Form for NewShipmentBody {
    fn read(bytes: &[u8]) -> Result<Self, serde_json::Error> {
        read_object(bytes)
    }

    fn faults(body: Value, faults: &mut Faults) {
        faults.of_list::<Self, EventBody>(body, "events");
    }
}

/// A tracking id that cannot be guessed: `DS` and 80 random bits in Crockford's base 32, which has no
/// letters that are mistaken for digits.
fn made_up() -> Result<TrackingId, Problem> {
    const DIGITS: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
    let failed = || Problem::new(ProblemKind::Internal);
    let mut random = [0_u8; 16];
    OsRng.try_fill_bytes(&mut random).map_err(|_| failed())?;
    let digits = random.iter().filter_map(|byte| DIGITS.get(usize::from(byte % 32)));
    let id = "DS".chars().chain(digits.map(|&digit| char::from(digit))).collect::<String>();
    TrackingId::parse(&id).map_err(|_| failed())
}
