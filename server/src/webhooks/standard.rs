//! Our own shape: the body of Standard Webhooks 1.0.0, `{type, timestamp, data}`, with the shipment as an API
//! client of the tenant sees it. The code's digits are in no view, so they are in no message of this shape,
//! whatever an endpoint may be told.

use async_trait::async_trait;
use doorstep_model::time::Timestamp;
use doorstep_model::views::{ClientEvent, ClientView};

use super::{Endpoint, News, Rendered, Shape, Topic};

/// Our own shape.
pub struct Standard;

/// The name of our own shape.
pub const STANDARD: &str = "standard";

#[derive(serde::Serialize)]
struct Message<'a> {
    r#type: Topic,
    timestamp: Timestamp,
    data: &'a Data,
}

/// What a message of ours tells.
#[derive(Default, serde::Serialize)]
struct Data {
    /// The shipment right after.
    #[serde(skip_serializing_if = "Option::is_none")]
    shipment: Option<ClientView>,
    /// What happened, where that was an event.
    #[serde(skip_serializing_if = "Option::is_none")]
    event: Option<ClientEvent>,
}

#[async_trait]
impl Shape for Standard {
    fn name(&self) -> &'static str {
        STANDARD
    }

    async fn render(&self, news: &News, _: &Endpoint) -> anyhow::Result<Option<Rendered>> {
        let data = Data {
            shipment: news.shipment.as_deref().map(ClientView::of),
            event: news.event.as_ref().map(ClientEvent::of),
        };
        let message = Message { r#type: news.topic, timestamp: news.at, data: &data };
        Ok(Some(Rendered::json(serde_json::to_string(&message)?)))
    }
}
