//! The tenant's rules for handing a parcel over, as they stood when the shipment was made known: until
//! when the recipient may edit, what code and contactless mean together, how long a link lives. Kept with
//! the shipment, so that what was announced to its recipient holds whatever the tenant changes later.

use crate::status::Status;
use crate::words::words;

words! {
    /// What a delivery code and a contactless choice mean together.
    #[derive(Default)]
    pub enum CodeWithContactless {
        /// Only one of the two: who must tell a code cannot be away (as Uber Direct does).
        #[default]
        Exclude = "exclude",
        /// The recipient confirms the courier's photo in time, and the code is released then.
        ConfirmPhoto = "confirm_photo",
    }
}

/// Until when the recipient may edit. Whichever comes first; an ended journey ends it in any case.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
pub struct CutOff {
    /// When the journey has come so far; one of the ranked statuses.
    pub status: Status,
    /// So many minutes before the window begins; 0 to 10,080 (a week).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub minutes_before_window: Option<u16>,
}

impl Default for CutOff {
    fn default() -> Self {
        Self { status: Status::Arrived, minutes_before_window: None }
    }
}

/// The rules of one shipment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
pub struct Rules {
    /// Until when the recipient may edit.
    pub cut_off: CutOff,
    /// What a code and a contactless choice mean together.
    pub code_with_contactless: CodeWithContactless,
    /// How many minutes the recipient has to confirm the courier's photo; 1 to 240.
    pub confirm_photo_minutes: u16,
    /// How many hours after the end of the journey links and sessions still open it; 0 to 2,160.
    pub link_hours_after_end: u16,
}

impl Default for Rules {
    fn default() -> Self {
        Self {
            cut_off: CutOff::default(),
            code_with_contactless: CodeWithContactless::default(),
            confirm_photo_minutes: 15,
            link_hours_after_end: 72,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_tenant_leaves_out_is_as_usual_and_what_nobody_knows_is_refused() {
        let read = |text| serde_json::from_str::<Rules>(text).ok();
        assert_eq!(read("{}"), Some(Rules::default()));
        let some = read(r#"{"cutOff":{"status":"out_for_delivery"},"codeWithContactless":"confirm_photo"}"#);
        let cut_off = CutOff { status: Status::OutForDelivery, minutes_before_window: None };
        let code_with_contactless = CodeWithContactless::ConfirmPhoto;
        assert_eq!(some, Some(Rules { cut_off, code_with_contactless, ..Rules::default() }));
        assert_eq!(read(r#"{"cutof":{}}"#), None);
        assert_eq!(read(r#"{"confirmPhotoMinutes":-1}"#), None);
    }
}
