//! A page of somebody else: an origin of its own that answers every request with one document.

use std::net::Ipv4Addr;

use anyhow::Result;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

/// Serves its document until it is dropped.
pub struct HostPage {
    url: String,
    task: JoinHandle<()>,
}

impl HostPage {
    /// Serves `html` on a free port.
    ///
    /// # Errors
    /// When there is no port to listen on.
    pub async fn serve(html: &str) -> Result<Self> {
        Self::serve_with(&[], html).await
    }

    /// Serves `html` on a free port, with these headers.
    ///
    /// # Errors
    /// When there is no port to listen on.
    pub async fn serve_with(headers: &[(&str, &str)], html: &str) -> Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
        let url = format!("http://{}/", listener.local_addr()?);
        let more: String = headers.iter().map(|(name, value)| format!("{name}: {value}\r\n")).collect();
        let answer = format!(
            "HTTP/1.1 200 OK\r\ncontent-type: text/html; charset=utf-8\r\n{more}content-length: {}\r\n\
             connection: close\r\n\r\n{html}",
            html.len()
        );
        let task = tokio::spawn(async move {
            while let Ok((mut socket, _)) = listener.accept().await {
                let answer = answer.clone();
                // A browser opens connections that it may never use: none of them may hold up another.
                tokio::spawn(async move {
                    // One read takes a browser's whole request; what it asks for does not matter.
                    let _ = socket.read(&mut [0; 8192]).await;
                    let _ = socket.write_all(answer.as_bytes()).await;
                });
            }
        });
        Ok(Self { url, task })
    }

    /// Where it is.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Its origin.
    pub fn origin(&self) -> &str {
        self.url.trim_end_matches('/')
    }
}

impl Drop for HostPage {
    fn drop(&mut self) {
        self.task.abort();
    }
}
