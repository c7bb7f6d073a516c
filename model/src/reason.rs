//! Why: the canonical reasons of attempts, exceptions, cancellations and delays (`systems.md` 6.5).

use crate::words::words;

words! {
    /// Why a delivery was attempted in vain, stopped, delayed or given up.
    pub enum Reason {
        /// The recipient did not want it.
        RecipientRefused = "recipient_refused",
        /// Nobody was there.
        RecipientAbsent = "recipient_absent",
        /// The recipient no longer lives there.
        RecipientMoved = "recipient_moved",
        /// The address is wrong or incomplete.
        AddressWrong = "address_wrong",
        /// The courier could not get to the door.
        AccessBlocked = "access_blocked",
        /// The delivery code or identity did not match.
        CodeMismatch = "code_mismatch",
        /// What was to be paid was not.
        PaymentMissing = "payment_missing",
        /// It was not collected in time.
        PickupMissed = "pickup_missed",
        /// It is damaged.
        Damaged = "damaged",
        /// It cannot be found.
        Lost = "lost",
        /// Customs hold it.
        Customs = "customs",
        /// The weather.
        Weather = "weather",
        /// An event outside of anybody's hands.
        External = "external",
        /// The carrier has no room or people.
        CarrierCapacity = "carrier_capacity",
        /// The vehicle broke down.
        Vehicle = "vehicle",
        /// No provider took it.
        NoProvider = "no_provider",
        /// The address lies outside the area served.
        NoCoverage = "no_coverage",
        /// The sender cancelled.
        SenderCancelled = "sender_cancelled",
        /// The recipient cancelled.
        RecipientCancelled = "recipient_cancelled",
        /// The carrier cancelled.
        CarrierCancelled = "carrier_cancelled",
        /// The booked slot ran out before it was used.
        SlotExpired = "slot_expired",
        /// Something else; the source's text is kept in the event's note.
        Other = "other",
    }
}
