//! Words of others beside the table: what a fleet's statuses mean, and in which of Instaleap's words an event is told that
//! came in no word of the table.

use doorstep_model::event::{Event, Movement};
use doorstep_model::reason::Reason;
use doorstep_model::status::Status;
use doorstep_model::text::SourceWord;

use super::{Move, TASK_RESET, row_of};
use crate::dialects::fleet::FleetStatus;

use Status::{
    Arrived, AtPickup, AvailableForPickup, Cancelled, Confirmed, CourierAssigned, Delivered, OutForDelivery,
    Preparing, Ready, Scheduled, Undeliverable,
};

/// The word that says to Instaleap's clients what another source reported, where one does.
fn word_of(status: Status) -> Option<&'static str> {
    Some(match status {
        Status::Created | Scheduled => "CREATED",
        Confirmed | CourierAssigned => "ALLOCATED",
        Preparing => "PICKING_STARTED",
        Ready => "TRANSFERRED",
        AtPickup => "ARRIVED_TO_ORIGIN",
        Status::PickedUp | Status::InTransit | OutForDelivery => "GOING_TO_DESTINATION_STARTED",
        Arrived => "ARRIVED_TO_DESTINATION",
        AvailableForPickup => "STORING_FINISHED",
        Delivered => "CLIENT_RECEIVED",
        Undeliverable => "REFUSED",
        Cancelled => "CANCELLED",
        _ => return None,
    })
}

/// The word that says an event to Instaleap's clients: its own, where the table has that and it moved what the table
/// says; else that of the status.
pub(in crate::dialects::instaleap) fn told_as(event: &Event) -> Option<&str> {
    // A fleet's "CANCELLED" is the end of its task and not of the job.
    if event.status == Some(Confirmed) && event.movement == Movement::StepBack {
        let reset =
            event.source_word.as_ref().map(SourceWord::as_str).filter(|word| word.starts_with(TASK_RESET));
        return Some(reset.unwrap_or("TASK_RESET_DELIVERY"));
    }
    let own = event.source_word.as_ref().map(SourceWord::as_str).filter(|word| row_of(word).is_some());
    own.or_else(|| word_of(event.status?))
}

/// What a fleet's status means.
pub(in crate::dialects::instaleap) fn of_fleet(status: FleetStatus, collected: bool) -> Move {
    let forward = |status| Move { status: Some(status), movement: Movement::Forward, reason: None };
    match status {
        FleetStatus::Assigned => forward(CourierAssigned),
        FleetStatus::ArrivedToStore => forward(AtPickup),
        FleetStatus::GoingToDestination => forward(OutForDelivery),
        FleetStatus::ArrivedToDestination => forward(if collected { AvailableForPickup } else { Arrived }),
        FleetStatus::Delivered => forward(Delivered),
        // The fleet gave up, not the order.
        FleetStatus::Cancelled => Move {
            status: Some(Confirmed),
            movement: Movement::StepBack,
            reason: Some(Reason::CarrierCancelled),
        },
        // Every task is processing from its start, so that to say so is a repeat.
        FleetStatus::Processing | FleetStatus::DeliveryCodeUpdated | FleetStatus::ContactInfoUpdated => {
            Move { status: None, movement: Movement::Forward, reason: None }
        }
    }
}
