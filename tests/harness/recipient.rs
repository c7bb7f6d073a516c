//! A recipient without a browser: follows a link, keeps the session's cookie, asks as the widget does.

use anyhow::{Context as _, Result, ensure};
use serde_json::{Value, json};

use crate::api::{Answer, ask};

/// Somebody with a session.
#[derive(Clone, Debug)]
pub struct Recipient {
    base: String,
    id: String,
    cookie: String,
}

impl Recipient {
    /// Exchanges the secret of `link` (as [`crate::api::Api::link`] gave it) for a session.
    ///
    /// # Errors
    /// When it is refused.
    pub async fn enter(link: &str) -> Result<Self> {
        let (base, id, secret) = parts(link)?;
        let answer = exchange(&base, &id, &secret).await?;
        ensure!(answer.status == 200, "the link is refused: {} {}", answer.status, answer.text);
        let mut recipient = Self { base, id, cookie: String::new() };
        recipient.remember(&answer);
        ensure!(!recipient.cookie.is_empty(), "there is no cookie: {:?}", answer.headers);
        Ok(recipient)
    }

    /// Asks by a line such as `PUT /recipient/comment`; the path goes on from `/api/v1/track/{id}`.
    ///
    /// # Errors
    /// When nothing answers.
    pub async fn call(&mut self, line: &str, headers: &[(&str, &str)], body: &Value) -> Result<Answer> {
        let (method, path) = line.split_once(' ').context("a line is a method and a path")?;
        let cookie = self.cookie.clone();
        let mut all =
            vec![("cookie", cookie.as_str()), ("x-doorstep", "1"), ("content-type", "application/json")];
        all.extend(headers);
        let line = format!("{method} /api/v1/track/{}{path}", self.id);
        let body = if body.is_null() { Vec::new() } else { body.to_string().into_bytes() };
        let answer = ask(&self.base, &line, &all, body).await?;
        self.remember(&answer);
        Ok(answer)
    }

    /// Saves a comment on the version that was seen.
    ///
    /// # Errors
    /// When nothing answers.
    pub async fn comment(&mut self, text: &str, version: u32, edit: &str) -> Result<Answer> {
        let seen = format!("\"{version}\"");
        self.call("PUT /recipient/comment", &[("if-match", &seen)], &json!({"value": text, "edit": edit}))
            .await
    }

    /// Proves to be the person by the phone's last digits.
    ///
    /// # Errors
    /// When nothing answers.
    pub async fn step_up(&mut self, digits: &str) -> Result<Answer> {
        self.call("POST /recipient/step-up", &[], &json!({"phoneDigits": digits})).await
    }

    /// The session's cookie as the browser would send it.
    pub fn cookie(&self) -> &str {
        &self.cookie
    }

    fn remember(&mut self, answer: &Answer) {
        if let Some(set) = answer.header("set-cookie") {
            self.cookie = set.split(';').next().unwrap_or_default().to_owned();
        }
    }
}

/// Tries a secret.
///
/// # Errors
/// When nothing answers.
pub async fn exchange(base: &str, id: &str, secret: &str) -> Result<Answer> {
    let headers = [("x-doorstep", "1"), ("content-type", "application/json")];
    let body = json!({"secret": secret}).to_string().into_bytes();
    ask(base, &format!("POST /api/v1/track/{id}/session"), &headers, body).await
}

/// Where a link leads, to which shipment, and its secret.
///
/// # Errors
/// When it is no link.
pub fn parts(link: &str) -> Result<(String, String, String)> {
    let (page, secret) = link.split_once("#k=").context("a link has a secret in its fragment")?;
    let (base, id) = page.split_once("/t/").context("a link leads to /t/")?;
    Ok((base.to_owned(), id.to_owned(), secret.to_owned()))
}
