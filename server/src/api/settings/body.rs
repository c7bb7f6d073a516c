//! The settings on the wire. Read more strictly than the kept form: each rule within its bounds, each
//! mistake with its place.

use doorstep_model::rules::{CodeWithContactless, CutOff, Rules};
use doorstep_model::status::Status;
use serde_json::Value;
use utoipa::ToSchema;

use super::keys::{self, KeyBody};
use crate::access::{Brand, Origin, StepUp, TenantSettings};
use crate::api::extract::{Faults, Form, Refusals, read_object};
use crate::api::wire;
use crate::identity::TenantId;
use crate::problem::Problem;
use crate::vault::Vault;

/// The most minutes before the window at which edits can end: a week.
const MOST_MINUTES_BEFORE: u16 = 7 * 24 * 60;

/// The most minutes to confirm a photo.
const MOST_PHOTO_MINUTES: u16 = 240;

/// The most origins.
const MOST_ORIGINS: usize = 20;

/// The most hours that a link outlives its journey: 90 days.
const MOST_LINK_HOURS: u16 = 90 * 24;

/// What a tenant decides.
#[derive(Debug, Default, serde::Serialize, serde::Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
pub(super) struct SettingsBody {
    /// What shipments get that are created from now on.
    #[serde(deserialize_with = "wire::object")]
    rules: RulesBody,
    /// Which proofs of identity hold.
    #[serde(deserialize_with = "wire::object")]
    step_up: StepUp,
    /// Keys by which the retailer signs tokens.
    #[serde(deserialize_with = "wire::objects::<_, _, { keys::MOST }>")]
    #[schema(max_items = 10)]
    token_keys: Vec<KeyBody>,
    /// Origins of the pages that may show shipments in a frame, such as `https://shop.example`. With none,
    /// any page may show what everybody may see, and none the recipient's view.
    #[serde(deserialize_with = "wire::words::<Origin, _, _>")]
    #[schema(value_type = Vec<String>, max_items = 20)]
    origins: Vec<Origin>,
    /// How the shop shows itself around its shipments.
    #[serde(skip_serializing_if = "Option::is_none", deserialize_with = "wire::optional_object")]
    brand: Option<Brand>,
}

/// The rules of new shipments.
#[derive(Debug, serde::Serialize, serde::Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
struct RulesBody {
    /// Until when the recipient may edit: whichever comes first.
    #[serde(deserialize_with = "wire::object")]
    cut_off: CutOffBody,
    /// What a delivery code and a contactless choice mean together.
    #[serde(deserialize_with = "wire::one_word")]
    code_with_contactless: CodeWithContactless,
    /// How many minutes the recipient has to confirm the courier's photo.
    #[schema(minimum = 1, maximum = 240)]
    confirm_photo_minutes: u16,
    /// How many hours after the end of the journey links and sessions still open it.
    #[schema(minimum = 0, maximum = 2160)]
    link_hours_after_end: u16,
}

/// Until when the recipient may edit.
#[derive(Debug, serde::Serialize, serde::Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
struct CutOffBody {
    /// When the journey has come so far: one of the statuses from `created` to `delivered`.
    #[serde(deserialize_with = "wire::one_word")]
    status: Status,
    /// So many minutes before the window begins.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(minimum = 0, maximum = 10080)]
    minutes_before_window: Option<u16>,
}

impl Form for SettingsBody {
    fn read(bytes: &[u8]) -> Result<Self, serde_json::Error> {
        read_object(bytes)
    }

    fn faults(body: Value, faults: &mut Faults) {
        faults.of_list::<Self, KeyBody>(body, "tokenKeys");
    }
}

impl SettingsBody {
    /// The settings of `tenant` that it tells, whose settings were `before`.
    pub(super) fn hear(
        self,
        tenant: TenantId,
        before: &TenantSettings,
        vault: &Vault,
    ) -> Result<TenantSettings, Problem> {
        let mut refusals = Refusals::default();
        let rules = self.rules.hear(&mut refusals);
        let token_keys = keys::hear(self.token_keys, &before.token_keys, &mut refusals);
        if self.origins.len() > MOST_ORIGINS {
            refusals.add("/origins", format!("must be at most {MOST_ORIGINS}"));
        }
        let token_keys = refusals.or(token_keys)?;
        Ok(TenantSettings {
            rules,
            step_up: self.step_up,
            token_keys: keys::seal(token_keys, tenant, vault)?,
            origins: self.origins,
            brand: self.brand,
        })
    }
}

impl From<TenantSettings> for SettingsBody {
    fn from(settings: TenantSettings) -> Self {
        let token_keys = settings.token_keys.into_iter().map(KeyBody::from).collect();
        let TenantSettings { rules, step_up, origins, brand, .. } = settings;
        Self { rules: rules.into(), step_up, token_keys, origins, brand }
    }
}

impl RulesBody {
    fn hear(self, refusals: &mut Refusals) -> Rules {
        let CutOffBody { status, minutes_before_window } = self.cut_off;
        if status.rank().is_none() {
            refusals.add("/rules/cutOff/status", "must be a status from created to delivered");
        }
        if minutes_before_window.is_some_and(|minutes| minutes > MOST_MINUTES_BEFORE) {
            refusals.add("/rules/cutOff/minutesBeforeWindow", format!("must be 0 to {MOST_MINUTES_BEFORE}"));
        }
        if !(1..=MOST_PHOTO_MINUTES).contains(&self.confirm_photo_minutes) {
            refusals.add("/rules/confirmPhotoMinutes", format!("must be 1 to {MOST_PHOTO_MINUTES}"));
        }
        if self.link_hours_after_end > MOST_LINK_HOURS {
            refusals.add("/rules/linkHoursAfterEnd", format!("must be 0 to {MOST_LINK_HOURS}"));
        }
        Rules {
            cut_off: CutOff { status, minutes_before_window },
            code_with_contactless: self.code_with_contactless,
            confirm_photo_minutes: self.confirm_photo_minutes,
            link_hours_after_end: self.link_hours_after_end,
        }
    }
}

impl From<Rules> for RulesBody {
    fn from(rules: Rules) -> Self {
        let CutOff { status, minutes_before_window } = rules.cut_off;
        Self {
            cut_off: CutOffBody { status, minutes_before_window },
            code_with_contactless: rules.code_with_contactless,
            confirm_photo_minutes: rules.confirm_photo_minutes,
            link_hours_after_end: rules.link_hours_after_end,
        }
    }
}

impl Default for RulesBody {
    fn default() -> Self {
        Rules::default().into()
    }
}

impl Default for CutOffBody {
    fn default() -> Self {
        RulesBody::default().cut_off
    }
}
