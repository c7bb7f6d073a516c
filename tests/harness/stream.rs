//! A viewer without a browser: follows the live channel as `EventSource` does, and comes back by itself.

use std::sync::Arc;
use std::time::Duration;

use futures_util::StreamExt as _;
use tokio::sync::watch;
use tokio::task::JoinHandle;

/// What a viewer has seen.
#[derive(Clone, Debug, Default)]
pub struct Seen {
    /// The `id:` of every view, in the order in which they came.
    pub ids: Vec<u64>,
    /// How often it came back.
    pub connections: usize,
}

/// A viewer that runs until it is dropped.
pub struct Follower {
    seen: watch::Receiver<Seen>,
    task: JoinHandle<()>,
}

impl Follower {
    /// Follows `url`, coming back with `Last-Event-ID` whenever the stream ends.
    pub fn new(url: String) -> Self {
        let (sender, seen) = watch::channel(Seen::default());
        let task = tokio::spawn(follow(url, Arc::new(sender)));
        Self { seen, task }
    }

    /// What it has seen so far.
    pub fn seen(&self) -> Seen {
        self.seen.borrow().clone()
    }
}

impl Drop for Follower {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn follow(url: String, seen: Arc<watch::Sender<Seen>>) {
    let http = reqwest::Client::new();
    loop {
        let last = seen.borrow().ids.last().copied();
        let mut request = http.get(&url);
        if let Some(last) = last {
            request = request.header("last-event-id", last.to_string());
        }
        if let Ok(answer) = request.send().await
            && answer.status().is_success()
        {
            seen.send_modify(|seen| seen.connections += 1);
            let mut chunks = answer.bytes_stream();
            let mut pending = String::new();
            while let Some(Ok(chunk)) = chunks.next().await {
                pending.push_str(&String::from_utf8_lossy(&chunk));
                while let Some((frame, rest)) = pending.split_once("\n\n") {
                    if let Some(id) = view_id(frame) {
                        seen.send_modify(|seen| seen.ids.push(id));
                    }
                    pending = rest.to_owned();
                }
            }
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

/// The id of a frame that carries a view.
fn view_id(frame: &str) -> Option<u64> {
    if !frame.lines().any(|line| line == "event: view") {
        return None;
    }
    frame.lines().find_map(|line| line.strip_prefix("id: "))?.parse().ok()
}
