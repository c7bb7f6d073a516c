//! The original's words for where an order stands and what each means in ours (`systems.md` 4.4 and 6.3). One
//! table: reading, answering, lists, documentation and tests follow from it. Knows no order and no shipment.

use doorstep_model::event::Movement;
use doorstep_model::flags::{Flag, FlagChange, Flags};
use doorstep_model::reason::Reason;
use doorstep_model::status::Status;

macro_rules! words {
    ($( $(#[$doc:meta])* $variant:ident = $word:literal, $status:expr; )+) => {
        /// A word of the original's.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
        pub(crate) enum Word { $( $(#[$doc])* #[serde(rename = $word)] $variant ),+ }

        impl Word {
            /// Every word.
            pub(crate) const ALL: &'static [Self] = &[$( Self::$variant ),+];

            /// As it stands on the wire.
            pub(crate) const fn as_str(self) -> &'static str {
                match self { $( Self::$variant => $word ),+ }
            }

            /// The status it means; `None` where it leaves the status as it is.
            pub(crate) const fn status(self) -> Option<Status> {
                match self { $( Self::$variant => $status ),+ }
            }

            fn exact(word: &str) -> Option<Self> {
                match word { $( $word => Some(Self::$variant), )+ _ => None }
            }
        }
    };
}

words! {
    /// Received, being processed.
    RequestReceived = "REQUEST_RECEIVED", Some(Status::Created);
    /// At least one provider told its price.
    EstimatesReceived = "ESTIMATES_RECEIVED", Some(Status::Created);
    /// No provider told one.
    EstimatesFailed = "ESTIMATES_FAILED", Some(Status::Failed);
    /// Kept for later.
    PendingDispatch = "PENDING_DISPATCH", Some(Status::Scheduled);
    /// Ready to be given to the provider.
    PendingRelease = "PENDING_RELEASE", Some(Status::Scheduled);
    /// Not placed; tried again by itself.
    PendingAutoretry = "PENDING_AUTORETRY", Some(Status::Scheduled);
    /// Placed with a provider.
    OrderDispatched = "ORDER_DISPATCHED", Some(Status::Confirmed);
    /// Could not be placed.
    OrderFailed = "ORDER_FAILED", Some(Status::Failed);
    /// Put where it is collected.
    Staged = "STAGED", Some(Status::Ready);
    /// A driver is assigned.
    OrderAssigned = "ORDER_ASSIGNED", Some(Status::CourierAssigned);
    /// The driver was removed.
    OrderUnassigned = "ORDER_UNASSIGNED", Some(Status::Confirmed);
    /// Being collected.
    PickupStarted = "PICKUP_STARTED", Some(Status::AtPickup);
    /// Collected.
    PickupCompleted = "PICKUP_COMPLETED", Some(Status::PickedUp);
    /// On its way.
    InTransit = "IN_TRANSIT", Some(Status::InTransit);
    /// On the last leg.
    OutForDelivery = "OUT_FOR_DELIVERY", Some(Status::OutForDelivery);
    /// Waits at another place for the recipient.
    OrderAtLocation = "ORDER_AT_LOCATION", Some(Status::AvailableForPickup);
    /// Handed over.
    OrderDelivered = "ORDER_DELIVERED", Some(Status::Delivered);
    /// Comes later.
    OrderDelayed = "ORDER_DELAYED", None;
    /// Tried once more.
    OrderRedelivery = "ORDER_REDELIVERY", Some(Status::OutForDelivery);
    /// Could not be delivered.
    OrderUndeliverable = "ORDER_UNDELIVERABLE", Some(Status::Undeliverable);
    /// Something went wrong.
    ErrorException = "ERROR_EXCEPTION", Some(Status::Exception);
    /// Cancelled.
    OrderCancelled = "ORDER_CANCELLED", Some(Status::Cancelled);
}

/// What a word means in ours.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Meaning {
    /// Where it stands.
    pub(crate) status: Option<Status>,
    /// How it may move it.
    pub(crate) movement: Movement,
    /// What becomes true or false beside it.
    pub(crate) flags: FlagChange,
}

impl Word {
    /// Reads a word. The deprecated `PARTIAL_…` words mean what the rest of them says.
    pub(crate) fn parse(word: &str) -> Option<Self> {
        Self::exact(word).or_else(|| {
            let whole = word.strip_prefix("PARTIAL_")?;
            Self::exact(whole).or_else(|| Self::exact(&format!("ORDER_{whole}")))
        })
    }

    /// What it means, beside the finer word that may come with it.
    pub(crate) fn means(self, sub_status: Option<&str>) -> Meaning {
        let set = |flag| FlagChange { set: Flags::NONE.with(flag), clear: Flags::NONE };
        let status = match (self, sub_status) {
            (Self::OrderUndeliverable, Some("RETURN_AT_LOCATION")) => Some(Status::Returned),
            (Self::OrderUndeliverable, Some(finer)) if finer.starts_with("RETURN") => Some(Status::Returning),
            _ => self.status(),
        };
        let movement = match self {
            Self::OrderUnassigned | Self::OrderRedelivery => Movement::StepBack,
            _ => Movement::Forward,
        };
        let flags = match self {
            Self::PendingAutoretry | Self::OrderDelayed => set(Flag::Delayed),
            // What was tried again was placed at last.
            Self::OrderDispatched => FlagChange { set: Flags::NONE, clear: Flags::NONE.with(Flag::Delayed) },
            Self::OrderRedelivery => set(Flag::Redelivery),
            _ => FlagChange::default(),
        };
        Meaning { status, movement, flags }
    }

    /// Whether it still says where a shipment stands that stands at `status`. An order that was told to be
    /// delayed is so until it is there.
    pub(crate) fn holds_at(self, status: Status) -> bool {
        match self {
            // Nothing moved it yet.
            _ if status == Status::Unknown => true,
            Self::OrderDelayed => status.rank().is_some_and(|rank| rank < 200),
            Self::OrderUndeliverable => {
                matches!(status, Status::Undeliverable | Status::Returning | Status::Returned)
            }
            _ => self.status() == Some(status),
        }
    }

    /// The word for a status to which something else moved the shipment.
    pub(crate) const fn of(status: Status) -> Option<Self> {
        Some(match status {
            Status::Unknown => return None,
            Status::Created => Self::RequestReceived,
            Status::Scheduled => Self::PendingDispatch,
            Status::Confirmed | Status::Preparing => Self::OrderDispatched,
            Status::Ready => Self::Staged,
            Status::CourierAssigned => Self::OrderAssigned,
            Status::AtPickup => Self::PickupStarted,
            Status::PickedUp => Self::PickupCompleted,
            Status::InTransit => Self::InTransit,
            // The original has no word for a courier at the door.
            Status::OutForDelivery | Status::Arrived => Self::OutForDelivery,
            Status::AvailableForPickup => Self::OrderAtLocation,
            Status::Delivered => Self::OrderDelivered,
            // Another try is expected.
            Status::AttemptFailed => Self::OrderRedelivery,
            Status::Exception => Self::ErrorException,
            Status::Undeliverable | Status::Returning | Status::Returned => Self::OrderUndeliverable,
            Status::Cancelled => Self::OrderCancelled,
            Status::Failed => Self::OrderFailed,
        })
    }

    /// Where an order stands whose own last word is this and whose shipment stands at `status`.
    pub(crate) fn now(self, status: Status) -> Self {
        if self.holds_at(status) { self } else { Self::of(status).unwrap_or(self) }
    }

    /// Whether a provider has it: its parcel is fixed then.
    pub(crate) const fn is_dispatched(self) -> bool {
        !matches!(
            self,
            Self::RequestReceived
                | Self::EstimatesReceived
                | Self::EstimatesFailed
                | Self::PendingDispatch
                | Self::PendingRelease
                | Self::PendingAutoretry
                | Self::OrderFailed
        )
    }

    /// Whether the original calls it an end for good: nothing of it can be edited.
    pub(crate) const fn is_over(self) -> bool {
        matches!(self, Self::OrderDelivered | Self::OrderUndeliverable | Self::OrderCancelled)
    }

    /// Whether placing it may be tried again.
    pub(crate) const fn may_be_retried(self) -> bool {
        matches!(
            self,
            Self::RequestReceived | Self::EstimatesFailed | Self::OrderFailed | Self::PendingAutoretry
        )
    }
}

impl std::fmt::Display for Word {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.as_str())
    }
}

impl utoipa::PartialSchema for Word {
    fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::schema::Schema> {
        let words = Self::ALL.iter().map(|word| word.as_str());
        utoipa::openapi::schema::ObjectBuilder::new()
            .schema_type(utoipa::openapi::schema::Type::String)
            .enum_values(Some(words))
            .build()
            .into()
    }
}

impl utoipa::ToSchema for Word {
    fn name() -> std::borrow::Cow<'static, str> {
        "Status".into()
    }
}

/// The original's reason codes and titles that we know, by ours (`systems.md` 6.5).
const REASONS: &[(&str, &str, Reason)] = &[
    ("CUSTOMER_REJECTED", "Customer Rejected", Reason::RecipientRefused),
    ("GEOCODING_FAILED", "Geocoding Failed", Reason::AddressWrong),
    ("NO_PROVIDER_ASSIGNED", "No Provider Assigned", Reason::NoProvider),
    ("NO_PROVIDER_MATCHED", "No Provider Matched", Reason::NoProvider),
    ("PLACE_ORDER_FAILED", "Place Order Failed", Reason::NoProvider),
];

/// What a reason code of the original's means; `Other` for one that no table maps.
pub(crate) fn reason(code: &str) -> Reason {
    let known = REASONS.iter().find(|(known, _, _)| *known == code);
    known.map_or_else(|| code.to_ascii_lowercase().parse().unwrap_or(Reason::Other), |(_, _, reason)| *reason)
}

/// The original's code and title for a reason of ours; our own word where the original has none.
pub(crate) fn told_reason(reason: Reason) -> (String, String) {
    let known = REASONS.iter().find(|(_, _, known)| *known == reason && reason != Reason::NoProvider);
    let (code, title) = known.map_or_else(
        || (reason.as_str().to_ascii_uppercase(), titled(reason.as_str())),
        |(code, title, _)| ((*code).to_owned(), (*title).to_owned()),
    );
    (code, title)
}

fn titled(word: &str) -> String {
    let part = |part: &str| {
        let mut letters = part.chars();
        letters
            .next()
            .map_or_else(String::new, |first| first.to_ascii_uppercase().to_string() + letters.as_str())
    };
    word.split('_').map(part).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_words_mean_what_the_table_of_the_reference_says() {
        let rows: Vec<(&str, Option<&str>)> = Word::ALL
            .iter()
            .map(|word| (word.as_str(), word.means(None).status.map(Status::as_str)))
            .collect();
        // `systems.md` 6.3, written down once more so that a slip in the table above is seen.
        assert_eq!(
            rows,
            [
                ("REQUEST_RECEIVED", Some("created")),
                ("ESTIMATES_RECEIVED", Some("created")),
                ("ESTIMATES_FAILED", Some("failed")),
                ("PENDING_DISPATCH", Some("scheduled")),
                ("PENDING_RELEASE", Some("scheduled")),
                ("PENDING_AUTORETRY", Some("scheduled")),
                ("ORDER_DISPATCHED", Some("confirmed")),
                ("ORDER_FAILED", Some("failed")),
                ("STAGED", Some("ready")),
                ("ORDER_ASSIGNED", Some("courier_assigned")),
                ("ORDER_UNASSIGNED", Some("confirmed")),
                ("PICKUP_STARTED", Some("at_pickup")),
                ("PICKUP_COMPLETED", Some("picked_up")),
                ("IN_TRANSIT", Some("in_transit")),
                ("OUT_FOR_DELIVERY", Some("out_for_delivery")),
                ("ORDER_AT_LOCATION", Some("available_for_pickup")),
                ("ORDER_DELIVERED", Some("delivered")),
                ("ORDER_DELAYED", None),
                ("ORDER_REDELIVERY", Some("out_for_delivery")),
                ("ORDER_UNDELIVERABLE", Some("undeliverable")),
                ("ERROR_EXCEPTION", Some("exception")),
                ("ORDER_CANCELLED", Some("cancelled")),
            ]
        );
    }

    #[test]
    fn finer_words_and_partial_words_are_read() {
        let undeliverable = |finer| Word::OrderUndeliverable.means(finer).status;
        assert_eq!(undeliverable(Some("RETURN_AT_LOCATION")), Some(Status::Returned));
        assert_eq!(undeliverable(Some("RETURN_STARTED")), Some(Status::Returning));
        assert_eq!(undeliverable(Some("LOST")), Some(Status::Undeliverable));
        assert_eq!(Word::parse("PARTIAL_DELIVERED"), Some(Word::OrderDelivered));
        assert_eq!(Word::parse("PARTIAL_PICKUP_COMPLETED"), Some(Word::PickupCompleted));
        assert_eq!(Word::parse("order_delivered"), None);
        assert_eq!(Word::OrderUnassigned.means(None).movement, Movement::StepBack);
        assert!(Word::PendingAutoretry.means(None).flags.set.has(Flag::Delayed));
    }

    #[test]
    fn an_orders_own_word_stands_until_something_else_moves_it() {
        assert_eq!(Word::EstimatesReceived.now(Status::Created), Word::EstimatesReceived);
        assert_eq!(Word::OrderDispatched.now(Status::OutForDelivery), Word::OutForDelivery);
        assert_eq!(Word::OrderRedelivery.now(Status::OutForDelivery), Word::OrderRedelivery);
        assert_eq!(Word::OrderDelayed.now(Status::InTransit), Word::OrderDelayed);
        assert_eq!(Word::OrderDelayed.now(Status::Delivered), Word::OrderDelivered);
        assert_eq!(Word::OrderUndeliverable.now(Status::Returned), Word::OrderUndeliverable);
        for status in Status::ALL {
            assert!(Word::of(*status).is_none_or(|word| word.holds_at(*status) || {
                // Statuses for which the original has no word of their own.
                matches!(status, Status::Preparing | Status::Arrived | Status::AttemptFailed)
            }));
        }
    }

    #[test]
    fn reasons_read_and_are_told() {
        assert_eq!(reason("CUSTOMER_REJECTED"), Reason::RecipientRefused);
        assert_eq!(reason("ADDRESS_WRONG"), Reason::AddressWrong);
        assert_eq!(reason("SOMETHING"), Reason::Other);
        assert_eq!(told_reason(Reason::RecipientRefused).0, "CUSTOMER_REJECTED");
        assert_eq!(
            told_reason(Reason::RecipientAbsent),
            ("RECIPIENT_ABSENT".into(), "Recipient Absent".into())
        );
    }
}
