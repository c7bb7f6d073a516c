//! How the page stays up to date: a machine that decides (when to open the stream, when to wait, when to
//! poll), and what it decides on. Pure: it knows no browser; [`crate::watch`] carries its orders out.

mod machine;
mod pace;

pub use machine::{Bell, Event, Machine, Order};
pub use pace::Pace;

/// What the viewer is told about the connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Link {
    /// For the first time.
    Connecting,
    /// Changes arrive as they happen.
    Live,
    /// It broke; another try is under way or due.
    Reconnecting,
    /// Streams are refused here; the page asks every so often.
    Polling,
    /// The browser says that there is no network.
    Offline,
}

impl Link {
    /// The word in `data-live`, by which style sheets and tests know it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Connecting => "connecting",
            Self::Live => "live",
            Self::Reconnecting => "reconnecting",
            Self::Polling => "polling",
            Self::Offline => "offline",
        }
    }
}

/// Whether a view with the sequence `next` says anything that one with `shown` did not.
pub fn is_news(shown: Option<u64>, next: u64) -> bool {
    shown.is_none_or(|shown| next > shown)
}

#[cfg(test)]
mod tests;
