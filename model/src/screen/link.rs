//! What the page says about the recipient's own access: that a link no longer opens the details, that a
//! session has ended, until when it goes on. The words of the link's buttons are plain messages of the
//! catalogue (`link.*`).

use crate::catalogue::Catalogue;
use crate::screen::{Times, when};
use crate::time::Timestamp;

/// How this viewer's access stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Access {
    /// Nobody has asked for more than everybody sees.
    Public,
    /// The link's secret is being exchanged.
    Opening,
    /// The link opens nothing: used, expired, revoked or never valid, all the same.
    Refused,
    /// The link could not be tried just now; it still can.
    Unreached,
    /// It went on for a while and has ended.
    Ended,
    /// The recipient has ended every link.
    Disowned,
    /// It goes on, where that is known until then.
    Open(Option<Timestamp>),
}

impl Access {
    /// The same in a sentence, where there is something to say.
    pub fn line(self, words: &Catalogue, times: &impl Times) -> Option<String> {
        Some(match self {
            Self::Public => return None,
            Self::Opening => words.link_opening().to_owned(),
            Self::Refused => words.link_refused().to_owned(),
            Self::Unreached => words.link_unreached().to_owned(),
            Self::Ended => words.link_ended().to_owned(),
            Self::Disowned => words.link_not_me_done().to_owned(),
            Self::Open(None) => words.link_keep().to_owned(),
            Self::Open(Some(until)) => words.link_ends(&when::point(until, words, times)),
        })
    }
}
