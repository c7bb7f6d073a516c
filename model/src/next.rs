//! What happens next, or what the recipient can do, and until when: every exception carries one such
//! step. Told by the source, or else the usual one for the status and its reason.

use crate::reason::Reason;
use crate::status::Status;
use crate::time::Timestamp;
use crate::words::words;

words! {
    /// The one thing that happens or is to be done next.
    pub enum NextAction {
        /// Nothing to do: the courier tries again.
        Redelivery = "redelivery",
        /// Nothing to do: it goes on by itself.
        Wait = "wait",
        /// Collect it at the pickup point.
        Collect = "collect",
        /// Tell the sender a right address.
        CorrectAddress = "correct_address",
        /// Pay what is due.
        Pay = "pay",
        /// Agree with the sender when or where.
        Arrange = "arrange",
        /// Ask the sender.
        ContactSender = "contact_sender",
    }
}

/// The next step.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct NextStep {
    /// What.
    pub action: NextAction,
    /// Until when, where the source says.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<Timestamp>,
}

impl NextStep {
    /// The usual step where the source tells none; `None` where all goes its way.
    pub const fn usual(status: Status, reason: Option<Reason>) -> Option<Self> {
        let action = match (status, reason) {
            (Status::AvailableForPickup, _) => NextAction::Collect,
            (
                Status::AttemptFailed | Status::Exception,
                Some(Reason::AddressWrong | Reason::RecipientMoved),
            ) => NextAction::CorrectAddress,
            (Status::AttemptFailed | Status::Exception, Some(Reason::PaymentMissing)) => NextAction::Pay,
            (Status::AttemptFailed, Some(Reason::RecipientRefused)) => NextAction::ContactSender,
            (Status::AttemptFailed, Some(Reason::AccessBlocked | Reason::CodeMismatch)) => {
                NextAction::Arrange
            }
            (Status::AttemptFailed, _) => NextAction::Redelivery,
            (Status::Exception, Some(Reason::Damaged | Reason::Lost)) => NextAction::ContactSender,
            (Status::Exception, _) => NextAction::Wait,
            (Status::Undeliverable | Status::Failed, _) => NextAction::ContactSender,
            _ => return None,
        };
        Some(Self { action, until: None })
    }
}
