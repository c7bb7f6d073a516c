//! One-time codes by e-mail: over SMTP, or shown in place of being sent (the demo). Knows nothing of
//! shipments; what it is given goes to nobody else, least of all to the log.

use std::fmt;
use std::str::FromStr;
use std::sync::{Arc, Mutex, PoisonError};

use async_trait::async_trait;
use doorstep_model::text::Email;

/// A message to a recipient.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message {
    /// To whom.
    pub to: Email,
    /// What stands above it.
    pub subject: String,
    /// What it says, as plain text.
    pub text: String,
}

/// Why a message was not sent; the cause is for the log, and names no recipient.
#[derive(Debug, thiserror::Error)]
#[error("the message was not sent")]
pub struct MailError(#[source] pub anyhow::Error);

/// Sends messages.
#[async_trait]
pub trait Mail: Send + Sync + 'static {
    /// Whether it can send anything at all.
    fn is_available(&self) -> bool {
        true
    }

    /// Sends `message`; answers once a mail server has taken it.
    async fn send(&self, message: Message) -> Result<(), MailError>;
}

/// Sends nothing: no mail server was named.
#[derive(Clone, Copy, Debug, Default)]
pub struct NoMail;

#[async_trait]
impl Mail for NoMail {
    fn is_available(&self) -> bool {
        false
    }

    async fn send(&self, _: Message) -> Result<(), MailError> {
        Err(MailError(anyhow::anyhow!("no mail server was named")))
    }
}

/// Keeps the last messages in memory instead of sending them, for the demo and for tests.
#[derive(Clone, Debug, Default)]
pub struct Outbox(Arc<Mutex<Vec<Message>>>);

impl Outbox {
    /// How many messages it keeps.
    const MOST: usize = 100;

    /// The messages, oldest first.
    pub fn messages(&self) -> Vec<Message> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

#[async_trait]
impl Mail for Outbox {
    async fn send(&self, message: Message) -> Result<(), MailError> {
        let mut messages = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if messages.len() >= Self::MOST {
            messages.remove(0);
        }
        messages.push(message);
        Ok(())
    }
}

/// Where the mail server is: `smtp://` (TLS by STARTTLS, required unless the host is this machine) or
/// `smtps://`, with user and password where needed.
#[derive(Clone, PartialEq, Eq)]
pub struct SmtpUrl(String);

/// A text that is no such address.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("must begin with smtp:// or smtps:// and name a host")]
pub struct SmtpUrlError;

impl SmtpUrl {
    /// As it was given, password and all.
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl FromStr for SmtpUrl {
    type Err = SmtpUrlError;

    fn from_str(text: &str) -> Result<Self, SmtpUrlError> {
        let rest = text.strip_prefix("smtps://").or_else(|| text.strip_prefix("smtp://"));
        let host = rest.and_then(|rest| rest.rsplit('@').next()).filter(|host| !host.is_empty());
        host.map(|_| Self(text.to_owned())).ok_or(SmtpUrlError)
    }
}

/// Without the password: settings are printed.
impl fmt::Display for SmtpUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0.split_once("://").map(|(scheme, rest)| (scheme, rest.rsplit_once('@'))) {
            Some((scheme, Some((_, host)))) => write!(f, "{scheme}://…@{host}"),
            _ => f.write_str(&self.0),
        }
    }
}

impl fmt::Debug for SmtpUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}
