//! Where a delivery stands: the 21 statuses and the five steps of the progress bar (design section 3).
//! Knows no source's words; the dialects map onto these.

use crate::words::words;

words! {
    /// Where the delivery stands, folded from the events.
    pub enum Status {
        /// The source's word is not mapped, or nothing is known yet.
        Unknown = "unknown",
        /// The request was received and is valid.
        Created = "created",
        /// Accepted for later; waits for planning or release.
        Scheduled = "scheduled",
        /// A carrier, provider or trip has it.
        Confirmed = "confirmed",
        /// Picking, packing, check-out, consolidation.
        Preparing = "preparing",
        /// Packed or staged; waits for the courier.
        Ready = "ready",
        /// A person or vehicle is assigned and heads to the origin.
        CourierAssigned = "courier_assigned",
        /// The courier is at the origin.
        AtPickup = "at_pickup",
        /// The goods are handed to the courier.
        PickedUp = "picked_up",
        /// Moving between places, not yet the last leg.
        InTransit = "in_transit",
        /// Last leg, heading to this recipient.
        OutForDelivery = "out_for_delivery",
        /// The courier is at the recipient's address.
        Arrived = "arrived",
        /// Waits at a pickup point for the recipient.
        AvailableForPickup = "available_for_pickup",
        /// Handed over, or left as agreed.
        Delivered = "delivered",
        /// Tried and not handed over; another try is expected.
        AttemptFailed = "attempt_failed",
        /// A problem; someone must decide.
        Exception = "exception",
        /// Given up; a return may follow.
        Undeliverable = "undeliverable",
        /// On its way back to the sender.
        Returning = "returning",
        /// Back at the sender.
        Returned = "returned",
        /// Stopped by a party.
        Cancelled = "cancelled",
        /// Could not be placed or accepted; may be retried.
        Failed = "failed",
    }
}

words! {
    /// One of the five steps of the progress bar.
    pub enum Step {
        /// The order is with the retailer or carrier.
        Placed = "placed",
        /// It is being picked and packed.
        Preparing = "preparing",
        /// It moves.
        OnTheWay = "on_the_way",
        /// It is at the door or at the pickup point.
        Arriving = "arriving",
        /// It is handed over.
        Delivered = "delivered",
    }
}

impl Status {
    /// How far along the forward journey it is; `None` for what stands beside it.
    pub const fn rank(self) -> Option<u8> {
        Some(match self {
            Self::Created => 10,
            Self::Scheduled => 20,
            Self::Confirmed => 30,
            Self::Preparing => 40,
            Self::Ready => 50,
            Self::CourierAssigned => 60,
            Self::AtPickup => 70,
            Self::PickedUp => 80,
            Self::InTransit => 90,
            Self::OutForDelivery => 100,
            Self::Arrived | Self::AvailableForPickup => 110,
            Self::Delivered => 200,
            _ => return None,
        })
    }

    /// The order among events that say they happened at the same instant: by rank, with the side
    /// statuses put where they happen in a journey.
    pub(crate) const fn tie_rank(self) -> u8 {
        match self {
            Self::Unknown => 0,
            Self::Failed => 15,
            Self::AttemptFailed => 120,
            Self::Exception => 130,
            Self::Undeliverable => 140,
            Self::Returning => 210,
            Self::Returned => 220,
            Self::Cancelled => 230,
            ranked => match ranked.rank() {
                Some(rank) => rank,
                None => 0,
            },
        }
    }

    /// The step it puts the progress bar on; `None` keeps the bar where it is.
    pub const fn step(self) -> Option<Step> {
        match self {
            Self::Created | Self::Scheduled | Self::Confirmed | Self::Failed => Some(Step::Placed),
            Self::Preparing | Self::Ready | Self::CourierAssigned | Self::AtPickup => Some(Step::Preparing),
            Self::PickedUp | Self::InTransit | Self::OutForDelivery => Some(Step::OnTheWay),
            Self::Arrived | Self::AvailableForPickup => Some(Step::Arriving),
            Self::Delivered => Some(Step::Delivered),
            _ => None,
        }
    }

    /// Whether the journey is over unless something unusual follows; times of arrival mean nothing then.
    pub const fn is_final(self) -> bool {
        matches!(
            self,
            Self::Delivered | Self::Undeliverable | Self::Returned | Self::Cancelled | Self::Failed
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_has_21_statuses_and_5_steps() {
        assert_eq!((Status::ALL.len(), Step::ALL.len()), (21, 5));
    }

    #[test]
    fn rank_never_falls_while_the_step_rises() {
        let mut ranked: Vec<_> = Status::ALL.iter().filter_map(|s| Some((s.rank()?, s.step()?))).collect();
        ranked.sort();
        assert!(ranked.is_sorted_by_key(|(_, step)| *step));
    }
}
