//! What a shipment is answered with. Every answer has every field of the original's samples, `null` where it is
//! not known, so that a client finds the same keys whichever call it made.

use doorstep_model::time::Timestamp;
use serde::Serialize;
use serde_json::{Map, Value};
use utoipa::ToSchema;

use super::number::{Amount, EpochMs};
use super::parts::{
    Address, Contact, Estimate, Item, Notifications, Package, ProposedProvider, Provider, ReturnLocation,
};
use super::text::{ExternalId, Text50, Text100, Text10000};

/// A shipment.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Shipment {
    /// Ours: 24 hexadecimal digits.
    #[schema(pattern = "^[0-9a-f]{24}$")]
    pub(crate) id: String,
    /// The tenant's name.
    pub(crate) tenant_id: String,
    /// Whose brand it goes out under.
    pub(crate) brand_external_id: Option<Text100>,
    /// Where it is collected.
    pub(crate) location_external_id: ExternalId,
    /// The client's own id.
    pub(crate) order_external_id: ExternalId,
    /// What the client groups orders under.
    pub(crate) group_id: Option<Text100>,
    /// What the goods are worth.
    pub(crate) order_value: Option<Amount>,
    /// ISO 4217.
    pub(crate) currency_code: Option<Text50>,
    /// Who receives it.
    pub(crate) delivery_contact: Option<Contact>,
    /// Where it goes.
    pub(crate) delivery_address: Address,
    /// For whoever brings it.
    pub(crate) delivery_instructions: Option<Text10000>,
    /// Who hands it over.
    pub(crate) pickup_contact: Option<Contact>,
    /// Where it is collected.
    pub(crate) pickup_address: Option<Address>,
    /// For whoever collects it.
    pub(crate) pickup_instructions: Option<Text10000>,
    /// The parcel.
    pub(crate) package: Option<Package>,
    /// What is in it.
    pub(crate) item_list: Vec<Item>,
    /// When it is to be collected.
    pub(crate) pickup_time: Option<Estimate>,
    /// When it is to be there.
    pub(crate) delivery_time: Option<Estimate>,
    /// When the provider means to collect it.
    pub(crate) estimated_pickup_time: Estimate,
    /// When it is expected.
    pub(crate) estimated_delivery_time: Estimate,
    /// When it was collected.
    pub(crate) actual_pickup_time: Option<EpochMs>,
    /// When it was handed over.
    pub(crate) actual_delivery_time: Option<EpochMs>,
    /// Whether somebody must sign.
    pub(crate) signature: Option<Text100>,
    /// The recipient's language.
    pub(crate) locale: Option<Text50>,
    /// When the client's order was made.
    pub(crate) created_date: Option<EpochMs>,
    /// Whatever the client wanted kept beside it.
    pub(crate) order_attributes: Map<String, Value>,
    /// The providers that the client would have.
    pub(crate) proposed_providers: Vec<ProposedProvider>,
    /// Where it stands: a word of the original's.
    pub(crate) status: String,
    /// Where people look.
    pub(crate) reference_links: ReferenceLinks,
    /// Who brings it.
    pub(crate) provider: Provider,
    /// The provider's number for it.
    pub(crate) tracking_id: Option<String>,
    /// What the provider takes for it.
    pub(crate) amount: Option<Amount>,
    /// What is charged for it.
    pub(crate) fee: Option<Amount>,
    /// Where the label is fetched, with the same key (`.pdf`; `.zpl` beside it).
    pub(crate) label: Option<String>,
    /// What the courier drives, where the provider says.
    pub(crate) vehicle: Option<Value>,
    /// Papers that go with it.
    pub(crate) attachments: Vec<Value>,
    /// Always `null`: returns are asked for elsewhere.
    pub(crate) return_request: Option<Value>,
    /// Where it goes when it cannot be delivered.
    pub(crate) undeliverable_order_return_location: Option<ReturnLocation>,
    /// The client's own id of that place.
    pub(crate) return_location_id: Option<Text100>,
    /// Where else its news goes.
    pub(crate) notifications: Option<Notifications>,
    /// When we heard of it.
    pub(crate) created_at: Timestamp,
    /// When anything about it changed.
    pub(crate) last_updated_at: Timestamp,
    /// What the end user should know of this call; empty when all went as asked.
    pub(crate) warnings: Vec<Warning>,
}

/// Where people look.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ReferenceLinks {
    /// The page that everybody may see who has the number.
    pub(crate) tracking_url: Option<String>,
    /// Always `null`: the label carries the code.
    pub(crate) qrcode_link: Option<String>,
}

/// Something that went otherwise than might be thought; for the end user.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub(crate) struct Warning {
    /// A stable word for programs.
    pub(crate) r#type: WarningType,
    /// The same for people.
    pub(crate) message: String,
}

/// What a warning is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub(crate) enum WarningType {
    /// A field that no shipment has was left out.
    UnknownField,
    /// The recipient's page shows only the beginning of a text.
    TextShortened,
    /// Contact data that no page or label can show was left out there.
    ContactUnusable,
    /// A window that has passed already.
    TimePassed,
    /// The first try did not place it; another follows by itself.
    RetryFollows,
}

/// The answer of a list.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ShipmentList {
    /// Newest first.
    pub(crate) data: Vec<Shipment>,
    /// Where to go on.
    pub(crate) pagination_token: PaginationToken,
}

/// Where to go on from a page.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct PaginationToken {
    /// The next page's, older shipments; `null` at the end.
    pub(crate) next: Option<String>,
    /// The page's before, newer shipments; `null` at the beginning.
    pub(crate) previous: Option<String>,
}

/// What happened to a shipment.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct StatusHistory {
    /// Ours.
    pub(crate) order_id: String,
    /// The tenant's name.
    pub(crate) tenant_id: String,
    /// In the order in which it happened.
    pub(crate) order_status: Vec<HistoryEntry>,
    /// The page that everybody may see who has the number.
    pub(crate) tracking_url: Option<String>,
}

/// One thing that happened.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct HistoryEntry {
    /// A word of the original's; what no table maps stands as its source said it.
    pub(crate) status: String,
    /// When, in words and in the location's zone: `April 27th 2022, 2:45:45 am CDT`.
    pub(crate) updated_at: String,
    /// A remark.
    pub(crate) note: Option<String>,
    /// Who said so: a key's name or a provider's.
    pub(crate) status_user: String,
    /// Why.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) event_reason: Option<EventReason>,
    /// A finer word.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) sub_status: Option<String>,
}

/// Why something happened.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, serde::Deserialize, ToSchema)]
#[serde(default)]
pub(crate) struct EventReason {
    /// A word for programs.
    pub(crate) code: Option<String>,
    /// The same for people.
    pub(crate) title: Option<String>,
    /// As the provider said it.
    pub(crate) note: Option<String>,
}
