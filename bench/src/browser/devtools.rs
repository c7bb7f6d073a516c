//! The DevTools protocol as the benches need it: calls with answers, notices in between, over one
//! WebSocket. It is blocking and small on purpose: a generated client of the whole protocol would
//! take longer to compile than the rest of this crate together.

use std::net::TcpStream;
use std::time::Duration;

use anyhow::{Context as _, Result, bail};
use serde_json::{Value, json};
use tungstenite::{Message, WebSocket};

/// Chromium answers at once or, when slowed down, after some seconds.
const ANSWER_LIMIT: Duration = Duration::from_secs(30);

/// Something the page reported on its own.
#[derive(Debug)]
pub(crate) struct Notice {
    pub(crate) method: String,
    pub(crate) parameters: Value,
}

/// A connection to a browser, talking to one page of it once attached.
#[derive(Debug)]
pub(super) struct DevTools {
    socket: WebSocket<TcpStream>,
    session: Option<String>,
    calls: u64,
    notices: Vec<Notice>,
}

impl DevTools {
    /// Connects to a `ws://host:port/…` address.
    pub(super) fn connect(address: &str) -> Result<Self> {
        let host = address
            .strip_prefix("ws://")
            .and_then(|rest| rest.split('/').next())
            .with_context(|| format!("{address} is no ws address"))?;
        let stream = TcpStream::connect(host).context("connecting to the browser")?;
        stream.set_nodelay(true)?;
        stream.set_read_timeout(Some(ANSWER_LIMIT))?;
        let (socket, _) = tungstenite::client(address, stream)
            .map_err(|error| anyhow::anyhow!("{error}"))
            .context("the browser's WebSocket")?;
        Ok(Self { socket, session: None, calls: 0, notices: Vec::new() })
    }

    /// Directs all further calls to the browser's first page.
    pub(super) fn attach(&mut self) -> Result<()> {
        let targets = self.call("Target.getTargets", json!({}))?;
        let page = targets["targetInfos"]
            .as_array()
            .and_then(|targets| targets.iter().find(|target| target["type"] == "page"))
            .context("the browser shows no page")?;
        let parameters = json!({"targetId": page["targetId"], "flatten": true});
        let attached = self.call("Target.attachToTarget", parameters)?;
        let session = attached["sessionId"].as_str().context("no session")?;
        self.session = Some(session.to_owned());
        Ok(())
    }

    /// Calls `method` and waits for its answer; notices that come first are kept.
    pub(super) fn call(&mut self, method: &str, parameters: Value) -> Result<Value> {
        self.calls += 1;
        let mut call = json!({"id": self.calls, "method": method, "params": parameters});
        if let Some(session) = &self.session {
            call["sessionId"] = json!(session);
        }
        self.socket.send(Message::text(call.to_string()))?;
        loop {
            let message = self.socket.read().with_context(|| format!("waiting for {method}"))?;
            let Message::Text(text) = message else {
                continue;
            };
            let mut value: Value = serde_json::from_str(&text)?;
            if value["id"] == self.calls {
                if let Some(error) = value.get("error") {
                    bail!("{method}: {error}");
                }
                return Ok(value["result"].take());
            }
            if let Some(method) = value["method"].as_str() {
                let method = method.to_owned();
                let parameters = value["params"].take();
                self.notices.push(Notice { method, parameters });
            }
        }
    }

    pub(super) fn take_notices(&mut self) -> Vec<Notice> {
        std::mem::take(&mut self.notices)
    }
}
