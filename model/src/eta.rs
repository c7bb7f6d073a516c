//! Honest times: a window with its source, age, confidence and the cause of its last move; a day when
//! only a day is known; nothing when nothing is. Never a second-precise promise (design, promise 4).

use crate::text::{Note, Source};
use crate::time::{Day, Timestamp};
use crate::words::words;

/// When it is expected, as precisely as is known and no more.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(tag = "kind", rename_all = "camelCase", deny_unknown_fields)]
pub enum Window {
    /// Between two instants; `from` is not after `until`.
    Between {
        /// The earliest.
        from: Timestamp,
        /// The latest.
        until: Timestamp,
    },
    /// Some time on a day, in the zone of the delivery.
    #[serde(rename = "day")]
    OnDay {
        /// The day.
        #[cfg_attr(feature = "openapi", schema(value_type = String, format = Date))]
        day: Day,
    },
    /// The source withdrew what it had said: we do not know.
    Unknown,
}

words! {
    /// How sure the source is.
    pub enum Confidence {
        /// Computed from a position or a running route.
        High = "high",
        /// Planned.
        Medium = "medium",
        /// A guess from averages.
        Low = "low",
    }
}

/// What a source said about the time of arrival, and when it said so.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Eta {
    /// When it is expected.
    pub window: Window,
    /// When the source knew that.
    pub as_of: Timestamp,
    /// How sure it is, where it says.
    pub confidence: Option<Confidence>,
    /// Who said so.
    pub source: Source,
    /// Why it moved ("two stops added"), where the source says; recipient's eyes and up.
    pub cause: Option<Note>,
}

/// What was promised to the buyer: a last instant and, where it is all that was said, the day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct Promise {
    /// The day promised, in the zone of the delivery.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = Date))]
    pub day: Day,
    /// The last instant that keeps the promise; the end of the day where only a day was promised.
    pub until: Timestamp,
}
