//! The people of a shipment. Everything here is personal data: it is in no public view, no log and no
//! metric, and is erased after the end of the journey.

use crate::text::{Address, Email, PersonName, Phone};

/// Who receives it, as far as the caller said.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct Recipient {
    /// Full name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<PersonName>,
    /// Telephone; its last four digits can prove the recipient.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub phone: Option<Phone>,
    /// E-mail.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub email: Option<Email>,
    /// Where it goes, on one line.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub address: Option<Address>,
}

impl Recipient {
    /// The first word of the name, which is all that a recipient's own view shows.
    pub fn first_name(&self) -> Option<&str> {
        self.name.as_ref()?.as_str().split_whitespace().next()
    }
}

/// Who brings it.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct Courier {
    /// Full name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<PersonName>,
    /// Telephone.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub phone: Option<Phone>,
}

impl Courier {
    /// The first word of the name, which is all that a recipient sees.
    pub fn first_name(&self) -> Option<&str> {
        self.name.as_ref()?.as_str().split_whitespace().next()
    }
}
