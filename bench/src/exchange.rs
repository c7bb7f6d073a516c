//! One request after another over one blocking connection: for setting up, and for the single
//! post whose effect is being timed.

use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail};

use crate::sockets;
use crate::wire::AnswerReader;

const ANSWER_LIMIT: Duration = Duration::from_secs(10);

/// A blocking client.
#[derive(Debug)]
pub(crate) struct Exchange {
    stream: TcpStream,
    reader: AnswerReader,
}

/// A whole answer, with the moments at which the request had been handed to the kernel in full
/// (`sent`, taken just before) and the last byte of the answer was read.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) body: Vec<u8>,
    pub(crate) sent: Instant,
    pub(crate) answered: Instant,
}

impl Exchange {
    pub(crate) fn connect(address: SocketAddr) -> Result<Self> {
        let stream = sockets::connect(address, 0)?;
        stream.set_read_timeout(Some(ANSWER_LIMIT))?;
        stream.set_write_timeout(Some(ANSWER_LIMIT))?;
        Ok(Self { stream, reader: AnswerReader::default() })
    }

    /// Sends a whole request and reads the answer, whatever its status.
    pub(crate) fn ask(&mut self, request: &[u8]) -> Result<Answer> {
        self.reader.reset();
        let sent = Instant::now();
        self.stream.write_all(request)?;
        let mut body = Vec::new();
        let mut buffer = [0; 16 << 10];
        loop {
            let read = self.stream.read(&mut buffer).context("waiting for an answer")?;
            if read == 0 {
                bail!("the connection was closed before the answer");
            }
            let piece = &buffer[..read];
            if self.reader.push(piece, |part| body.extend_from_slice(part))? {
                return Ok(Answer { status: self.reader.status(), body, sent, answered: Instant::now() });
            }
        }
    }

    /// The same, where any status but 2xx is an error.
    pub(crate) fn ask_well(&mut self, request: &[u8]) -> Result<Answer> {
        let answer = self.ask(request)?;
        if !(200..300).contains(&answer.status) {
            let line = request.split(|byte| *byte == b'\r').next().unwrap_or_default();
            bail!(
                "{} answered {}: {}",
                String::from_utf8_lossy(line),
                answer.status,
                String::from_utf8_lossy(&answer.body)
            );
        }
        Ok(answer)
    }
}
