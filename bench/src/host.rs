//! A page of somebody else's, on an origin of its own: answers every request with one document. Knows nothing
//! of what stands in it.

use std::io::{Read as _, Write as _};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use anyhow::Result;

/// A browser opens connections that it may never use.
const ASKS_WITHIN: Duration = Duration::from_secs(5);

/// Serves its document until it is dropped.
#[derive(Debug)]
pub(crate) struct HostPage {
    address: SocketAddr,
    ends: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

impl HostPage {
    /// Serves `html` on a free port.
    pub(crate) fn serve(html: &str) -> Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
        let address = listener.local_addr()?;
        let answer = format!(
            "HTTP/1.1 200 OK\r\ncontent-type: text/html; charset=utf-8\r\ncontent-length: {}\r\n\
             connection: close\r\n\r\n{html}",
            html.len()
        );
        let ends = Arc::new(AtomicBool::new(false));
        let watched = Arc::clone(&ends);
        let thread = thread::spawn(move || {
            for socket in listener.incoming().flatten() {
                if watched.load(Ordering::Relaxed) {
                    return;
                }
                let answer = answer.clone();
                thread::spawn(move || answer_once(socket, &answer));
            }
        });
        Ok(Self { address, ends, thread: Some(thread) })
    }

    /// Where it is.
    pub(crate) fn url(&self) -> String {
        format!("http://{}/", self.address)
    }
}

/// One read takes a browser's whole request; what it asks for does not matter.
fn answer_once(mut socket: TcpStream, answer: &str) {
    let _ = socket.set_read_timeout(Some(ASKS_WITHIN));
    if matches!(socket.read(&mut [0; 8192]), Ok(1..)) {
        let _ = socket.write_all(answer.as_bytes());
    }
}

impl Drop for HostPage {
    fn drop(&mut self) {
        self.ends.store(true, Ordering::Relaxed);
        // Wakes the listener, so that it sees that.
        let _ = TcpStream::connect(self.address);
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}
