//! A shipment of ours out of an order: who receives it, what was promised, what the courier is told. What our
//! page cannot show is left out there and said in a warning; the order keeps it whole.

use doorstep_model::eta::Promise;
use doorstep_model::handoff::Handoff;
use doorstep_model::id::{EditId, TrackingId};
use doorstep_model::person::Recipient;
use doorstep_model::preferences::{Editor, Preference, Preferences, Receipt};
use doorstep_model::rules::Rules;
use doorstep_model::shipment::Details;
use doorstep_model::text::{self, Comment, Email, PersonName, Phone, Place, Reference};
use doorstep_model::time::Timestamp;
use doorstep_model::views::Days as _;
use rand::TryRngCore as _;
use rand::rngs::OsRng;

use super::document::Document;
use super::steps::cut;
use super::wire::answer::{Warning, WarningType};
use super::wire::parts::Address;
use crate::store::StoreError;
use crate::zones::ZoneDays;

/// The name of the edit that a creation makes.
const EDIT: &str = "created";

/// The shipment's details, and what of the order they cannot hold.
pub(crate) fn details(order: &Document, rules: Rules, now: Timestamp) -> (Details, Vec<Warning>) {
    let mut warnings = Vec::new();
    let recipient = recipient(order, &mut warnings);
    let comment = comment(order, &mut warnings);
    let origin = order.told.pickup_address.as_ref().or(order.location.pickup_address.as_ref());
    let details = Details {
        promise: promise(order),
        reference: Reference::parse(order.told.order_external_id.as_str()).ok(),
        recipient,
        origin: origin
            .and_then(|address| address.city.as_ref())
            .and_then(|city| Place::parse(city.as_str()).ok()),
        rules,
        handoff: Handoff {
            preferences: Preferences {
                comment: comment.and_then(|comment| first(comment, now)),
                contactless: None,
            },
            ..Handoff::default()
        },
        ..Details::in_zone(order.location.zone.clone())
    };
    (details, warnings)
}

/// What was promised: the end of the delivery window.
pub(crate) fn promise(order: &Document) -> Option<Promise> {
    let until = order.told.delivery_time?.ends_at?.at();
    Some(Promise { day: ZoneDays.day(until, &order.location.zone), until })
}

/// Who receives it.
pub(crate) fn recipient(order: &Document, warnings: &mut Vec<Warning>) -> Recipient {
    let contact = order.told.delivery_contact.clone().unwrap_or_default();
    let line = order.told.delivery_address.line();
    Recipient {
        name: usable(contact.name.as_ref().map(|name| name.as_str()), "name", PersonName::parse, warnings),
        phone: usable(contact.phone.as_ref().map(|phone| phone.as_str()), "phone", Phone::parse, warnings),
        email: usable(contact.email.as_ref().map(|email| email.as_str()), "email", Email::parse, warnings),
        address: usable(Some(&line), "address", text::Address::parse, warnings),
    }
}

/// What the courier is told: the instructions, as far as a comment goes.
pub(crate) fn comment(order: &Document, warnings: &mut Vec<Warning>) -> Option<Comment> {
    let told = order.told.delivery_instructions.as_ref()?.said()?;
    let short = cut(told, Comment::MAX);
    if short.len() != told.len() {
        warnings.push(Warning {
            r#type: WarningType::TextShortened,
            message: format!(
                "The courier is shown the first {} characters of deliveryInstructions",
                Comment::MAX
            ),
        });
    }
    Comment::parse(&short).ok()
}

fn usable<T>(
    told: Option<&str>,
    what: &str,
    parse: impl FnOnce(&str) -> Result<T, text::TextError>,
    warnings: &mut Vec<Warning>,
) -> Option<T> {
    let told = told.map(str::trim).filter(|told| !told.is_empty())?;
    parse(told)
        .map_err(|error| {
            let message = format!("The recipient's {what} {error} and is not shown on the tracking page");
            warnings.push(Warning { r#type: WarningType::ContactUnusable, message });
        })
        .ok()
}

fn first(comment: Comment, now: Timestamp) -> Option<Preference<Comment>> {
    let edit = EditId::parse(EDIT).ok()?;
    let (value, edited_by, receipt) = (Some(comment), Editor::Client, Receipt::Saved);
    Some(Preference { value, version: 1, edited_at: now, edited_by, edit, receipt })
}

impl Address {
    /// On one line, as letters are addressed.
    pub(crate) fn line(&self) -> String {
        let said =
            |text: Option<&str>| text.map(str::trim).filter(|text| !text.is_empty()).map(str::to_owned);
        let street = [self.street1.as_ref(), self.street2.as_ref()];
        let mut parts: Vec<String> =
            street.into_iter().filter_map(|part| said(part.map(|part| part.as_str()))).collect();
        parts.extend(said(self.apartment_number.as_ref().map(|part| part.as_str())));
        parts.extend(said(self.city.as_ref().map(|part| part.as_str())));
        let region = [
            self.state.as_ref().map(|part| part.as_str()),
            self.postal_code.as_ref().map(|part| part.as_str()),
        ];
        let region: Vec<String> = region.into_iter().filter_map(said).collect();
        parts.extend(said(Some(&region.join(" "))));
        parts.extend(said(self.country_code.as_ref().map(|part| part.as_str())));
        parts.join(", ")
    }
}

/// A tracking id that cannot be guessed: `DS-` and 80 random bits in Crockford's base 32, which has no letters
/// that are mistaken for digits.
///
/// # Errors
/// When the operating system has no randomness to give.
pub(crate) fn tracking_id() -> Result<TrackingId, StoreError> {
    const DIGITS: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
    let mut random = [0_u8; 16];
    OsRng.try_fill_bytes(&mut random).map_err(|error| StoreError::Engine(error.into()))?;
    let digits = random.iter().filter_map(|byte| DIGITS.get(usize::from(byte % 32)));
    let id = "DS-".chars().chain(digits.map(|&digit| char::from(digit))).collect::<String>();
    TrackingId::parse(&id).map_err(|error| StoreError::Engine(error.into()))
}
