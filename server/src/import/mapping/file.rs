//! The mapping's TOML as it is written, each value with its place. Its documentation for people is
//! `docs/IMPORT.md`; keep both alike.

use std::collections::BTreeMap;

use serde::Deserialize;
use toml::Spanned;

/// A value that knows where it stands.
pub(super) type Text = Spanned<String>;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct File {
    /// Who says so: the source of the events, and the beginning of their ids.
    pub(super) source: Option<Text>,
    /// In which language the source's words and places are.
    pub(super) language: Option<Text>,
    pub(super) file: Option<FileSection>,
    pub(super) times: TimesSection,
    pub(super) shipment: ShipmentSection,
    #[serde(default)]
    pub(super) events: Vec<EventSection>,
    pub(super) state: Option<StateSection>,
    /// Columns that are knowingly not taken.
    #[serde(default)]
    pub(super) ignore: Vec<Text>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct FileSection {
    pub(super) delimiter: Option<Text>,
}

/// How times are written, unless a column says otherwise.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct TimesSection {
    pub(super) zone: Text,
    pub(super) format: Text,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ShipmentSection {
    pub(super) tracking_id: Text,
    /// The zone of the delivery.
    pub(super) zone: Text,
    pub(super) reference: Option<Text>,
    /// Joined with commas, the empty ones left out.
    #[serde(default)]
    pub(super) origin: Vec<Text>,
    pub(super) promise: Option<PromiseSection>,
    #[serde(default)]
    pub(super) recipient: PersonSection,
    #[serde(default)]
    pub(super) courier: CourierSection,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct PromiseSection {
    pub(super) column: Text,
    /// `day` or `instant`.
    pub(super) means: Text,
    pub(super) format: Option<Text>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct PersonSection {
    pub(super) name: Option<Text>,
    pub(super) phone: Option<Text>,
    pub(super) email: Option<Text>,
    /// Joined with commas, the empty ones left out.
    #[serde(default)]
    pub(super) address: Vec<Text>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct CourierSection {
    pub(super) name: Option<Text>,
    pub(super) phone: Option<Text>,
}

/// A column of times, each of which is an event.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct EventSection {
    pub(super) column: Text,
    pub(super) status: Text,
    /// The source's own word; the column's name where none is given.
    pub(super) word: Option<Text>,
    pub(super) zone: Option<Text>,
    pub(super) format: Option<Text>,
}

/// The column with the last state that the source knew.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct StateSection {
    pub(super) column: Text,
    pub(super) words: BTreeMap<Text, Text>,
}
