//! The queue in front of the writer: bounded by the weight of what waits, so that a flood is refused at
//! the door and not held in memory. Knows nothing of what the writer does.

use std::sync::Arc;

use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, TryAcquireError, oneshot};

use super::anew::Anew;
use super::errand::{Errand, Waiting};
use super::orders::file::File;
use crate::store::orders::Filed;
use crate::store::plan::{Answer, Change};
use crate::store::{Creation, StoreError};

/// The most that waits, by [`Change::weight`]: about a second of writing.
pub(super) const ROOM: u32 = 65_536;

/// A question with the way back to who asked.
pub(super) struct Asked<Q, A> {
    /// What was asked.
    pub(super) question: Q,
    reply: oneshot::Sender<Result<A, StoreError>>,
    _room: OwnedSemaphorePermit,
}

impl<Q, A> Asked<Q, A> {
    /// The question, and who waits for its answer. Its room in the queue becomes free.
    pub(super) fn split(self) -> (Q, oneshot::Sender<Result<A, StoreError>>) {
        (self.question, self.reply)
    }
}

/// What the writer is asked to do.
pub(super) enum Job {
    /// To change shipments; done in groups.
    Change(Asked<Change, Answer>),
    /// A small write beside the shipments; done in groups of their own.
    Errand(Box<dyn Waiting>),
    /// To begin a shipment anew; seldom, and done by itself.
    Anew(Box<Asked<Anew, Creation>>),
    /// To file an order; done by itself.
    File(Box<Asked<File, Filed>>),
}

/// The end into which jobs go.
pub(super) struct Queue {
    jobs: UnboundedSender<Job>,
    room: Arc<Semaphore>,
}

/// A queue and the end from which jobs come.
pub(super) fn queue() -> (Queue, UnboundedReceiver<Job>) {
    let (jobs, receiver) = unbounded_channel();
    (Queue { jobs, room: Arc::new(Semaphore::new(ROOM as usize)) }, receiver)
}

impl Queue {
    /// Has a change made; answers once it is durable and told to the observer.
    pub(super) async fn change(&self, change: Change) -> Result<Answer, StoreError> {
        let weight = u32::try_from(change.weight()).unwrap_or(ROOM).min(ROOM);
        self.ask(change, weight, Job::Change).await
    }

    /// Has an errand run; answers once it is durable.
    pub(super) async fn run<E: Errand>(&self, errand: E) -> Result<E::Answer, StoreError> {
        let weight = u32::try_from(errand.weight()).unwrap_or(ROOM).min(ROOM);
        self.ask(errand, weight, |asked| Job::Errand(Box::new(asked))).await
    }

    /// Has a shipment begun anew; answers once that is durable and told to the observer.
    pub(super) async fn begin_anew(&self, anew: Anew) -> Result<Creation, StoreError> {
        let weight = u32::try_from(1 + anew.new.events.len()).unwrap_or(ROOM).min(ROOM);
        self.ask(anew, weight, |asked| Job::Anew(Box::new(asked))).await
    }

    /// Has an order filed; answers once it is durable and told to the observer.
    pub(super) async fn file(&self, file: File) -> Result<Filed, StoreError> {
        let weight = u32::try_from(file.weight()).unwrap_or(ROOM).min(ROOM);
        self.ask(file, weight, |asked| Job::File(Box::new(asked))).await
    }

    async fn ask<Q, A>(
        &self,
        question: Q,
        weight: u32,
        job: impl FnOnce(Asked<Q, A>) -> Job,
    ) -> Result<A, StoreError> {
        let room = match Arc::clone(&self.room).try_acquire_many_owned(weight) {
            Ok(room) => room,
            Err(TryAcquireError::NoPermits) => return Err(StoreError::Busy),
            Err(TryAcquireError::Closed) => return Err(StoreError::Closed),
        };
        let (reply, answer) = oneshot::channel();
        let asked = Asked { question, reply, _room: room };
        self.jobs.send(job(asked)).map_err(|_| StoreError::Closed)?;
        answer.await.map_err(|_| StoreError::Closed)?
    }
}
