//! What a fleet tells of a task, and what may follow what: statuses come in the order of their table, each once
//! (`systems.md` 2.5). Pure; knows no shipment.

use doorstep_model::text::UnknownWord;
use utoipa::ToSchema;

/// Where a fleet says a task stands, or what else it tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize, ToSchema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub(crate) enum FleetStatus {
    /// The fleet has it; where every task starts.
    Processing,
    /// Somebody heads to the store; says who.
    Assigned,
    /// At the store.
    ArrivedToStore,
    /// On the way with all packages.
    GoingToDestination,
    /// At the door.
    ArrivedToDestination,
    /// Handed over.
    Delivered,
    /// The fleet cannot serve it.
    Cancelled,
    /// Another delivery code holds; no progress.
    DeliveryCodeUpdated,
    /// Somebody else drives, or has another number; no progress.
    ContactInfoUpdated,
}

impl FleetStatus {
    /// Every word, in the order of the protocol's table.
    pub(crate) const ALL: [Self; 9] = [
        Self::Processing,
        Self::Assigned,
        Self::ArrivedToStore,
        Self::GoingToDestination,
        Self::ArrivedToDestination,
        Self::Delivered,
        Self::Cancelled,
        Self::DeliveryCodeUpdated,
        Self::ContactInfoUpdated,
    ];

    /// The word on the wire.
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::Processing => "PROCESSING",
            Self::Assigned => "ASSIGNED",
            Self::ArrivedToStore => "ARRIVED_TO_STORE",
            Self::GoingToDestination => "GOING_TO_DESTINATION",
            Self::ArrivedToDestination => "ARRIVED_TO_DESTINATION",
            Self::Delivered => "DELIVERED",
            Self::Cancelled => "CANCELLED",
            Self::DeliveryCodeUpdated => "DELIVERY_CODE_UPDATED",
            Self::ContactInfoUpdated => "CONTACT_INFO_UPDATED",
        }
    }

    /// How far along it is; `None` for what is no progress.
    const fn step(self) -> Option<u8> {
        Some(match self {
            Self::Processing => 0,
            Self::Assigned => 1,
            Self::ArrivedToStore => 2,
            Self::GoingToDestination => 3,
            Self::ArrivedToDestination => 4,
            Self::Delivered => 5,
            _ => return None,
        })
    }

    /// Whether it says how far the task is.
    pub(crate) const fn is_progress(self) -> bool {
        self.step().is_some()
    }

    /// Whether nothing follows it.
    pub(crate) const fn is_final(self) -> bool {
        matches!(self, Self::Delivered | Self::Cancelled)
    }
}

impl std::str::FromStr for FleetStatus {
    type Err = UnknownWord;

    fn from_str(word: &str) -> Result<Self, UnknownWord> {
        Self::ALL.into_iter().find(|status| status.as_str() == word).ok_or(UnknownWord)
    }
}

/// What to do with a status that was told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Hearing {
    /// It is news.
    News,
    /// It was told before: nothing to do, and no mistake, because a fleet that got no answer tells it again.
    Repeat,
    /// It leaves out what must come first.
    TooEarly {
        /// What comes next.
        expected: FleetStatus,
    },
    /// The task is over.
    Over,
}

/// What `told` is where the last status was `last`; a task that has none yet stands at its start.
pub(crate) fn hear(last: Option<FleetStatus>, told: FleetStatus) -> Hearing {
    let last = last.unwrap_or(FleetStatus::Processing);
    match (last.step(), told.step()) {
        _ if last == told && told.is_final() => Hearing::Repeat,
        (Some(stands), Some(step)) if step <= stands => Hearing::Repeat,
        _ if last.is_final() => Hearing::Over,
        (Some(stands), Some(step)) if step > stands + 1 => Hearing::TooEarly { expected: after(stands) },
        _ => Hearing::News,
    }
}

/// The status one step after `step`.
fn after(step: u8) -> FleetStatus {
    let next = FleetStatus::ALL.into_iter().find(|status| status.step() == Some(step + 1));
    next.unwrap_or(FleetStatus::Delivered)
}

/// What a fleet sends to tell a status.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize, ToSchema)]
#[schema(as = FleetStatusReport)]
pub(crate) struct StatusReport {
    /// Which task.
    pub(crate) task_id: String,
    /// What is told.
    pub(crate) status: FleetStatus,
    /// Who drives; must be said with `ASSIGNED` and `CONTACT_INFO_UPDATED`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) delivery_info: Option<DeliveryInfo>,
    /// The new code, with `DELIVERY_CODE_UPDATED`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) delivery_code: Option<String>,
    /// Why, with `CANCELLED`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) status_reason: Option<String>,
}

/// Who drives.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize, ToSchema)]
pub(crate) struct DeliveryInfo {
    /// Full name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) name: Option<String>,
    /// Telephone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) phone: Option<String>,
    /// A picture of them. Not shown: the recipient's page contacts nobody else.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) photo_url: Option<String>,
}

#[cfg(test)]
mod tests {
    use super::FleetStatus::{
        ArrivedToStore, Assigned, Cancelled, ContactInfoUpdated, Delivered, DeliveryCodeUpdated,
        GoingToDestination, Processing,
    };
    use super::*;

    #[test]
    fn statuses_come_in_order_and_repeats_do_no_harm() {
        for (last, told, hearing) in [
            (None, Processing, Hearing::Repeat),
            (None, Assigned, Hearing::News),
            (None, ArrivedToStore, Hearing::TooEarly { expected: Assigned }),
            (Some(Assigned), Assigned, Hearing::Repeat),
            (Some(ArrivedToStore), Assigned, Hearing::Repeat),
            (Some(Assigned), Delivered, Hearing::TooEarly { expected: ArrivedToStore }),
            (Some(GoingToDestination), Cancelled, Hearing::News),
            (Some(GoingToDestination), ContactInfoUpdated, Hearing::News),
            (Some(Delivered), Delivered, Hearing::Repeat),
            (Some(Delivered), Assigned, Hearing::Repeat),
            (Some(Delivered), Cancelled, Hearing::Over),
            (Some(Cancelled), Cancelled, Hearing::Repeat),
            (Some(Cancelled), Assigned, Hearing::Over),
            (Some(Delivered), DeliveryCodeUpdated, Hearing::Over),
        ] {
            assert_eq!(hear(last, told), hearing, "{told:?} after {last:?}");
        }
    }

    #[test]
    fn each_word_reads_back() {
        for status in FleetStatus::ALL {
            assert_eq!(status.as_str().parse(), Ok(status));
            assert_eq!(serde_json::json!(status), status.as_str());
        }
        assert!("delivered".parse::<FleetStatus>().is_err());
    }
}
