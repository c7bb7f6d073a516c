//! Errands: small writes beside the shipments (clients, links, sessions, pictures). Those that wait are
//! run in one transaction, each in a savepoint, so that they share one sync and one that fails disturbs no
//! other. Knows nothing of what an errand does; nothing of shipments' events is written here, so nobody is
//! told and nothing that was remembered becomes wrong.

use async_trait::async_trait;
use sqlx::{Connection as _, SqliteConnection};

use super::queue::Asked;
use crate::store::StoreError;

/// A small write, and what it answers.
#[async_trait]
pub(super) trait Errand: Send + 'static {
    /// What it answers.
    type Answer: Send + 'static;

    /// What it costs to hold, as [`crate::store::plan::Change::weight`] counts.
    fn weight(&self) -> usize {
        1
    }

    /// Whether it may change who wants to be told of news.
    fn changes_endpoints(&self) -> bool {
        false
    }

    /// Writes, in the transaction that is open.
    async fn run(self, connection: &mut SqliteConnection) -> Result<Self::Answer, StoreError>;
}

/// An errand that was run, and who waits to hear whether it is durable.
pub(super) struct Ran {
    reply: Box<dyn FnOnce(Result<(), StoreError>) + Send>,
    /// The engine took back the whole transaction, not this errand alone (a full disk does that).
    lost: Option<StoreError>,
}

/// An errand of any kind, with the way back to who asked.
#[async_trait]
pub(super) trait Waiting: Send {
    /// See [`Errand::changes_endpoints`].
    fn changes_endpoints(&self) -> bool;

    /// Runs it in a savepoint.
    async fn run(self: Box<Self>, connection: &mut SqliteConnection) -> Ran;

    /// Answers without running it.
    fn refuse(self: Box<Self>, error: StoreError);
}

#[async_trait]
impl<E: Errand> Waiting for Asked<E, E::Answer> {
    fn changes_endpoints(&self) -> bool {
        self.question.changes_endpoints()
    }

    async fn run(self: Box<Self>, connection: &mut SqliteConnection) -> Ran {
        let (errand, reply) = self.split();
        let mut lost = None;
        let answer = attempt(errand, connection, &mut lost).await;
        // Who went away does not want the answer; the same holds below.
        Ran { reply: Box::new(move |durable| drop(reply.send(durable.and(answer)))), lost }
    }

    fn refuse(self: Box<Self>, error: StoreError) {
        let (_, reply) = self.split();
        drop(reply.send(Err(error)));
    }
}

/// Runs an errand, and takes back what one wrote that fails; `lost` says when that could not be done.
async fn attempt<E: Errand>(
    errand: E,
    connection: &mut SqliteConnection,
    lost: &mut Option<StoreError>,
) -> Result<E::Answer, StoreError> {
    let mut savepoint = connection.begin().await?;
    let answer = errand.run(&mut savepoint).await;
    let ended = if answer.is_ok() { savepoint.commit().await } else { savepoint.rollback().await };
    *lost = ended.err().map(StoreError::from);
    answer
}

/// Runs errands in one transaction and answers each once it is durable.
///
/// # Errors
/// When the engine fails as a whole; then nothing was written, and each was told so.
pub(super) async fn run_all(
    connection: &mut SqliteConnection,
    errands: Vec<Box<dyn Waiting>>,
) -> Result<(), StoreError> {
    let mut tx = match connection.begin_with("BEGIN IMMEDIATE").await {
        Ok(tx) => tx,
        Err(error) => {
            let error = StoreError::from(error);
            errands.into_iter().for_each(|errand| errand.refuse(error.again()));
            return Err(error);
        }
    };
    let mut replies = Vec::with_capacity(errands.len());
    let mut lost: Option<StoreError> = None;
    for errand in errands {
        match &lost {
            Some(error) => errand.refuse(error.again()),
            None => {
                let ran = errand.run(&mut tx).await;
                replies.push(ran.reply);
                lost = ran.lost;
            }
        }
    }
    let done = match lost {
        Some(error) => Err(error),
        None => tx.commit().await.map_err(StoreError::from),
    };
    for reply in replies {
        reply(done.as_ref().map(|_| ()).map_err(StoreError::again));
    }
    done
}
