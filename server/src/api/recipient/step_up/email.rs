//! One-time codes by e-mail. Of a code only a mark is kept; the last one sent holds, for ten minutes and
//! once. A wrong one counts as any other wrong proof.

use axum::extract::State;
use axum::response::IntoResponse;
use doorstep_model::id::TrackingId;
use doorstep_model::time::Timestamp;
use http::{HeaderMap, StatusCode, header};
use subtle::ConstantTimeEq as _;

use super::body::EMAIL_DIGITS;
use super::{StepUpEmailProblems, StepUpMethod, tried};
use crate::api::extract::Recipient;
use crate::language::Language;
use crate::mail::Message;
use crate::problem::{Problem, ProblemKind};
use crate::state::AppState;
use crate::vault::{Purpose, Typed, Vault};

/// How long a code holds, in minutes.
const HOLDS_MINUTES: i64 = 10;

/// When more codes may be sent at the latest ([`crate::store::entrances::MOST_EMAIL_CODES`] an hour), in seconds.
const MORE_AFTER: u64 = 60 * 60;

/// When it may be worth trying a mail server again, in seconds.
const MAIL_AGAIN_AFTER: u64 = 30;

/// Send a one-time code
///
/// Sends a code of six digits to the e-mail address on file. It holds for ten minutes, once, and until the
/// next one is sent; five are sent an hour.
#[utoipa::path(
    post,
    path = "/track/{trackingId}/recipient/step-up/email",
    tag = "recipient",
    operation_id = "sendEmailCode",
    security(("session" = []), ("sessionToken" = [])),
    params(
        ("trackingId" = TrackingId, Path, description = "The number on the label"),
    ),
    responses((status = 202, description = "A mail server has taken it"), StepUpEmailProblems),
)]
pub(super) async fn send(
    recipient: Recipient,
    State(state): State<AppState>,
    headers: HeaderMap,
) -> Result<impl IntoResponse, Problem> {
    let Recipient { session, shipment } = &recipient;
    let settings = state.store.settings(session.tenant).await?;
    let there = StepUpMethod::of(&state, shipment, &settings).contains(&StepUpMethod::EmailCode);
    let address = shipment.details().recipient.email.clone().filter(|_| there);
    let to = address.ok_or_else(|| Problem::new(ProblemKind::StepUpUnavailable))?;
    if shipment.handoff().identity_locked() {
        return Err(Problem::new(ProblemKind::Locked));
    }
    let id = &session.tracking_id;
    let code = state.vault.draw_digits(EMAIL_DIGITS as u8).map_err(|error| {
        tracing::error!(error = format!("{error:#}"), "a one-time code could not be drawn");
        Problem::new(ProblemKind::Internal)
    })?;
    let kept =
        state.store.keep_email_code(session.tenant, id, mark(&state.vault, id, &code), state.clock.now());
    if !kept.await? {
        return Err(Problem::new(ProblemKind::RateLimited).retry_after(MORE_AFTER));
    }
    let accepted = headers.get(header::ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok());
    let words = Language::negotiate(accepted).catalogue();
    let minutes = HOLDS_MINUTES.to_string();
    let text =
        format!("{}\n\n{}\n", words.mail_code_text(id.as_str(), &code, &minutes), words.mail_code_why());
    let message = Message { to, subject: words.mail_code_subject().to_owned(), text };
    if let Err(error) = state.mail.send(message).await {
        metrics::counter!("doorstep_email_codes_total", "result" => "failed").increment(1);
        tracing::error!(error = format!("{:#}", anyhow::Error::new(error)), "a one-time code was not sent");
        return Err(Problem::new(ProblemKind::Unavailable).retry_after(MAIL_AGAIN_AFTER));
    }
    metrics::counter!("doorstep_email_codes_total", "result" => "sent").increment(1);
    Ok((StatusCode::ACCEPTED, [(header::CACHE_CONTROL, "no-store")]))
}

/// Whether `typed` is the code that was sent last, and takes it then.
pub(super) async fn try_code(
    state: &AppState,
    recipient: &Recipient,
    typed: &Typed<EMAIL_DIGITS, EMAIL_DIGITS>,
    now: Timestamp,
) -> Result<Recipient, Problem> {
    let (tenant, id) = (recipient.session.tenant, &recipient.session.tracking_id);
    let given = mark(&state.vault, id, typed.reveal());
    let right = state.store.email_code(tenant, id).await?.is_some_and(|(kept, sent)| {
        let fresh = now.millis() - sent.millis() < HOLDS_MINUTES * 60_000;
        fresh && bool::from(kept.ct_eq(&given))
    });
    let proved = tried(state, recipient, right, now).await?;
    if state.store.take_email_code(tenant, id, given).await? {
        return Ok(proved);
    }
    // Somebody else came with the same code at the same moment, and it holds once.
    tried(state, recipient, false, now).await
}

fn mark(vault: &Vault, id: &TrackingId, code: &str) -> [u8; 32] {
    vault.mark(Purpose::EmailCode, &format!("{}\0{code}", id.key()))
}
