//! A receiver of webhooks, as a retailer would run one: takes every POST, answers 200 and remembers what came, with
//! what stood in the head. Checks signatures by Standard Webhooks 1.0.0.

use std::net::Ipv4Addr;
use std::sync::Arc;

use anyhow::{Context as _, Result, ensure};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, Mac as _};
use serde_json::Value;
use sha2::Sha256;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Mutex;

use crate::eventually;

/// What came in.
#[derive(Clone, Debug)]
pub struct Received {
    /// The lines of its head.
    pub head: String,
    /// Its body, to the byte.
    pub body: String,
}

impl Received {
    /// A header's value.
    pub fn header(&self, name: &str) -> Option<&str> {
        let lines = self.head.lines().filter_map(|line| line.split_once(':'));
        lines.filter(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, value)| value.trim()).next()
    }

    /// The body as JSON; `null` where it is none.
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_default()
    }

    /// Whether it was signed with `secret` (`whsec_…`).
    ///
    /// # Errors
    /// When the secret is none, or a header is missing.
    pub fn is_signed_with(&self, secret: &str) -> Result<bool> {
        let key = STANDARD.decode(secret.strip_prefix("whsec_").context("a secret begins with whsec_")?)?;
        let header = |name| self.header(name).with_context(|| format!("{name} is missing: {}", self.head));
        let signed = format!("{}.{}.{}", header("webhook-id")?, header("webhook-timestamp")?, self.body);
        let mut mac = <Hmac<Sha256> as hmac::Mac>::new_from_slice(&key)?;
        mac.update(signed.as_bytes());
        let expected = format!("v1,{}", STANDARD.encode(mac.finalize().into_bytes()));
        Ok(header("webhook-signature")?.split(' ').any(|one| one == expected))
    }
}

/// A running receiver; it ends with this.
pub struct Receiver {
    port: u16,
    received: Arc<Mutex<Vec<Received>>>,
    task: tokio::task::JoinHandle<()>,
}

impl Drop for Receiver {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl Receiver {
    /// Starts one on a free port.
    ///
    /// # Errors
    /// When there is none.
    pub async fn start() -> Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
        let port = listener.local_addr()?.port();
        let received = Arc::new(Mutex::new(Vec::new()));
        let kept = Arc::clone(&received);
        let task = tokio::spawn(async move {
            while let Ok((socket, _)) = listener.accept().await {
                tokio::spawn(serve(socket, Arc::clone(&kept)));
            }
        });
        Ok(Self { port, received, task })
    }

    /// Its address with that path.
    pub fn url(&self, path: &str) -> String {
        format!("http://127.0.0.1:{}{path}", self.port)
    }

    /// All that came so far.
    pub async fn all(&self) -> Vec<Received> {
        self.received.lock().await.clone()
    }

    /// Waits until something comes whose body satisfies `fits`.
    ///
    /// # Errors
    /// When nothing does in time; names what came.
    pub async fn hears(&self, what: &str, fits: impl Fn(&Value) -> bool) -> Result<Received> {
        let heard = eventually(what, || async {
            Ok(self.all().await.into_iter().find(|received| fits(&received.json())))
        });
        match heard.await {
            Ok(received) => Ok(received),
            Err(error) => {
                let bodies: Vec<String> =
                    self.all().await.into_iter().map(|received| received.body).collect();
                Err(error.context(format!("{what}; there came {bodies:#?}")))
            }
        }
    }
}

/// One connection, one request after another.
async fn serve(mut socket: TcpStream, received: Arc<Mutex<Vec<Received>>>) {
    while let Ok(one) = read(&mut socket).await {
        received.lock().await.push(one);
        if socket.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n").await.is_err() {
            return;
        }
    }
}

async fn read(socket: &mut TcpStream) -> Result<Received> {
    let mut bytes = Vec::new();
    let end = loop {
        if let Some(at) = bytes.windows(4).position(|window| window == b"\r\n\r\n") {
            break at + 4;
        }
        ensure!(socket.read_buf(&mut bytes).await? > 0, "the connection ended");
    };
    let head = String::from_utf8(bytes[..end].to_vec())?;
    let mut one = Received { head, body: String::new() };
    let length: usize = one.header("content-length").unwrap_or("0").parse()?;
    while bytes.len() < end + length {
        ensure!(socket.read_buf(&mut bytes).await? > 0, "the connection ended");
    }
    one.body = String::from_utf8(bytes[end..end + length].to_vec())?;
    Ok(one)
}
