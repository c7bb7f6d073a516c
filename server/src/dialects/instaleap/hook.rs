//! Webhook 1 of Instaleap, out: `{id, type, created_at, clientId, job}` for every event of a job, as a shape of the
//! outbox. A shipment that is no job of this dialect is told in the same words. The delivery code stands in it only where
//! the endpoint may hear it.

use std::sync::Arc;

use async_trait::async_trait;
use doorstep_model::shipment::Shipment;
use doorstep_model::time::Timestamp;
use serde_json::{Map, Value, json};

use super::jobs::{Job, whole};
use super::{DIALECT, words};
use crate::store::Store;
use crate::webhooks::{Endpoint, News, Rendered, Shape, Topic};

/// The shape's name.
pub(super) const SHAPE: &str = "instaleap";

/// The shape.
pub(super) struct Webhook1 {
    /// Where jobs are kept.
    pub(super) store: Arc<dyn Store>,
}

#[derive(serde::Serialize)]
struct Message<'a> {
    id: &'a str,
    r#type: &'a str,
    created_at: Timestamp,
    #[serde(rename = "clientId")]
    client_id: String,
    job: Map<String, Value>,
}

#[async_trait]
impl Shape for Webhook1 {
    fn name(&self) -> &'static str {
        SHAPE
    }

    async fn render(&self, news: &News, endpoint: &Endpoint) -> anyhow::Result<Option<Rendered>> {
        let Some(word) = word(news) else { return Ok(None) };
        let job = match &news.shipment {
            Some(shipment) => self.job(shipment, endpoint).await?,
            None => Map::new(),
        };
        let mut message = Message {
            id: &news.message,
            r#type: &word,
            created_at: news.event.as_ref().map_or(news.at, |event| event.at()),
            client_id: endpoint.tenant.0.to_string(),
            job,
        };
        if let Some(code) = &news.code {
            message.job.insert("delivery_code".to_owned(), json!(code));
        }
        Ok(Some(Rendered::json(serde_json::to_string(&message)?)))
    }
}

impl Webhook1 {
    async fn job(&self, shipment: &Shipment, endpoint: &Endpoint) -> anyhow::Result<Map<String, Value>> {
        let order = self.store.order_of(endpoint.tenant, DIALECT, shipment.tracking_id()).await?;
        let job = match order {
            Some(order) => Job::read(&order).map_err(|_| anyhow::anyhow!("a job does not read back"))?,
            None => None,
        };
        let mut told = match &job {
            Some(job) => whole(job, shipment),
            None => of_shipment(shipment),
        };
        if let Some(job) = &job {
            told.insert("job_items".to_owned(), Value::Object(items(job)));
        }
        if let Some(data) = told.get("external_data").cloned() {
            told.insert("externalData".to_owned(), data);
        }
        Ok(told)
    }
}

/// The word of a piece of news; `None` for what Instaleap has none for.
fn word(news: &News) -> Option<String> {
    match (news.topic, &news.event) {
        (Topic::Created, _) => Some("CREATED".to_owned()),
        // There is a word for the comment only; the job carries the contactless choice beside it.
        (Topic::PreferencesChanged, _) => Some("JOB_COMMENT_UPDATED".to_owned()),
        (Topic::Test, _) => Some("TEST".to_owned()),
        (_, Some(event)) => words::told_as(event).map(str::to_owned),
        _ => None,
    }
}

/// Items by their ids; whatever was not said yet is pending.
fn items(job: &Job) -> Map<String, Value> {
    let by_id = job.job_items.iter().filter_map(|item| {
        let mut item = item.as_object()?.clone();
        let id = item.get("id")?.as_str()?.to_owned();
        item.entry("status").or_insert_with(|| json!("PENDING"));
        Some((id, Value::Object(item)))
    });
    by_id.collect()
}

/// What is known of a shipment that is no job.
fn of_shipment(shipment: &Shipment) -> Map<String, Value> {
    let details = shipment.details();
    let who = &details.recipient;
    let preferences = &shipment.handoff().preferences;
    let comment = preferences.comment.as_ref().and_then(|comment| comment.value.as_ref());
    let known = json!({
        "id": shipment.tracking_id(),
        "client_reference": details.reference,
        "recipient": { "name": who.name, "email": who.email, "phone_number": who.phone },
        "job_comment": comment,
        "status": shipment.journey().status,
        "created_at": shipment.created_at(),
    });
    match known {
        Value::Object(known) => known,
        _ => Map::new(),
    }
}
