//! What the recipient can do on the page, as a state and the acts that change it: edits on their way, the
//! proof of who they are, the revealed code, links. [`edit`] and [`choice`] are pure; [`desk`] carries
//! out what is done ([`sending`]: what is edited), with calls, timers and the browser's storage. Knows nothing of how a screen looks.

mod choice;
mod code;
mod desk;
mod edit;
mod kept;
mod replies;
mod sending;
#[cfg(test)]
mod tests;

use doorstep_model::screen::StepUpState;

pub(crate) use choice::{Choice, Which};
pub(crate) use code::Code;
pub(crate) use desk::{Act, Desk, What};
pub(crate) use edit::{Field, Progress, Refusal};
pub(crate) use replies::{Address, Method, Session};

/// Where an act failed that has no state of its own to say so.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Place {
    /// Showing the code.
    Code,
    /// Answering about the photo.
    Photo,
    /// Showing the address.
    Address,
    /// The menu of the link.
    Link,
}

/// Everything that the recipient has in hand, but for the view.
#[derive(Clone, Debug, Default)]
pub(crate) struct Hands {
    /// The comment for the courier.
    pub(crate) comment: Field,
    /// The contactless choice.
    pub(crate) contactless: Field,
    /// What the session may do.
    pub(crate) session: Session,
    /// Whether the server has said so, even where that is nothing.
    pub(crate) knows_session: bool,
    /// How the last try to prove who they are ended; `None` before the first.
    pub(crate) trial: Option<StepUpState>,
    /// What was typed as proof cannot be one.
    pub(crate) malformed: bool,
    /// Whether a code was sent by e-mail.
    pub(crate) mailed: bool,
    /// What is typed as proof: the phone's digits, or the e-mail's code.
    pub(crate) proof: String,
    /// The code, once it was revealed.
    pub(crate) code: Option<Code>,
    /// Another code took the place of the one that was revealed.
    pub(crate) code_replaced: bool,
    /// The address, once it was asked for.
    pub(crate) address: Option<Address>,
    /// A link for another device.
    pub(crate) link: Option<String>,
    /// Whether it was copied.
    pub(crate) copied: bool,
    /// Whether "this is not me" is asked about once more.
    pub(crate) leaving: bool,
    /// The calendar's address.
    pub(crate) calendar: Option<String>,
    /// A call is under way, and no other of its kind begins.
    pub(crate) busy: bool,
    /// What could not be done just now.
    pub(crate) trouble: Option<Place>,
}

impl Hands {
    /// The field of `which`.
    pub(crate) fn field(&self, which: Which) -> &Field {
        match which {
            Which::Comment => &self.comment,
            Which::Contactless => &self.contactless,
        }
    }

    /// The field of `which`, to change.
    pub(crate) fn field_mut(&mut self, which: Which) -> &mut Field {
        match which {
            Which::Comment => &mut self.comment,
            Which::Contactless => &mut self.contactless,
        }
    }
}
