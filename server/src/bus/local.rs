//! The bus of one process: nodes that share it are hubs in the same program. The default, and what
//! the tests of several nodes run on.

use std::sync::Arc;

use async_trait::async_trait;
use tokio::sync::broadcast;
use tokio::sync::broadcast::error::RecvError;

use crate::bus::{Bus, Change, Ear, Heard, Message};

/// How many messages may wait for a slow node before it is told that it missed some.
const BACKLOG: usize = 1024;

/// The bus of one process.
pub struct LocalBus(broadcast::Sender<Message>);

impl LocalBus {
    /// A bus that nobody listens to yet.
    pub fn new() -> Arc<Self> {
        Arc::new(Self(broadcast::Sender::new(BACKLOG)))
    }

    fn send(&self, message: Message) {
        // An error means that nobody listens, which is nobody's loss.
        let _ = self.0.send(message);
    }
}

impl Bus for LocalBus {
    fn announce(&self, changes: Vec<Change>) {
        self.send(Message::Changed(changes.into()));
    }

    fn announce_unknown(&self) {
        self.send(Message::Missed);
    }

    fn subscribe(&self) -> Heard {
        Heard::new(LocalEar(self.0.subscribe()))
    }
}

struct LocalEar(broadcast::Receiver<Message>);

#[async_trait]
impl Ear for LocalEar {
    async fn next(&mut self) -> Option<Message> {
        match self.0.recv().await {
            Ok(message) => Some(message),
            Err(RecvError::Lagged(_)) => Some(Message::Missed),
            Err(RecvError::Closed) => None,
        }
    }
}
