//! One-time codes by e-mail: over SMTP, or shown in place of being sent (the demo). Knows nothing of
//! shipments; what it is given goes to nobody else, least of all to the log.

mod smtp;
mod url;

use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

use async_trait::async_trait;
use doorstep_model::text::Email;

pub use smtp::Smtp;
pub use url::{SmtpUrl, SmtpUrlError};

/// A message to a recipient.
#[derive(Clone, PartialEq, Eq)]
pub struct Message {
    /// To whom.
    pub to: Email,
    /// What stands above it.
    pub subject: String,
    /// What it says, as plain text.
    pub text: String,
}

/// Says neither to whom nor what.
impl fmt::Debug for Message {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Message(…)")
    }
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
