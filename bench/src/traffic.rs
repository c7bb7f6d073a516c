//! Requests over keep-alive connections on one thread, as fast as answers come or at set times.
//! It moves bytes and takes times; what is asked, when, and what an answer means is the
//! [`Traffic`]'s business.

use std::io::{ErrorKind, Read as _, Write as _};
use std::net::SocketAddr;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail};
use mio::net::TcpStream;
use mio::{Events, Interest, Poll, Token};

use crate::sockets;
use crate::wire::AnswerReader;

const BUFFER: usize = 64 << 10;
/// How long the last answers may take once everything has been sent.
const LAST_ANSWERS: Duration = Duration::from_secs(15);

/// What to do with a connection that is free.
#[derive(Debug)]
pub(crate) enum Next {
    /// A request has been written into the buffer; its answer will carry this tag.
    Send(u64),
    /// Nothing before this moment.
    Wait(Instant),
    /// Nothing any more.
    Done,
}

/// One answer.
#[derive(Debug)]
pub(crate) struct Answered<'a> {
    pub(crate) tag: u64,
    pub(crate) status: u16,
    pub(crate) body: &'a [u8],
    pub(crate) sent: Instant,
    pub(crate) at: Instant,
}

/// What is to be asked of a server.
pub(crate) trait Traffic {
    /// Writes the next request into `out`, which is empty, or says why there is none.
    fn next(&mut self, now: Instant, out: &mut Vec<u8>) -> Next;

    /// Takes an answer; an error ends the drive.
    fn answered(&mut self, answer: Answered<'_>) -> Result<()>;
}

struct Connection {
    stream: TcpStream,
    reader: AnswerReader,
    out: Vec<u8>,
    written: usize,
    body: Vec<u8>,
    tag: u64,
    sent: Instant,
}

/// Sends `traffic` to `address` over `connections` connections until it is done and answered.
pub(crate) fn drive(address: SocketAddr, connections: usize, traffic: &mut impl Traffic) -> Result<()> {
    let mut poll = Poll::new()?;
    let mut events = Events::with_capacity(1024);
    let mut buffer = vec![0; BUFFER];
    let mut pool = Vec::with_capacity(connections);
    for index in 0..connections {
        pool.push(Connection::open(&poll, address, index)?);
    }
    let mut free: Vec<usize> = (0..connections).collect();
    let mut finished: Option<Instant> = None;
    loop {
        let mut wake = None;
        while finished.is_none()
            && let Some(&index) = free.last()
        {
            let now = Instant::now();
            let connection = &mut pool[index];
            connection.out.clear();
            match traffic.next(now, &mut connection.out) {
                Next::Send(tag) => {
                    free.pop();
                    connection.begin(tag)?;
                }
                Next::Wait(until) => {
                    wake = Some(until.saturating_duration_since(now));
                    break;
                }
                Next::Done => finished = Some(now),
            }
        }
        if let Some(since) = finished {
            if free.len() == connections {
                return Ok(());
            }
            if since.elapsed() > LAST_ANSWERS {
                bail!("{} requests were never answered", connections - free.len());
            }
        }
        match poll.poll(&mut events, Some(wake.unwrap_or(LAST_ANSWERS))) {
            Err(error) if error.kind() == ErrorKind::Interrupted => continue,
            result => result?,
        }
        if events.is_empty() && wake.is_none() {
            bail!("no answer within {LAST_ANSWERS:?}");
        }
        for event in &events {
            let index = event.token().0;
            let connection = &mut pool[index];
            if connection.read(&mut buffer).context("reading an answer")? {
                traffic.answered(connection.answer())?;
                connection.reader.reset();
                connection.body.clear();
                free.push(index);
            } else {
                connection.write()?;
            }
        }
    }
}

impl Connection {
    fn open(poll: &Poll, address: SocketAddr, index: usize) -> Result<Self> {
        let stream = sockets::connect(address, index)?;
        stream.set_nonblocking(true)?;
        let mut stream = TcpStream::from_std(stream);
        let interest = Interest::READABLE | Interest::WRITABLE;
        poll.registry().register(&mut stream, Token(index), interest)?;
        Ok(Self {
            stream,
            reader: AnswerReader::default(),
            out: Vec::new(),
            written: 0,
            body: Vec::new(),
            tag: 0,
            sent: Instant::now(),
        })
    }

    fn begin(&mut self, tag: u64) -> Result<()> {
        self.tag = tag;
        self.written = 0;
        self.sent = Instant::now();
        self.write()
    }

    fn write(&mut self) -> Result<()> {
        while self.written < self.out.len() {
            match self.stream.write(&self.out[self.written..]) {
                Ok(written) => self.written += written,
                Err(error) if error.kind() == ErrorKind::WouldBlock => break,
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(error) => return Err(error).context("writing a request"),
            }
        }
        Ok(())
    }

    /// Reads what there is; true when the answer is whole.
    fn read(&mut self, buffer: &mut [u8]) -> Result<bool> {
        loop {
            let read = match self.stream.read(buffer) {
                Ok(0) => bail!("the server closed a keep-alive connection"),
                Ok(read) => read,
                Err(error) if error.kind() == ErrorKind::WouldBlock => return Ok(false),
                Err(error) if error.kind() == ErrorKind::Interrupted => continue,
                Err(error) => return Err(error.into()),
            };
            let body = &mut self.body;
            if self.reader.push(&buffer[..read], |part| body.extend_from_slice(part))? {
                return Ok(true);
            }
            if read < buffer.len() {
                return Ok(false);
            }
        }
    }

    fn answer(&self) -> Answered<'_> {
        Answered {
            tag: self.tag,
            status: self.reader.status(),
            body: &self.body,
            sent: self.sent,
            at: Instant::now(),
        }
    }
}
