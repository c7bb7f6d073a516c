//! The road between a browser and the server: a relay that can be cut, can swallow everything, and can
//! hide one path, whatever the engine. Knows HTTP only as far as a request begins with its line.

use std::net::{Ipv4Addr, SocketAddr};

use anyhow::{Context as _, Result};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::task::JoinHandle;
use url::Url;

/// How the road is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Traffic {
    /// Everything passes.
    Open,
    /// Connections end at once, old ones and new ones.
    Cut,
    /// Connections stand, and nothing passes in either direction.
    Hangs,
    /// There is nothing at an address with this in it: the server is asked for another one.
    Without(&'static str),
}

/// A relay that runs until it is dropped.
pub struct Road {
    address: SocketAddr,
    traffic: watch::Sender<Traffic>,
    task: JoinHandle<()>,
}

impl Road {
    /// A road to where `url` leads.
    ///
    /// # Errors
    /// When `url` names no address, or there is no port to listen on.
    pub async fn to(url: &str) -> Result<Self> {
        let target = *Url::parse(url)?.socket_addrs(|| None)?.first().context("it leads nowhere")?;
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
        let address = listener.local_addr()?;
        let traffic = watch::Sender::new(Traffic::Open);
        let watched = traffic.clone();
        let task = tokio::spawn(async move {
            while let Ok((near, _)) = listener.accept().await {
                tokio::spawn(relay(near, target, watched.subscribe()));
            }
        });
        Ok(Self { address, traffic, task })
    }

    /// The same address, by this road.
    ///
    /// # Errors
    /// When `url` is none.
    pub fn over(&self, url: &str) -> Result<String> {
        let mut url = Url::parse(url)?;
        url.set_port(Some(self.address.port())).ok().context("it has no port")?;
        Ok(url.into())
    }

    /// Makes the road so, for what is under way too.
    pub fn set(&self, traffic: Traffic) {
        self.traffic.send_replace(traffic);
    }
}

impl Drop for Road {
    fn drop(&mut self) {
        self.task.abort();
        self.set(Traffic::Cut);
    }
}

async fn relay(near: TcpStream, target: SocketAddr, mut traffic: watch::Receiver<Traffic>) {
    if *traffic.borrow() == Traffic::Cut {
        return;
    }
    let Ok(far) = TcpStream::connect(target).await else { return };
    let (near_in, near_out) = near.into_split();
    let (far_in, far_out) = far.into_split();
    tokio::select! {
        () = pass(near_in, far_out, traffic.clone(), true) => {}
        () = pass(far_in, near_out, traffic.clone(), false) => {}
        _ = traffic.wait_for(|traffic| *traffic == Traffic::Cut) => {}
    }
}

/// Passes on what comes until it ends, or must.
async fn pass(
    mut from: tokio::net::tcp::OwnedReadHalf,
    mut to: tokio::net::tcp::OwnedWriteHalf,
    mut traffic: watch::Receiver<Traffic>,
    asks: bool,
) {
    let mut bytes = vec![0; 16 * 1024];
    while let Ok(length @ 1..) = from.read(&mut bytes).await {
        let Ok(now) = traffic.wait_for(|traffic| *traffic != Traffic::Hangs).await.map(|now| *now) else {
            return;
        };
        match now {
            Traffic::Cut => return,
            Traffic::Without(path) if asks => mislead(&mut bytes[..length], path),
            _ => {}
        }
        if to.write_all(&bytes[..length]).await.is_err() {
            return;
        }
    }
}

/// Changes `path` in the first line. Browsers do not send a request before the last one was answered, so each
/// request begins a read.
fn mislead(bytes: &mut [u8], path: &str) {
    let end = bytes.iter().position(|byte| *byte == b'\r').unwrap_or_default();
    if let Some(at) = bytes[..end].windows(path.len()).position(|part| part == path.as_bytes()) {
        bytes[at + 1..at + path.len()].fill(b'-');
    }
}
