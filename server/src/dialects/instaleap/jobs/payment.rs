//! `PUT /jobs/{jobId}/payment-info`: what is paid, and what waits for it. In place of three calls that Instaleap has
//! given up (`update_prices`, `confirm_payment`, `payment_failed`).

use axum::Json;
use axum::extract::State;
use serde_json::{Map, Value, json};
use utoipa::ToSchema;

use super::body::{Payment, Prices};
use super::change::{Change, change, event};
use super::job::POLICIES;
use crate::api::wire::optional_object;
use crate::dialects::DialectState;
use crate::dialects::instaleap::docs::ChangeFaults;
use crate::dialects::instaleap::fault::{Code, Fault};
use crate::dialects::instaleap::wire::{Body, Done, Names, Retailer, Wrong};
use crate::dialects::instaleap::words::{Around, read};

/// What is paid, as far as it changes: fields that are left out stay as they are.
#[derive(Debug, serde::Deserialize, ToSchema)]
#[expect(dead_code, reason = "read to refuse a wrong type; kept as it came")]
pub(in crate::dialects::instaleap) struct PaymentChange {
    /// ISO 4217.
    #[serde(default)]
    currency_code: Option<String>,
    /// What it costs.
    #[serde(default, deserialize_with = "optional_object")]
    prices: Option<Prices>,
    /// How it is paid; `blocking_policy` is one of `CHECKOUT`, `EXIT_STORE` and `UNBLOCKED` here.
    #[serde(default, deserialize_with = "optional_object")]
    payment: Option<Payment>,
    /// The invoice.
    #[serde(default)]
    invoice: Option<Map<String, Value>>,
}

/// The parts, and the word that tells each.
const PARTS: [(&str, &str); 3] =
    [("prices", "PRICES_UPDATED"), ("payment", "PAYMENT_UPDATED"), ("invoice", "INVOICE_UPDATED")];

/// Change prices, payment or invoice
///
/// Field by field: what is left out stays. Tells `PRICES_UPDATED`, `PAYMENT_UPDATED` or `INVOICE_UPDATED`. With the
/// policy `CHECKOUT` the checkout does not open and with `EXIT_STORE` the order does not leave the store, until the
/// policy is `UNBLOCKED`. `/jobs/{jobId}/payment_info` is the same call. Takes the role manager.
#[utoipa::path(
    put,
    path = "/jobs/{jobId}/payment-info",
    tag = "jobs",
    operation_id = "updatePaymentInfo",
    security(("apiKey" = [])),
    params(("jobId" = String, Path, description = "The job")),
    request_body(content = PaymentChange, content_type = "application/json"),
    responses((status = 200, description = "It holds", body = Done), ChangeFaults),
)]
pub(in crate::dialects::instaleap) async fn update(
    Retailer(known): Retailer,
    State(state): State<DialectState>,
    Names([id]): Names<1>,
    body: Body<PaymentChange>,
) -> Result<Json<Done>, Fault> {
    let Value::Object(told) = body.raw else { return Err(Code::Malformed.into()) };
    check(&told)?;
    change(&state, known.client.tenant, &id, |found, now| {
        let mut job = found.job.clone();
        let kept = job.told.entry("payment_info").or_insert_with(|| json!({}));
        if !kept.is_object() {
            *kept = json!({});
        }
        merge(kept, &told);
        let next = found.version + 1;
        let news = PARTS.into_iter().filter(|(part, _)| told.get(*part).is_some_and(Value::is_object));
        let events = news.map(|(_, word)| {
            let moves = read(word, Around::default());
            event(&format!("{word}-{next}"), word, moves, Some(now), (&known.source, now))
        });
        let events = events.collect::<Result<_, _>>()?;
        Ok(Some(Change { job: Some(job), events, ..Change::default() }))
    })
    .await?;
    Ok(Done::of("PAYMENT_INFO_UPDATED", &id))
}

fn check(told: &Map<String, Value>) -> Result<(), Fault> {
    let mut wrong = Wrong::default();
    let any =
        PARTS.iter().map(|(part, _)| *part).chain(["currency_code"]).any(|part| told.contains_key(part));
    wrong.unless(any, "", "must have prices, payment, invoice or currency_code");
    let policy =
        told.get("payment").and_then(|payment| payment.get("blocking_policy")).and_then(Value::as_str);
    let known = policy.is_none_or(|policy| POLICIES.contains(&policy));
    let message = format!("must be one of {}", POLICIES.join(", "));
    wrong.unless(known, "/payment/blocking_policy", message);
    wrong.or(())
}

/// Puts what was told over what is kept: part by part, and field by field within a part.
fn merge(kept: &mut Value, told: &Map<String, Value>) {
    let Value::Object(kept) = kept else { return };
    for (name, value) in told {
        match (kept.get_mut(name), value) {
            (Some(Value::Object(kept)), Value::Object(told)) => kept.extend(told.clone()),
            _ => drop(kept.insert(name.clone(), value.clone())),
        }
    }
}
