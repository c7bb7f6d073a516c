//! One call of the recipient to the server, and what came of it. Knows HTTP and the header without which
//! nothing is taken; what a call means is its caller's affair.

use doorstep_model::id::TrackingId;
use gloo_net::http::{Method, RequestBuilder};

/// A call about one shipment.
#[derive(Clone, Debug)]
pub(crate) struct Call {
    /// `GET`, `PUT`, `POST` or `DELETE`.
    pub(crate) method: Method,
    /// After the shipment's address, with its slash.
    pub(crate) path: &'static str,
    /// JSON.
    pub(crate) body: Option<String>,
    /// The version that an edit is made on.
    pub(crate) base: Option<u32>,
}

/// What came of a call.
#[derive(Clone, Debug)]
pub(crate) struct Reply {
    /// The status; 0 where nobody answered.
    pub(crate) status: u16,
    /// The body.
    pub(crate) text: String,
}

impl Call {
    /// A question.
    pub(crate) fn get(path: &'static str) -> Self {
        Self { method: Method::GET, path, body: None, base: None }
    }

    /// A call with `body`.
    pub(crate) fn post(path: &'static str, body: Option<String>) -> Self {
        Self { method: Method::POST, path, body, base: None }
    }

    /// A call that takes something away.
    pub(crate) fn delete(path: &'static str) -> Self {
        Self { method: Method::DELETE, path, body: None, base: None }
    }

    /// An edit of what stood at version `base`.
    pub(crate) fn put(path: &'static str, body: String, base: u32) -> Self {
        Self { method: Method::PUT, path, body: Some(body), base: Some(base) }
    }

    /// Calls, and waits for the answer.
    pub(crate) async fn send(self, id: &TrackingId) -> Reply {
        let address = ["/api/v1/track/", id.as_str(), self.path].concat();
        let mut request = RequestBuilder::new(&address).method(self.method).header("x-doorstep", "1");
        if let Some(base) = self.base {
            request = request.header("if-match", &["\"", &base.to_string(), "\""].concat());
        }
        let sent = match self.body {
            Some(body) => match request.header("content-type", "application/json").body(body) {
                Ok(request) => request.send().await,
                Err(error) => Err(error),
            },
            None => request.send().await,
        };
        match sent {
            Ok(response) => {
                Reply { status: response.status(), text: response.text().await.unwrap_or_default() }
            }
            Err(_) => Reply { status: 0, text: String::new() },
        }
    }
}

impl Reply {
    /// Whether it was done.
    pub(crate) fn is_done(&self) -> bool {
        (200..300).contains(&self.status)
    }
}
