//! The parts that bodies and answers share: people, addresses, parcels, items, windows, providers. Field names
//! are the original's; what was given is given back, field by field, and what was not is left out.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use utoipa::ToSchema;
use utoipa::openapi::RefOr;
use utoipa::openapi::schema::Schema;

use super::number::{Amount, EpochMs, Latitude, Longitude};
use super::text::{ExternalId, Text50, Text100, Text1000, Text10000};

/// Declares wire objects of optional fields, all of which are left out of an answer when they were not given.
macro_rules! parts {
    ($( $(#[$doc:meta])* $name:ident { $( $(#[$field_doc:meta])* $field:ident: $type:ty, )* } )+) => { $(
        $(#[$doc])*
        #[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
        #[serde(rename_all = "camelCase", default)]
        pub(crate) struct $name { $(
            $(#[$field_doc])*
            #[serde(skip_serializing_if = "Option::is_none")]
            pub(crate) $field: Option<$type>,
        )* }
    )+ };
}

parts! {
    /// Who is to be met.
    Contact {
        /// Full name.
        name: Text100,
        /// Telephone, in any form.
        phone: Text50,
        /// E-mail; may be empty.
        email: Text1000,
    }

    /// Where.
    Address {
        /// Street and number.
        street1: Text1000,
        /// More of it.
        street2: Text1000,
        /// Flat, suite, floor.
        apartment_number: Text100,
        /// City.
        city: Text100,
        /// State or province.
        state: Text100,
        /// Postal code.
        postal_code: Text50,
        /// ISO 3166-1 alpha-2.
        country_code: Text50,
        /// Degrees north.
        latitude: Latitude,
        /// Degrees east.
        longitude: Longitude,
    }

    /// How large.
    Size {
        /// In `unit`.
        length: Amount,
        /// In `unit`.
        width: Amount,
        /// In `unit`.
        height: Amount,
        /// `in`, `cm`, …
        unit: Text50,
    }

    /// How heavy.
    Weight {
        /// In `unit`.
        value: Amount,
        /// `lb`, `kg`, …
        unit: Text50,
    }

    /// The parcel. Fixed once it was dispatched.
    Package {
        /// What the package type is called.
        name: Text100,
        /// How large.
        size: Size,
        /// How heavy.
        weight: Weight,
        /// How many items are in it.
        item_quantity: Amount,
        /// What is in it.
        description: Text1000,
        /// `none`, `refrigerated`, …
        temperature_control: Text100,
        /// What is printed on it.
        barcode: Text100,
        /// What needs care, such as `alcohol`.
        content: Vec<Text100>,
    }

    /// One line of the order.
    Item {
        /// The shop's own number of it.
        sku: Text100,
        /// How many.
        quantity: Amount,
        /// How large each is.
        size: Size,
        /// How heavy each is.
        weight: Weight,
        /// The usual price of each.
        price: Amount,
        /// What is paid for each.
        sale_price: Amount,
        /// What it is called.
        title: Text1000,
    }

    /// From when until when.
    TimeWindow {
        /// The first instant.
        starts_at: EpochMs,
        /// The last instant.
        ends_at: EpochMs,
    }

    /// A provider that the client would have.
    ProposedProvider {
        /// Its name, as the tenant set it up.
        name: Text100,
        /// Its services; all where none is named.
        services: Vec<ProposedService>,
    }

    /// A service of a provider.
    ProposedService {
        /// The provider's own word for it.
        id: Text100,
    }

    /// Where a parcel goes that cannot be delivered.
    ReturnLocation {
        /// What it is called.
        name: Text100,
        /// Where it is.
        address: Address,
        /// Who is there.
        contact: Contact,
    }

    /// Where else this order's news goes.
    Notifications {
        /// An `https` address.
        url: Text1000,
    }
}

impl Copy for TimeWindow {}

impl TimeWindow {
    /// Whether it says nothing.
    pub(crate) fn is_open(&self) -> bool {
        *self == Self::default()
    }
}

/// What a client tells of a shipment. Everything but the two ids and the delivery address may be left out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ShipmentBody {
    /// The client's own id, which paths name; told apart by case.
    pub(crate) order_external_id: ExternalId,
    /// Where it is collected: a location that was set up.
    pub(crate) location_external_id: ExternalId,
    /// What the client groups orders under; told apart by case.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) group_id: Option<Text100>,
    /// What the goods are worth.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) order_value: Option<Amount>,
    /// ISO 4217; the location's where it is left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) currency_code: Option<Text50>,
    /// Who receives it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) delivery_contact: Option<Contact>,
    /// Where it goes.
    pub(crate) delivery_address: Address,
    /// Who hands it over; the location's where it is left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) pickup_contact: Option<Contact>,
    /// Where it is collected; the location's where it is left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) pickup_address: Option<Address>,
    /// The parcel.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) package: Option<Package>,
    /// What is in it, a line a product; at most 100.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(max_items = 100)]
    pub(crate) item_list: Option<Vec<Item>>,
    /// When it is to be collected.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) pickup_time: Option<TimeWindow>,
    /// When it is to be there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) delivery_time: Option<TimeWindow>,
    /// Whether somebody must sign, such as `not_required`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) signature: Option<Text100>,
    /// For whoever brings it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) delivery_instructions: Option<Text10000>,
    /// For whoever collects it; the location's where it is left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) pickup_instructions: Option<Text10000>,
    /// The recipient's language.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) locale: Option<Text50>,
    /// When the order was made.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) created_date: Option<EpochMs>,
    /// Whatever the client wants kept beside it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) order_attributes: Option<Map<String, Value>>,
    /// Only these providers may be chosen; any where the list is empty or left out. At most 100.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(max_items = 100)]
    pub(crate) proposed_providers: Option<Vec<ProposedProvider>>,
    /// Whose brand it goes out under; the location's where it is left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) brand_external_id: Option<Text100>,
    /// Where it goes when it cannot be delivered; the location's where it is left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) undeliverable_order_return_location: Option<ReturnLocation>,
    /// The client's own id of that place.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) return_location_id: Option<Text100>,
    /// Where else its news goes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) notifications: Option<Notifications>,
}

/// Who brings it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct Provider {
    /// Its name, as the tenant set it up; empty while there is none.
    pub(crate) name: String,
    /// What people call it.
    pub(crate) display_name: String,
    /// The provider's own word for the service.
    pub(crate) service_id: Option<String>,
    /// The service in words.
    pub(crate) service_type: Option<String>,
    /// The provider's own id of the order; empty while there is none.
    pub(crate) id: String,
}

/// A window in an answer: both ends, `null` where one is not known.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct Estimate {
    /// The first instant.
    pub(crate) starts_at: Option<EpochMs>,
    /// The last instant.
    pub(crate) ends_at: Option<EpochMs>,
}

impl From<TimeWindow> for Estimate {
    fn from(told: TimeWindow) -> Self {
        Self { starts_at: told.starts_at, ends_at: told.ends_at }
    }
}

/// What is to be changed: the fields of a shipment, each of which may be left out.
pub(crate) struct ShipmentEdit;

impl utoipa::PartialSchema for ShipmentEdit {
    fn schema() -> RefOr<Schema> {
        match ShipmentBody::schema() {
            RefOr::T(Schema::Object(mut object)) => {
                object.required.clear();
                Schema::Object(object).into()
            }
            other => other,
        }
    }
}

impl ToSchema for ShipmentEdit {
    fn schemas(schemas: &mut Vec<(String, RefOr<Schema>)>) {
        <ShipmentBody as ToSchema>::schemas(schemas);
    }
}
