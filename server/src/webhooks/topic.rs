//! What news can be about, and sets of it. The words stand on the wire and in the store; the bits in the store
//! alone.

use std::str::FromStr;

use doorstep_model::event::Event;
use doorstep_model::fold::Journey;
use doorstep_model::handoff::Amendment;
use doorstep_model::text::UnknownWord;
use utoipa::openapi::RefOr;
use utoipa::openapi::schema::{ObjectBuilder, Schema, Type};
use utoipa::{PartialSchema, ToSchema};

macro_rules! topics {
    ($( $(#[$doc:meta])* $variant:ident = $word:literal; )+) => {
        /// What a piece of news is about.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, serde::Serialize)]
        pub enum Topic { $( $(#[$doc])* #[serde(rename = $word)] $variant ),+ }

        impl Topic {
            /// Every topic, in the order of their bits.
            pub const ALL: &'static [Self] = &[$( Self::$variant ),+];

            /// The word on the wire.
            pub const fn as_str(self) -> &'static str {
                match self { $( Self::$variant => $word ),+ }
            }
        }

        impl FromStr for Topic {
            type Err = UnknownWord;

            fn from_str(word: &str) -> Result<Self, UnknownWord> {
                match word { $( $word => Ok(Self::$variant), )+ _ => Err(UnknownWord) }
            }
        }
    };
}

// New ones at the end: the bits of the store follow from the order.
topics! {
    /// A shipment was made known.
    Created = "shipment.created";
    /// It stands elsewhere than before, or stands there again since another time or for another reason.
    StatusChanged = "shipment.status_changed";
    /// It is expected at another time, or the source said so again.
    EtaChanged = "shipment.eta_changed";
    /// Something else is known of it: a late event, a remark, who brings it, a flag.
    Updated = "shipment.updated";
    /// The comment or the contactless choice was edited.
    PreferencesChanged = "shipment.preferences_changed";
    /// The delivery code was replaced, shown, tried in vain or unlocked.
    CodeChanged = "shipment.code_changed";
    /// A proof of delivery was told.
    ProofAdded = "shipment.proof_added";
    /// Nothing happened: a test that was asked for.
    Test = "endpoint.test";
}

impl Topic {
    /// Of an event that brought a journey from `before` to `after`.
    pub fn of_event(event: &Event, before: &Journey, after: &Journey) -> Self {
        let stands = |journey: &Journey| (journey.status, journey.since, journey.reason);
        if event.is_milestone() && stands(before) != stands(after) || before.status != after.status {
            Self::StatusChanged
        } else if before.eta != after.eta {
            Self::EtaChanged
        } else {
            Self::Updated
        }
    }

    /// Of an amendment that was taken and told no event.
    pub fn of_amendment(amendment: &Amendment) -> Self {
        match amendment {
            Amendment::Comment(_) | Amendment::Contactless(_) => Self::PreferencesChanged,
            Amendment::CodeReplaced(_)
            | Amendment::CodeTold(_)
            | Amendment::CodeRevealed
            | Amendment::CodeTried { .. }
            | Amendment::CodeUnlocked => Self::CodeChanged,
            Amendment::ProofTaken(_) => Self::ProofAdded,
            Amendment::Retold(_)
            | Amendment::Referenced(_)
            | Amendment::Receipts { .. }
            | Amendment::IdentityTried { .. }
            | Amendment::PhotoAnswered { .. }
            | Amendment::IdentityUnlocked => Self::Updated,
        }
    }

    /// As the store keeps it: a set of this one.
    pub const fn bit(self) -> i64 {
        1 << self as u32
    }

    /// What the store kept.
    pub fn from_bit(bit: i64) -> Option<Self> {
        Self::ALL.iter().copied().find(|topic| topic.bit() == bit)
    }
}

/// Not derived: utoipa's derive does not see a `rename` whose word comes from a macro.
impl PartialSchema for Topic {
    fn schema() -> RefOr<Schema> {
        let words = Self::ALL.iter().map(|topic| topic.as_str());
        ObjectBuilder::new().schema_type(Type::String).enum_values(Some(words)).build().into()
    }
}

impl ToSchema for Topic {
    fn name() -> std::borrow::Cow<'static, str> {
        "Topic".into()
    }
}

/// A set of topics.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Topics(i64);

impl Topics {
    /// All of them, also those that are still to come. Tests are in every set: they are asked for.
    pub const ALL: Self = Self(i64::MAX);

    /// As a set of bits, for the store.
    pub fn bits(self) -> i64 {
        self.0
    }

    /// What the store kept.
    pub fn from_bits(bits: i64) -> Self {
        Self(bits)
    }

    /// Whether it has that topic.
    pub fn have(self, topic: Topic) -> bool {
        self.0 & topic.bit() != 0
    }

    /// Its topics; none where it is all.
    pub fn listed(self) -> Vec<Topic> {
        if self == Self::ALL {
            return Vec::new();
        }
        let listed = Topic::ALL.iter().copied();
        listed.filter(|topic| *topic != Topic::Test && self.have(*topic)).collect()
    }
}

/// Of none, all.
impl FromIterator<Topic> for Topics {
    fn from_iter<I: IntoIterator<Item = Topic>>(topics: I) -> Self {
        match topics.into_iter().fold(0, |bits, topic| bits | topic.bit()) {
            0 => Self::ALL,
            bits => Self(bits | Topic::Test.bit()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_set_reads_back_from_its_bits() {
        let set: Topics = [Topic::EtaChanged, Topic::ProofAdded].into_iter().collect();
        let kept = Topics::from_bits(set.bits());
        assert_eq!(kept.listed(), [Topic::EtaChanged, Topic::ProofAdded]);
        assert!(kept.have(Topic::Test) && !kept.have(Topic::Created));
        assert_eq!(Topics::from_iter([]), Topics::ALL);
        assert!(Topics::ALL.listed().is_empty() && Topics::ALL.have(Topic::Created));
    }

    #[test]
    fn words_read_back() {
        for topic in Topic::ALL {
            assert_eq!(topic.as_str().parse(), Ok(*topic));
            assert_eq!(Topic::from_bit(topic.bit()), Some(*topic));
        }
    }
}
