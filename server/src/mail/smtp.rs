//! Messages over SMTP. A server's refusal may repeat the recipient's address, so of what it says only the
//! status code goes on; and whoever waits for the answer waits a bounded time.

use std::time::Duration;

use anyhow::{Context as _, anyhow};
use async_trait::async_trait;
use lettre::message::Mailbox;
use lettre::message::header::{ContentType, HeaderName, HeaderValue};
use lettre::transport::smtp;
use lettre::{AsyncSmtpTransport, AsyncTransport as _, Tokio1Executor};

use super::{Mail, MailError, Message, SmtpUrl};

/// How long one command to the mail server may take.
const COMMAND_WITHIN: Duration = Duration::from_secs(8);

/// How long all of them may take together; less than a request may ([`crate::limits::REQUEST_WITHIN`]).
const SENT_WITHIN: Duration = Duration::from_secs(20);

/// Sends over SMTP.
pub struct Smtp {
    transport: AsyncSmtpTransport<Tokio1Executor>,
    from: Mailbox,
}

impl Smtp {
    /// To that mail server, from that sender.
    ///
    /// # Errors
    /// When the sender is no e-mail address or the server's cannot be used; names no password.
    pub fn new(url: &SmtpUrl, from: &str) -> anyhow::Result<Self> {
        Self::over(&url.reveal(), from)
    }

    fn over(url: &str, from: &str) -> anyhow::Result<Self> {
        let from = from.parse().ok().context("the sender of one-time codes is no e-mail address")?;
        let transport = AsyncSmtpTransport::<Tokio1Executor>::from_url(url);
        let transport = transport.ok().context("the address of the mail server cannot be used")?;
        Ok(Self { transport: transport.timeout(Some(COMMAND_WITHIN)).build(), from })
    }

    fn letter(&self, message: Message) -> anyhow::Result<lettre::Message> {
        let to: Option<Mailbox> = message.to.as_str().parse().ok();
        let to = to.context("the address on file is no e-mail address")?;
        // Nobody is to answer it, and no other program either (RFC 3834).
        let automatic = HeaderName::new_from_ascii_str("Auto-Submitted");
        lettre::Message::builder()
            .from(self.from.clone())
            .to(Mailbox::new(None, to.email))
            .subject(message.subject)
            .header(ContentType::TEXT_PLAIN)
            .raw_header(HeaderValue::new(automatic, "auto-generated".to_owned()))
            .body(message.text)
            .ok()
            .context("the message cannot be written")
    }
}

#[async_trait]
impl Mail for Smtp {
    async fn send(&self, message: Message) -> Result<(), MailError> {
        let letter = self.letter(message).map_err(MailError)?;
        match tokio::time::timeout(SENT_WITHIN, self.transport.send(letter)).await {
            Ok(Ok(_)) => Ok(()),
            Ok(Err(error)) => Err(MailError(without_words(&error))),
            Err(_) => Err(MailError(anyhow!("the mail server took too long"))),
        }
    }
}

/// What went wrong, without the mail server's words.
fn without_words(error: &smtp::Error) -> anyhow::Error {
    match error.status() {
        Some(status) => anyhow!("the mail server refused with {status}"),
        None if error.is_timeout() => anyhow!("the mail server did not answer in time"),
        None if error.is_response() => anyhow!("the mail server's answer is no SMTP"),
        None if error.is_tls() => anyhow!("no TLS to the mail server"),
        None if error.is_client() => anyhow!("the mail server cannot do what is needed, such as STARTTLS"),
        None => anyhow!("the mail server cannot be reached"),
    }
}

#[cfg(test)]
mod tests;
