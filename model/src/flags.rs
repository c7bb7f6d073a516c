//! What is true beside any status: a small set of flags and the changes that events make to it.

use serde::de::{SeqAccess, Visitor};
use serde::ser::SerializeSeq;

use crate::words::words;

words! {
    /// One thing that is true beside any status.
    pub enum Flag {
        /// It comes later than promised or announced.
        Delayed = "delayed",
        /// Somebody must do something for it to go on.
        ActionRequired = "action_required",
        /// It is to be left without contact.
        Contactless = "contactless",
        /// The recipient tells the courier a code to finish.
        CodeRequired = "code_required",
        /// This is not the first try.
        Redelivery = "redelivery",
    }
}

/// A set of [`Flag`]s; on the wire the list of those that are true.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Flags(u8);

impl Flags {
    /// With nothing set.
    pub const NONE: Self = Self(0);

    const fn bit(flag: Flag) -> u8 {
        1 << flag as u8
    }

    /// Whether `flag` is true.
    pub const fn has(self, flag: Flag) -> bool {
        self.0 & Self::bit(flag) != 0
    }

    /// The same with `flag` true.
    #[must_use]
    pub const fn with(self, flag: Flag) -> Self {
        Self(self.0 | Self::bit(flag))
    }

    /// The same with `flag` false.
    #[must_use]
    pub const fn without(self, flag: Flag) -> Self {
        Self(self.0 & !Self::bit(flag))
    }

    /// Whether nothing is set.
    pub const fn is_none(&self) -> bool {
        self.0 == 0
    }

    /// Those that are true, in the order of the table.
    pub fn iter(self) -> impl Iterator<Item = Flag> {
        Flag::ALL.iter().copied().filter(move |flag| self.has(*flag))
    }

    /// The flags of `change` set and cleared; what is in both is cleared.
    #[must_use]
    pub const fn changed(self, change: FlagChange) -> Self {
        Self((self.0 | change.set.0) & !change.clear.0)
    }
}

impl FromIterator<Flag> for Flags {
    fn from_iter<I: IntoIterator<Item = Flag>>(flags: I) -> Self {
        flags.into_iter().fold(Self::NONE, Self::with)
    }
}

impl serde::Serialize for Flags {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut list = serializer.serialize_seq(None)?;
        for flag in self.iter() {
            list.serialize_element(&flag)?;
        }
        list.end()
    }
}

impl<'de> serde::Deserialize<'de> for Flags {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct List;

        impl<'de> Visitor<'de> for List {
            type Value = Flags;

            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("a list of flags")
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Flags, A::Error> {
                let mut flags = Flags::NONE;
                while let Some(flag) = list.next_element()? {
                    flags = flags.with(flag);
                }
                Ok(flags)
            }
        }

        deserializer.deserialize_seq(List)
    }
}

#[cfg(feature = "openapi")]
mod schema {
    //! A set of flags is a list of words in the OpenAPI document.

    use utoipa::openapi::schema::{ArrayBuilder, Schema};
    use utoipa::openapi::{Ref, RefOr};

    use super::{Flag, Flags};

    impl utoipa::PartialSchema for Flags {
        fn schema() -> RefOr<Schema> {
            ArrayBuilder::new().items(Ref::from_schema_name("Flag")).build().into()
        }
    }

    impl utoipa::ToSchema for Flags {
        fn schemas(schemas: &mut Vec<(String, RefOr<Schema>)>) {
            schemas.push(("Flag".to_owned(), <Flag as utoipa::PartialSchema>::schema()));
        }
    }
}

/// What an event does to the flags.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(default, deny_unknown_fields)]
pub struct FlagChange {
    /// Becomes true.
    #[serde(skip_serializing_if = "Flags::is_none")]
    pub set: Flags,
    /// Becomes false; wins over `set`.
    #[serde(skip_serializing_if = "Flags::is_none")]
    pub clear: Flags,
}

impl FlagChange {
    /// Whether it changes nothing.
    pub fn is_none(&self) -> bool {
        self.set.is_none() && self.clear.is_none()
    }
}
