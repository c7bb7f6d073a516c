//! The native API as a client calls it, and as anybody might. Only what the tests need.

use anyhow::{Context as _, Result, ensure};
use reqwest::Method;
use reqwest::header::{HeaderMap, HeaderName, HeaderValue};
use serde_json::{Value, json};

/// What came back.
#[derive(Debug)]
pub struct Answer {
    /// The HTTP status.
    pub status: u16,
    /// Its headers.
    pub headers: HeaderMap,
    /// Its body.
    pub text: String,
}

impl Answer {
    /// The body as JSON; `null` where it is none.
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_default()
    }

    /// A header's value.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }
}

/// Asks with headers and a body as they are, by a line such as `GET /t/X`.
///
/// # Errors
/// When nothing answers.
pub async fn ask(base: &str, line: &str, headers: &[(&str, &str)], body: Vec<u8>) -> Result<Answer> {
    let (method, path) = line.split_once(' ').context("a line is a method and a path")?;
    let mut all = HeaderMap::new();
    for (name, value) in headers {
        all.append(HeaderName::try_from(*name)?, HeaderValue::from_str(value)?);
    }
    let client = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).build()?;
    let request = client.request(Method::from_bytes(method.as_bytes())?, format!("{base}{path}"));
    let answer = request.headers(all).body(body).send().await?;
    let (status, headers) = (answer.status().as_u16(), answer.headers().clone());
    let bytes = answer.bytes().await?;
    Ok(Answer { status, headers, text: String::from_utf8_lossy(&bytes).into_owned() })
}

/// A client with its key.
#[derive(Clone)]
pub struct Api {
    base: String,
    key: String,
    http: reqwest::Client,
}

impl Api {
    pub(crate) fn new(base: String, key: String) -> Self {
        Self { base, key, http: reqwest::Client::new() }
    }

    /// The key itself, for dialects that take it in a header of their own.
    pub fn key(&self) -> &str {
        &self.key
    }

    /// Sends a POST with a JSON body; gives status and body.
    ///
    /// # Errors
    /// When nothing answers.
    pub async fn post(&self, path: &str, body: &Value) -> reqwest::Result<(u16, Value)> {
        let request = self.http.post(format!("{}/api/v1{path}", self.base)).bearer_auth(&self.key).json(body);
        let answer = request.send().await?;
        Ok((answer.status().as_u16(), answer.json().await?))
    }

    /// Sends a GET; gives status and body.
    ///
    /// # Errors
    /// When nothing answers.
    pub async fn get(&self, path: &str) -> reqwest::Result<(u16, Value)> {
        let answer =
            self.http.get(format!("{}/api/v1{path}", self.base)).bearer_auth(&self.key).send().await?;
        Ok((answer.status().as_u16(), answer.json().await?))
    }

    /// Asks with this key by a line such as `PUT /shipments/X/comment`.
    ///
    /// # Errors
    /// When nothing answers.
    pub async fn call(&self, line: &str, headers: &[(&str, &str)], body: &Value) -> Result<Answer> {
        let (method, path) = line.split_once(' ').context("a line is a method and a path")?;
        let key = format!("Bearer {}", self.key);
        let mut all = vec![("authorization", key.as_str()), ("content-type", "application/json")];
        all.extend(headers);
        let body = if body.is_null() { Vec::new() } else { body.to_string().into_bytes() };
        ask(&self.base, &format!("{method} /api/v1{path}"), &all, body).await
    }

    /// Asks a dialect with this key by a line such as `POST /api/instaleap/jobs`; must go well.
    ///
    /// # Errors
    /// When nothing answers, or something else than a success.
    pub async fn dialect(&self, line: &str, body: &Value) -> Result<Value> {
        let headers = [("x-api-key", self.key.as_str()), ("content-type", "application/json")];
        let bytes = if body.is_null() { Vec::new() } else { body.to_string().into_bytes() };
        let answer = ask(&self.base, line, &headers, bytes).await?;
        ensure!((200..300).contains(&answer.status), "{line}: {} {}", answer.status, answer.text);
        Ok(answer.json())
    }

    /// Makes a recipient's link to a shipment; gives its URL with the secret.
    ///
    /// # Errors
    /// When it is not made.
    pub async fn link(&self, tracking_id: &str) -> Result<String> {
        let answer = self.call(&format!("POST /shipments/{tracking_id}/links"), &[], &Value::Null).await?;
        ensure!(answer.status == 201, "link: {} {}", answer.status, answer.text);
        answer.json()["url"].as_str().map(str::to_owned).context("a link has a url")
    }

    /// Makes a shipment in Madrid's zone known.
    ///
    /// # Errors
    /// When it is not created.
    pub async fn create(&self, tracking_id: &str) -> Result<()> {
        let (status, body) =
            self.post("/shipments", &json!({"trackingId": tracking_id, "zone": "Europe/Madrid"})).await?;
        ensure!(status == 201, "create: {status} {body}");
        Ok(())
    }

    /// Reports one event and gives the shipment's sequence.
    ///
    /// # Errors
    /// When it is not taken.
    pub async fn report(&self, tracking_id: &str, event: Value) -> Result<u64> {
        let (status, body) = self.post(&format!("/shipments/{tracking_id}/events"), &event).await?;
        ensure!(status == 200, "report: {status} {body}");
        body["sequence"].as_u64().ok_or_else(|| anyhow::anyhow!("no sequence in {body}"))
    }
}
