//! A session as its holder sees it: until when they count as the person, and how they can prove it. What
//! is on file is never told, only that something is.

use doorstep_model::shipment::Shipment;
use doorstep_model::time::Timestamp;
use utoipa::ToSchema;

use crate::access::TenantSettings;
use crate::api::extract::Recipient;
use crate::problem::Problem;
use crate::state::AppState;

/// How many digits of a phone prove its owner.
pub(super) const PHONE_DIGITS: usize = 4;

/// A way to prove that one is the person.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(in crate::api) enum StepUpMethod {
    /// The last four digits of the phone on file.
    PhoneDigits,
    /// A one-time code to the e-mail address on file.
    EmailCode,
    /// A token that the retailer signed.
    Token,
}

/// A session.
#[derive(Clone, Debug, serde::Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(in crate::api) struct SessionBody {
    /// Until when its holder counts as the person.
    #[serde(skip_serializing_if = "Option::is_none")]
    stepped_up_until: Option<Timestamp>,
    /// How they can prove it.
    step_up: Vec<StepUpMethod>,
    /// Whether there were too many wrong proofs, so that only staff can go on.
    locked: bool,
    /// When links and sessions stop opening the shipment; absent while the journey goes on.
    #[serde(skip_serializing_if = "Option::is_none")]
    access_ends_at: Option<Timestamp>,
    /// The session's token, where it was asked for in place of a cookie. Its successors come in the header
    /// `x-doorstep-session` of later answers.
    #[serde(skip_serializing_if = "Option::is_none")]
    token: Option<String>,
}

impl SessionBody {
    /// The session of `recipient`, with its token where that travels in bodies.
    pub(in crate::api) async fn of(
        state: &AppState,
        recipient: &Recipient,
        token: Option<&str>,
    ) -> Result<Self, Problem> {
        let Recipient { session, shipment } = recipient;
        let settings = state.store.settings(session.tenant).await?;
        let now = state.clock.now();
        Ok(Self {
            stepped_up_until: session.stepped_up_until.filter(|&until| now < until),
            step_up: StepUpMethod::of(state, shipment, &settings),
            locked: shipment.handoff().identity_locked(),
            access_ends_at: shipment.access_ends(),
            token: token.map(str::to_owned),
        })
    }
}

impl StepUpMethod {
    /// Which ways there are for `shipment`: those that its tenant allows and that something is on file for.
    pub(in crate::api) fn of(state: &AppState, shipment: &Shipment, settings: &TenantSettings) -> Vec<Self> {
        let person = &shipment.details().recipient;
        let allowed = &settings.step_up;
        let digits =
            person.phone.as_ref().map_or(0, |p| p.as_str().chars().filter(char::is_ascii_digit).count());
        [
            (Self::PhoneDigits, allowed.phone_digits && digits >= PHONE_DIGITS),
            (Self::EmailCode, allowed.email_code && person.email.is_some() && state.mail.is_available()),
            (Self::Token, allowed.token && !settings.token_keys.is_empty()),
        ]
        .into_iter()
        .filter_map(|(method, there)| there.then_some(method))
        .collect()
    }
}
