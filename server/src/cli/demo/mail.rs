//! The demo's mail: what would be sent is shown where the links are, since nobody in the demo has an
//! address. For the demo alone; a real server shows its messages to nobody.

use std::io::Write as _;

use async_trait::async_trait;

use crate::mail::{Mail, MailError, Message};

/// Shows messages on stdout.
pub(super) struct Shown;

#[async_trait]
impl Mail for Shown {
    async fn send(&self, message: Message) -> Result<(), MailError> {
        let Message { to, subject, text } = message;
        writeln!(std::io::stdout(), "\nMail to {to}: {subject}\n{text}")
            .map_err(|error| MailError(error.into()))
    }
}
