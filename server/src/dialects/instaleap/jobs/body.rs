//! The body that creates a job, field by field as its source has it. All of it is kept and given back as it came; what
//! is read here is what the shipment needs, and enough to refuse a wrong type where it stands.

use std::collections::BTreeMap;

use doorstep_model::preferences::{Contactless, Handover};
use doorstep_model::text::{Comment, Email, PersonName, Phone, Reference};
use serde_json::Value;
use utoipa::ToSchema;

use crate::api::wire::{object, optional_object, optional_objects};
use crate::dialects::instaleap::wire::Wrong;

/// A job to be created. Fields that are not named here are kept, too.
#[derive(Debug, serde::Deserialize, ToSchema)]
#[expect(dead_code, reason = "some fields are read to refuse a wrong type only, and kept as they came")]
#[schema(as = NewJob)]
pub(in crate::dialects::instaleap) struct JobBody {
    /// The slot that was chosen; it must still be valid.
    pub(super) slot_id: String,
    /// Your own order number.
    #[schema(min_length = 1, max_length = 120)]
    pub(super) client_reference: String,
    /// Who receives it.
    #[serde(deserialize_with = "object")]
    pub(super) recipient: RecipientBody,
    /// What is paid, and how.
    #[serde(default, deserialize_with = "optional_object")]
    pub(super) payment_info: Option<PaymentInfo>,
    /// Asks for a delivery code, which the recipient tells at the door.
    #[serde(default)]
    pub(super) add_delivery_code: Option<bool>,
    /// What whoever collects it says at the store.
    #[serde(default)]
    pub(super) pick_up_code: Option<String>,
    /// Whether something comes back.
    #[serde(default, deserialize_with = "optional_object")]
    pub(super) round_trip_info: Option<RoundTrip>,
    /// Whether it is handed over at the recipient's car.
    #[serde(default)]
    pub(super) curbside: Option<bool>,
    /// For the courier to read; the recipient may edit it in the widget.
    #[serde(default)]
    pub(super) job_comment: Option<String>,
    /// Whatever is to be shown beside. The source spells the name with a tab at its end; both are taken.
    #[serde(default, alias = "additional_card_info\t")]
    pub(super) additional_card_info: Option<BTreeMap<String, Value>>,
    /// Makes it contactless; the recipient may edit it in the widget.
    #[serde(default, deserialize_with = "optional_object")]
    pub(super) contact_less: Option<ContactLess>,
    /// Kept for the webhook, the back office and the shopper's app.
    #[serde(default)]
    pub(super) external_data: Option<BTreeMap<String, Value>>,
    /// Only as the slot was asked for: another needs another slot.
    #[serde(default)]
    #[schema(value_type = Option<Object>)]
    pub(super) origin: Option<Value>,
    /// Likewise.
    #[serde(default)]
    #[schema(value_type = Option<Object>)]
    pub(super) destination: Option<Value>,
    /// Likewise.
    #[serde(default)]
    #[schema(value_type = Option<Vec<Object>>)]
    pub(super) job_items: Option<Value>,
}

/// Who receives it.
#[derive(Debug, serde::Deserialize, ToSchema)]
#[expect(dead_code, reason = "some fields are read to refuse a wrong type only, and kept as they came")]
#[schema(as = JobRecipient)]
pub(in crate::dialects::instaleap) struct RecipientBody {
    /// Full name.
    #[schema(min_length = 1, max_length = 120)]
    pub(super) name: String,
    /// E-mail.
    #[serde(default)]
    pub(super) email: Option<String>,
    /// Telephone.
    #[serde(default)]
    pub(super) phone_number: Option<String>,
    /// Kept; Doorstep sends one-time codes only, which the recipient asks for.
    #[serde(default)]
    pub(super) wants_to_receive_notifications: Option<bool>,
    /// A document of identity.
    #[serde(default, deserialize_with = "optional_object")]
    pub(super) identification: Option<Identification>,
}

macro_rules! kept {
    ($( $(#[$doc:meta])* $name:ident { $( $(#[$field_doc:meta])* $field:ident: $type:ty ),+ $(,)? } )+) => { $(
        $(#[$doc])*
        #[derive(Debug, serde::Deserialize, ToSchema)]
        #[expect(dead_code, reason = "read to refuse a wrong type; kept as it came")]
        pub(in crate::dialects::instaleap) struct $name {
            $( $(#[$field_doc])* $field: Option<$type> ),+
        }
    )+ };
}

kept! {
    /// A document of identity.
    Identification {
        /// Its number.
        number: String,
        /// What it is.
        r#type: String,
    }
    /// What is paid, and how.
    PaymentInfo {
        /// ISO 4217.
        currency_code: String,
        /// What it costs.
        #[serde(default, deserialize_with = "optional_object")]
        prices: Prices,
        /// How it is paid.
        #[serde(default, deserialize_with = "optional_object")]
        payment: Payment,
    }
    /// What it costs.
    Prices {
        /// The order's value.
        order_value: f64,
        /// For bringing it.
        shipping_fee: f64,
        /// Taxes.
        taxes: f64,
        /// Discounts.
        discounts: f64,
        /// Without fees, taxes and discounts.
        subtotal: f64,
        /// Parts of it.
        #[serde(default, deserialize_with = "optional_objects")]
        attributes: Vec<PriceAttribute>,
        /// What else is said of it.
        #[serde(default, deserialize_with = "optional_objects")]
        additional_info: Vec<PriceInfo>,
    }
    /// A part of a price.
    PriceAttribute {
        /// Of what.
        r#type: String,
        /// Its name.
        name: String,
        /// How much.
        value: f64,
    }
    /// What else is said of a price; its value is a text.
    PriceInfo {
        /// What it is.
        r#type: String,
        /// Its name.
        name: String,
        /// How much.
        value: String,
    }
    /// How it is paid.
    Payment {
        /// The payment's id.
        id: String,
        /// Where it stands.
        payment_status: String,
        /// More of that.
        payment_status_details: String,
        /// More of the method.
        method_details: String,
        /// `CHECKOUT`, `EXIT_STORE` or `UNBLOCKED`: which step waits for the payment. Another word holds nothing back.
        blocking_policy: String,
        /// The method.
        method: String,
        /// Your own reference.
        reference: String,
        /// How much.
        value: f64,
        /// Kept.
        metadata: BTreeMap<String, Value>,
    }
    /// Whether something comes back.
    RoundTrip {
        /// Whether.
        enabled: bool,
        /// Why.
        reason: String,
    }
}

/// How it is to be left without contact.
#[derive(Clone, Debug, serde::Deserialize, ToSchema)]
pub(in crate::dialects::instaleap) struct ContactLess {
    /// `LeaveInReception` or `LeaveAtTheDoor`; any other text is kept and means the door.
    #[serde(default)]
    pub(in crate::dialects::instaleap) comment: Option<String>,
    /// Who has the cash ready.
    #[serde(default)]
    pub(in crate::dialects::instaleap) cash_receiver: Option<String>,
    /// Where that person is reached.
    #[serde(default)]
    pub(in crate::dialects::instaleap) phone_number: Option<String>,
}

/// Left at the reception.
pub(in crate::dialects::instaleap) const RECEPTION: &str = "LeaveInReception";
/// Left at the door.
pub(in crate::dialects::instaleap) const DOOR: &str = "LeaveAtTheDoor";

impl ContactLess {
    /// The choice, in the model's words.
    pub(in crate::dialects::instaleap) fn choice(&self, at: &str, wrong: &mut Wrong) -> Contactless {
        let handover =
            if self.comment.as_deref() == Some(RECEPTION) { Handover::AtReception } else { Handover::AtDoor };
        let cash_receiver =
            wrong.parse(self.cash_receiver.as_deref(), &format!("{at}/cash_receiver"), PersonName::parse);
        let phone = wrong.parse(self.phone_number.as_deref(), &format!("{at}/phone_number"), Phone::parse);
        Contactless { handover, cash_receiver, phone }
    }
}

/// What the shipment needs of it.
pub(super) struct Understood {
    pub(super) reference: Option<Reference>,
    pub(super) name: Option<PersonName>,
    pub(super) email: Option<Email>,
    pub(super) phone: Option<Phone>,
    pub(super) comment: Option<Comment>,
    pub(super) contactless: Option<Contactless>,
    pub(super) has_code: bool,
}

impl JobBody {
    /// Reads what the shipment needs; notes what does not hold.
    pub(super) fn understand(&self, wrong: &mut Wrong) -> Understood {
        let who = &self.recipient;
        let understood = Understood {
            reference: wrong.parse(Some(&self.client_reference), "/client_reference", Reference::parse),
            name: wrong.parse(Some(&who.name), "/recipient/name", PersonName::parse),
            email: wrong.parse(who.email.as_deref(), "/recipient/email", Email::parse),
            phone: wrong.parse(who.phone_number.as_deref(), "/recipient/phone_number", Phone::parse),
            comment: wrong.parse(self.job_comment.as_deref(), "/job_comment", Comment::parse),
            contactless: self.contact_less.as_ref().map(|choice| choice.choice("/contact_less", wrong)),
            has_code: self.add_delivery_code.unwrap_or(false),
        };
        wrong.within(&self.client_reference, Reference::MAX, "/client_reference");
        wrong.within(&who.name, PersonName::MAX, "/recipient/name");
        wrong.unless(!self.client_reference.trim().is_empty(), "/client_reference", "is empty");
        wrong.unless(!who.name.trim().is_empty(), "/recipient/name", "is empty");
        understood
    }
}
