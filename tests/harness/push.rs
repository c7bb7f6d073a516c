//! A push service without a browser behind it: takes messages as RFC 8030 has them, remembers them, and answers
//! as it is told to. Knows nothing of what is told.

use std::collections::VecDeque;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Instant;

use anyhow::{Context as _, Result};
use tokio::io::{AsyncBufReadExt as _, AsyncReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;

/// A message as it came.
#[derive(Clone, Debug)]
pub struct Message {
    /// Method and path.
    pub line: String,
    /// The header, names in lower case.
    pub headers: Vec<(String, String)>,
    /// The body.
    pub body: Vec<u8>,
    /// When.
    pub at: Instant,
}

impl Message {
    /// A header's value.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(found, _)| found == name).map(|(_, value)| value.as_str())
    }

    /// The token and the key of its VAPID authorization.
    ///
    /// # Errors
    /// When it has none.
    pub fn vapid(&self) -> Result<(&str, &str)> {
        let value = self.header("authorization").context("nobody says who sends it")?;
        value.strip_prefix("vapid t=").and_then(|rest| rest.split_once(", k=")).context("it is no VAPID")
    }
}

#[derive(Default)]
struct Book {
    messages: Vec<Message>,
    answers: VecDeque<String>,
}

/// Takes messages until it is dropped.
pub struct PushService {
    address: SocketAddr,
    book: Arc<Mutex<Book>>,
    task: JoinHandle<()>,
}

impl PushService {
    /// Opens one on a free port.
    ///
    /// # Errors
    /// When there is no port to listen on.
    pub async fn open() -> Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
        let address = listener.local_addr()?;
        let book = Arc::new(Mutex::new(Book::default()));
        let kept = Arc::clone(&book);
        let task = tokio::spawn(async move {
            while let Ok((socket, _)) = listener.accept().await {
                let book = Arc::clone(&kept);
                tokio::spawn(async move {
                    // A connection ends when the other side ends it.
                    let _ = serve(socket, &book).await;
                });
            }
        });
        Ok(Self { address, book, task })
    }

    /// Where a device of that name is told.
    pub fn endpoint(&self, device: &str) -> String {
        format!("http://{}/send/{device}", self.address)
    }

    /// Its origin, which a token is for.
    pub fn origin(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Answers the next message so, such as `410 Gone` or `429 Too Many Requests\r\nretry-after: 2`; `201 Created`
    /// once nothing is said.
    pub fn answers(&self, status: &str) {
        locked(&self.book).answers.push_back(status.to_owned());
    }

    /// What came so far.
    pub fn messages(&self) -> Vec<Message> {
        locked(&self.book).messages.clone()
    }
}

impl Drop for PushService {
    fn drop(&mut self) {
        self.task.abort();
    }
}

fn locked(book: &Mutex<Book>) -> MutexGuard<'_, Book> {
    book.lock().unwrap_or_else(PoisonError::into_inner)
}

async fn serve(socket: TcpStream, book: &Mutex<Book>) -> Result<()> {
    let mut socket = BufReader::new(socket);
    loop {
        let Some(message) = read(&mut socket).await? else { return Ok(()) };
        let answer = {
            let mut book = locked(book);
            book.messages.push(message);
            book.answers.pop_front().unwrap_or_else(|| "201 Created".to_owned())
        };
        socket.write_all(format!("HTTP/1.1 {answer}\r\ncontent-length: 0\r\n\r\n").as_bytes()).await?;
    }
}

/// One request; `None` where there is no other.
async fn read(socket: &mut BufReader<TcpStream>) -> Result<Option<Message>> {
    let mut line = String::new();
    if socket.read_line(&mut line).await? == 0 {
        return Ok(None);
    }
    let mut headers = Vec::new();
    loop {
        let mut header = String::new();
        socket.read_line(&mut header).await?;
        let Some((name, value)) = header.trim_end().split_once(':') else { break };
        headers.push((name.to_ascii_lowercase(), value.trim().to_owned()));
    }
    let length = headers.iter().find(|(name, _)| name == "content-length");
    let mut body = vec![0; length.map_or(Ok(0), |(_, length)| length.parse())?];
    socket.read_exact(&mut body).await?;
    let line = line.trim_end().trim_end_matches(" HTTP/1.1").to_owned();
    Ok(Some(Message { line, headers, body, at: Instant::now() }))
}
