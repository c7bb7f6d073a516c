//! The shapes in which news leaves: ours, and one for each dialect whose clients expect another. A shape is
//! registered by its name in a table that is made at start; nothing else knows what a shape writes.

use std::collections::BTreeMap;
use std::sync::Arc;

use async_trait::async_trait;
use doorstep_model::event::Event;
use doorstep_model::shipment::Shipment;
use doorstep_model::time::Timestamp;
use http::StatusCode;

use super::{Endpoint, Topic};

/// Writes news in one wire form.
#[async_trait]
pub trait Shape: Send + Sync + 'static {
    /// The name that endpoints choose it by, such as `standard`; kept with them.
    fn name(&self) -> &'static str;

    /// What is sent of `news` to `endpoint`; `None` where this shape has no word for it, and then nothing is.
    /// Asked once a message: what it says is kept and sent at every try.
    ///
    /// # Errors
    /// When something that it needs cannot be read; it is asked again at the next try.
    async fn render(&self, news: &News, endpoint: &Endpoint) -> anyhow::Result<Option<Rendered>>;

    /// Whether who answers so has what was `sent`; by the rules of Standard Webhooks 2xx alone says that.
    fn is_taken(&self, _sent: &Rendered, status: StatusCode) -> bool {
        status.is_success()
    }
}

/// A piece of news, for one endpoint.
#[derive(Clone, Debug)]
pub struct News {
    /// Names it, over all tries and endpoints.
    pub message: String,
    /// What it is about.
    pub topic: Topic,
    /// When we heard.
    pub at: Timestamp,
    /// The shipment as its events left it right after. What was done about handing it over (preferences, code,
    /// proofs) is as it is now. `None` for a test.
    pub shipment: Option<Arc<Shipment>>,
    /// The event that it is about, where it is about one.
    pub event: Option<Event>,
    /// The digits of the delivery code, where the endpoint may be told them and there are some.
    pub code: Option<String>,
}

/// What is sent.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Rendered {
    /// `Content-Type`.
    pub content_type: String,
    /// The body, to the byte.
    pub body: String,
    /// Further headers that belong to the shape, by name; authentication is none of its business.
    #[serde(default)]
    pub headers: Vec<(String, String)>,
}

impl Rendered {
    /// A body of JSON.
    pub fn json(body: String) -> Self {
        Self { content_type: "application/json".to_owned(), body, headers: Vec::new() }
    }
}

/// The shapes that there are.
#[derive(Clone, Default)]
pub struct Shapes(BTreeMap<&'static str, Arc<dyn Shape>>);

impl Shapes {
    /// These.
    pub fn of(shapes: impl IntoIterator<Item = Arc<dyn Shape>>) -> Self {
        Self(shapes.into_iter().map(|shape| (shape.name(), shape)).collect())
    }

    /// The shape of that name.
    pub fn get(&self, name: &str) -> Option<&Arc<dyn Shape>> {
        self.0.get(name)
    }

    /// What there are, in alphabetical order.
    pub fn names(&self) -> impl Iterator<Item = &'static str> {
        self.0.keys().copied()
    }
}
