//! Many viewers of event streams on one thread: one `epoll`, one read buffer, a few hundred bytes
//! a viewer. Sees frames and tells when each came; what they mean is the caller's business.

use std::io::{ErrorKind, Read as _, Write as _};
use std::net::SocketAddr;
use std::ops::ControlFlow;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail};
use mio::net::TcpStream;
use mio::{Events, Interest, Poll, Token};

use crate::sockets;
use crate::wire::{AnswerReader, Frame, FrameReader};

/// How many viewers may wait for their first frame while more are opened.
const OPENING: usize = 128;
const FIRST_FRAME_LIMIT: Duration = Duration::from_secs(20);
/// The only frames that count; others are a server's small talk.
const VIEW: &[u8] = b"view";
const BUFFER: usize = 64 << 10;

/// Viewers with open streams. Dropping it closes them all.
#[derive(Debug)]
pub(crate) struct Swarm {
    poll: Poll,
    events: Events,
    viewers: Vec<Viewer>,
    buffer: Vec<u8>,
    lost: usize,
}

#[derive(Debug)]
struct Viewer {
    stream: TcpStream,
    answer: AnswerReader,
    frames: FrameReader,
    shown: bool,
    ended: bool,
}

impl Swarm {
    /// Opens one viewer per request and returns when each has had its first frame, which a server
    /// is expected to send at once. `on_first` gets the viewer's number and that frame.
    /// Fails at once where the system allows fewer open files.
    pub(crate) fn open(
        address: SocketAddr,
        requests: impl ExactSizeIterator<Item = Vec<u8>>,
        mut on_first: impl FnMut(usize, &Frame<'_>),
    ) -> Result<Self> {
        sockets::need_open_files(requests.len())?;
        let mut swarm = Self {
            poll: Poll::new()?,
            events: Events::with_capacity(1024),
            viewers: Vec::new(),
            buffer: vec![0; BUFFER],
            lost: 0,
        };
        let mut shown = 0;
        let mut requests = requests.peekable();
        while let Some(request) = requests.next() {
            swarm.add(address, &request)?;
            let most_waiting = if requests.peek().is_some() { OPENING } else { 0 };
            let deadline = Instant::now() + FIRST_FRAME_LIMIT;
            while swarm.viewers.len() - shown > most_waiting {
                swarm.pump(deadline, |viewer, first, frame, _| {
                    if first {
                        shown += 1;
                        on_first(viewer, frame);
                    }
                    ControlFlow::Break(())
                })?;
                if swarm.lost > 0 || Instant::now() >= deadline {
                    bail!("{shown} of {} viewers had a first frame", swarm.viewers.len());
                }
            }
        }
        Ok(swarm)
    }

    /// How many viewers the server has cut off.
    pub(crate) fn lost(&self) -> usize {
        self.lost
    }

    /// Reads until `until`, or until `on_frame` breaks. It is given the viewer's number, whether
    /// this is that viewer's first frame, the frame, and when it was read. After a break, frames
    /// that had been read with the last one are still handed over.
    pub(crate) fn pump(
        &mut self,
        until: Instant,
        mut on_frame: impl FnMut(usize, bool, &Frame<'_>, Instant) -> ControlFlow<()>,
    ) -> Result<()> {
        let Self { poll, events, viewers, buffer, lost } = self;
        let mut flow = ControlFlow::Continue(());
        while flow.is_continue() {
            let Some(left) = until.checked_duration_since(Instant::now()) else {
                break;
            };
            match poll.poll(events, Some(left)) {
                Err(error) if error.kind() == ErrorKind::Interrupted => continue,
                result => result?,
            }
            for event in events.iter() {
                let number = event.token().0;
                let viewer = &mut viewers[number];
                let open = viewer.read(buffer, event.is_read_closed(), |first, frame, at| {
                    if on_frame(number, first, frame, at).is_break() {
                        flow = ControlFlow::Break(());
                    }
                });
                if !open.with_context(|| format!("viewer {number}"))? && !viewer.ended {
                    viewer.ended = true;
                    *lost += 1;
                }
            }
        }
        Ok(())
    }

    fn add(&mut self, address: SocketAddr, request: &[u8]) -> Result<()> {
        let number = self.viewers.len();
        let mut stream = sockets::connect(address, number)?;
        stream.write_all(request)?;
        stream.set_nonblocking(true)?;
        let mut stream = TcpStream::from_std(stream);
        self.poll.registry().register(&mut stream, Token(number), Interest::READABLE)?;
        self.viewers.push(Viewer {
            stream,
            answer: AnswerReader::default(),
            frames: FrameReader::default(),
            shown: false,
            ended: false,
        });
        Ok(())
    }
}

impl Viewer {
    /// Reads all there is; false when the stream has ended.
    fn read(
        &mut self,
        buffer: &mut [u8],
        closing: bool,
        mut on_frame: impl FnMut(bool, &Frame<'_>, Instant),
    ) -> Result<bool> {
        loop {
            let read = match self.stream.read(buffer) {
                Ok(0) => return Ok(false),
                Ok(read) => read,
                Err(error) if error.kind() == ErrorKind::WouldBlock => return Ok(true),
                Err(error) if error.kind() == ErrorKind::Interrupted => continue,
                Err(error) if error.kind() == ErrorKind::ConnectionReset => return Ok(false),
                Err(error) => return Err(error.into()),
            };
            let at = Instant::now();
            let Self { answer, frames, shown, .. } = self;
            let ended = answer.push(&buffer[..read], |part| {
                frames.push(part, |frame| {
                    if frame.event == VIEW {
                        on_frame(!*shown, &frame, at);
                        *shown = true;
                    }
                });
            })?;
            if answer.status() != 0 && answer.status() != 200 {
                bail!("the stream was answered with {}", answer.status());
            }
            if ended {
                return Ok(false);
            }
            // A short read has emptied the socket; asking again would double the system calls.
            if read < buffer.len() && !closing {
                return Ok(true);
            }
        }
    }
}
