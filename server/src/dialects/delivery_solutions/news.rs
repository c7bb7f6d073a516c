//! News in the original's order webhook (`systems.md` 4.7): one for each word, with the order as it stands. Its
//! objects have the names of the vendor's older API, and beside them, where they differ, those of the Shipping
//! API, so that a receiver written for either finds what it looks for.

mod body;

use std::sync::Arc;

use async_trait::async_trait;
use doorstep_model::event::Event;

use self::body::OrderWebhook;
use super::desk::{DIALECT, Opened};
use super::status::Word;
use crate::public_url::PublicUrl;
use crate::store::Store;
use crate::webhooks::{Endpoint, News, Rendered, Shape, Topic};

/// The name that endpoints choose it by.
pub(crate) const SHAPE: &str = "delivery-solutions";

/// The original's shape.
pub(crate) struct OrderNews {
    store: Arc<dyn Store>,
    base: PublicUrl,
}

impl OrderNews {
    /// Over that store, for a server that people reach there.
    pub(crate) fn new(store: Arc<dyn Store>, base: PublicUrl) -> Self {
        Self { store, base }
    }
}

#[async_trait]
impl Shape for OrderNews {
    fn name(&self) -> &'static str {
        SHAPE
    }

    async fn render(&self, news: &News, endpoint: &Endpoint) -> anyhow::Result<Option<Rendered>> {
        if news.topic == Topic::Test {
            return Ok(Some(Rendered::json(serde_json::to_string(&body::test(news))?)));
        }
        let Some(shipment) = &news.shipment else { return Ok(None) };
        // Only what happens to the shipment has a word of the original's; and only orders of this dialect do.
        let event = match news.topic {
            Topic::Created => shipment.events().last(),
            Topic::StatusChanged | Topic::Updated => news.event.as_ref(),
            _ => None,
        };
        let Some((event, word)) = event.and_then(|event| Some((event, word(event)?))) else {
            return Ok(None);
        };
        let id = shipment.tracking_id();
        let Some(order) = self.store.order_of(endpoint.tenant, DIALECT, id).await? else { return Ok(None) };
        let opened = Opened::of(order, Some(Arc::clone(shipment)))?;
        let webhook = OrderWebhook::of(&opened, event, &word, news, &self.base);
        Ok(Some(Rendered::json(serde_json::to_string(&webhook)?)))
    }
}

/// The original's word for an event, as its source said it or as we would.
fn word(event: &Event) -> Option<String> {
    let said =
        event.source_word.as_ref().map(|word| word.as_str()).filter(|word| Word::parse(word).is_some());
    said.map(str::to_owned).or_else(|| event.status.and_then(Word::of).map(|word| word.to_string()))
}
