//! One call to the server about a shipment, and what came of it. Knows HTTP, by the browser's own `fetch`,
//! and the header without which nothing is changed; what a call means is its caller's affair.

use doorstep_model::id::TrackingId;
use js_sys::futures::JsFuture;
use js_sys::{Object, Promise, Reflect};
use leptos::wasm_bindgen::prelude::*;

use crate::{page, place};

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_name = fetch)]
    fn fetch(address: &str, options: &Object) -> Promise;

    /// What `fetch` promises; bound here by what is used of it.
    type Response;

    #[wasm_bindgen(method, getter)]
    fn status(this: &Response) -> u16;

    #[wasm_bindgen(method, getter)]
    fn headers(this: &Response) -> Headers;

    #[wasm_bindgen(method, catch)]
    fn text(this: &Response) -> Result<Promise, JsValue>;

    type Headers;

    #[wasm_bindgen(method)]
    fn get(this: &Headers, name: &str) -> Option<String>;
}

/// A call about one shipment.
#[derive(Clone, Debug)]
pub(crate) struct Call {
    method: &'static str,
    /// After the shipment's address, with its slash.
    path: &'static str,
    /// JSON.
    body: Option<String>,
    /// On what it depends: `if-match` or `if-none-match`, with the version.
    condition: Option<(&'static str, String)>,
}

/// What came of a call.
#[derive(Clone, Debug, Default)]
pub(crate) struct Reply {
    /// The status; 0 where nobody answered.
    pub(crate) status: u16,
    /// The body.
    pub(crate) text: String,
    /// The version of what it holds.
    pub(crate) etag: Option<String>,
    /// For how many seconds no other call is wanted.
    pub(crate) wait: u32,
}

impl Call {
    fn new(method: &'static str, path: &'static str, body: Option<String>) -> Self {
        Self { method, path, body, condition: None }
    }

    /// A question.
    pub(crate) fn get(path: &'static str) -> Self {
        Self::new("GET", path, None)
    }

    /// A question whether anything has changed since `etag`, where there is one.
    pub(crate) fn get_newer(path: &'static str, etag: Option<String>) -> Self {
        Self { condition: etag.map(|etag| ("if-none-match", etag)), ..Self::get(path) }
    }

    /// A call with `body`.
    pub(crate) fn post(path: &'static str, body: Option<String>) -> Self {
        Self::new("POST", path, body)
    }

    /// A call that takes something away.
    pub(crate) fn delete(path: &'static str) -> Self {
        Self::new("DELETE", path, None)
    }

    /// An edit of what stood at version `base`.
    pub(crate) fn put(path: &'static str, body: String, base: u32) -> Self {
        let version = ["\"", &base.to_string(), "\""].concat();
        Self { condition: Some(("if-match", version)), ..Self::new("PUT", path, Some(body)) }
    }

    /// Calls, and waits for the answer.
    pub(crate) async fn send(self, id: &TrackingId) -> Reply {
        let address = [place::server(), "/api/v1/track/", id.as_str(), self.path].concat();
        let (options, headers) = (Object::new(), Object::new());
        let set = |of: &Object, name: &str, value: &JsValue| {
            let _ = Reflect::set(of, &JsValue::from_str(name), value);
        };
        // From somebody else's page, only what everybody may see is asked for, and a header would have the browser
        // ask first whether it may; its cache knows by itself whether anything has changed.
        if !place::is_guest() {
            set(&headers, "x-doorstep", &JsValue::from_str("1"));
            // What the server sends elsewhere because of it, an e-mail, is in the page's language.
            set(&headers, "accept-language", &JsValue::from_str(&page::language()));
            if let Some((name, version)) = &self.condition {
                set(&headers, name, &JsValue::from_str(version));
            }
        }
        if let Some(body) = &self.body {
            set(&headers, "content-type", &JsValue::from_str("application/json"));
            set(&options, "body", &JsValue::from_str(body));
        }
        set(&options, "method", &JsValue::from_str(self.method));
        set(&options, "headers", &headers);
        let Ok(response) = JsFuture::from(fetch(&address, &options)).await else { return Reply::default() };
        let response: Response = response.unchecked_into();
        let text = match response.text() {
            Ok(text) => JsFuture::from(text).await.ok().and_then(|text| text.as_string()),
            Err(_) => None,
        };
        let headers = response.headers();
        Reply {
            status: response.status(),
            text: text.unwrap_or_default(),
            etag: headers.get("etag"),
            wait: headers.get("retry-after").and_then(|wait| wait.parse().ok()).unwrap_or_default(),
        }
    }
}

impl Reply {
    /// Whether it was done.
    pub(crate) fn is_done(&self) -> bool {
        (200..300).contains(&self.status)
    }
}
