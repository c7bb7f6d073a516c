//! The one task that writes. Takes what waits in the queue as a group, has it committed, tells the
//! observer and then the callers. No delay is added: while a group is being committed, the next gathers.

use std::sync::Arc;
use std::time::{Duration, Instant};

use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{ConnectOptions as _, Connection as _, SqliteConnection, SqlitePool};
use tokio::sync::Notify;
use tokio::sync::mpsc::UnboundedReceiver;
use tokio::time::{Interval, MissedTickBehavior, interval};
use tokio_util::sync::CancellationToken;

use super::anew::{self, Anew};
use super::errand::{self, Waiting};
use super::group::{self, Committed, Memory};
use super::orders::file::{self, Ended, File};
use super::queue::{Asked, Job};
use crate::store::orders::Filed;
use crate::store::plan::{Answer, Change};
use crate::store::{Creation, Observer, StoreError};

/// How often an idle writer looks for what other processes wrote.
pub(super) const POLL: Duration = Duration::from_millis(500);

/// The most requests of one group.
const MAX_REQUESTS: usize = 512;

/// The weight after which a group takes no further request; see [`Change::weight`].
const MAX_WEIGHT: usize = 20_000;

/// The one task that writes.
pub(super) struct Writer {
    connection: SqliteConnection,
    options: SqliteConnectOptions,
    memory: Memory,
    jobs: UnboundedReceiver<Job>,
    closing: CancellationToken,
    readers: SqlitePool,
    observer: Arc<dyn Observer>,
    /// Told when news was written.
    news: Arc<Notify>,
}

impl Writer {
    pub(super) async fn new(
        mut connection: SqliteConnection,
        options: SqliteConnectOptions,
        jobs: UnboundedReceiver<Job>,
        closing: CancellationToken,
        readers: SqlitePool,
        observer: Arc<dyn Observer>,
        news: Arc<Notify>,
    ) -> Result<Self, StoreError> {
        let memory = Memory::new(&mut connection).await?;
        Ok(Self { connection, options, memory, jobs, closing, readers, observer, news })
    }

    /// Works until the store is closed or dropped, and then until nothing waits.
    pub(super) async fn run(mut self) {
        let mut poll = interval(POLL);
        poll.set_missed_tick_behavior(MissedTickBehavior::Delay);
        while let Some(job) = self.next(&mut poll).await {
            let mut group = Vec::new();
            let mut errands = Vec::new();
            let mut beginnings = Vec::new();
            let mut filings = Vec::new();
            let mut weight = 0;
            let mut waiting = Some(job);
            while let Some(job) = waiting {
                match job {
                    Job::Errand(waiting) => errands.push(waiting),
                    Job::Anew(asked) => beginnings.push(*asked),
                    Job::File(asked) => filings.push(*asked),
                    Job::Change(asked) => {
                        weight += asked.question.weight();
                        group.push(asked);
                    }
                }
                let requests = group.len() + errands.len() + filings.len();
                let room = requests < MAX_REQUESTS && weight < MAX_WEIGHT;
                waiting = room.then(|| self.jobs.try_recv().ok()).flatten();
            }
            metrics::gauge!(QUEUE_DEPTH).set(self.jobs.len() as f64);
            if !errands.is_empty() {
                self.run_errands(errands).await;
            }
            if !group.is_empty() {
                self.commit(group).await;
            }
            for asked in beginnings {
                self.begin_anew(asked).await;
            }
            for asked in filings {
                self.file(asked).await;
            }
        }
        self.finish().await;
    }

    /// The next job; meanwhile looks for what others wrote.
    async fn next(&mut self, poll: &mut Interval) -> Option<Job> {
        loop {
            tokio::select! {
                biased;
                () = self.closing.cancelled(), if !self.jobs.is_closed() => self.jobs.close(),
                job = self.jobs.recv() => return job,
                _ = poll.tick() => self.look_around().await,
            }
        }
    }

    async fn run_errands(&mut self, errands: Vec<Box<dyn Waiting>>) {
        let requests = errands.len();
        if errands.iter().any(|errand| errand.changes_endpoints()) {
            self.memory.watched = None;
        }
        if let Err(error) = errand::run_all(&mut self.connection, errands).await {
            metrics::counter!(FAILED_GROUPS).increment(1);
            tracing::error!(error = ?error, requests, "a group of errands failed");
            self.recover().await;
        }
    }

    async fn commit(&mut self, group: Vec<Asked<Change, Answer>>) {
        let (changes, replies): (Vec<_>, Vec<_>) = group.into_iter().map(Asked::split).unzip();
        let began = Instant::now();
        let observer = &self.observer;
        let others_wrote = || observer.all_may_have_changed();
        let done = group::commit(&mut self.connection, &mut self.memory, changes, others_wrote).await;
        match done {
            Ok(Committed { answers, changed, events, is_news }) => {
                metrics::histogram!(COMMIT_SECONDS).record(began.elapsed().as_secs_f64());
                metrics::histogram!(GROUP_REQUESTS).record(replies.len() as f64);
                metrics::histogram!(GROUP_EVENTS).record(events as f64);
                if !changed.is_empty() {
                    self.observer.changed(&changed);
                }
                // Who went away does not want the answer; the same holds below.
                for (reply, answer) in replies.into_iter().zip(answers) {
                    let _ = reply.send(answer);
                }
                if is_news {
                    self.news.notify_one();
                }
            }
            Err(error) => {
                metrics::counter!(FAILED_GROUPS).increment(1);
                tracing::error!(error = ?error, requests = replies.len(), "a group of writes failed");
                for reply in replies {
                    let _ = reply.send(Err(error.again()));
                }
                self.recover().await;
            }
        }
    }

    async fn begin_anew(&mut self, asked: Asked<Anew, Creation>) {
        let (anew, reply) = asked.split();
        let observer = Arc::clone(&self.observer);
        let others_wrote = || observer.all_may_have_changed();
        let begun = anew::begin(&mut self.connection, &mut self.memory, anew, others_wrote).await;
        match &begun {
            Ok(Creation::Created(shipment)) => {
                self.observer.changed(std::slice::from_ref(shipment));
                self.news.notify_one();
            }
            Ok(_) => {}
            Err(error) => {
                tracing::error!(error = ?error, "a shipment could not be begun anew");
                self.recover().await;
            }
        }
        let _ = reply.send(begun);
    }

    async fn file(&mut self, asked: Asked<File, Filed>) {
        let (file, reply) = asked.split();
        let observer = Arc::clone(&self.observer);
        let others_wrote = || observer.all_may_have_changed();
        let filed = match file::file(&mut self.connection, &mut self.memory, file, others_wrote).await {
            Ok(Ended { filed, changed, is_news }) => {
                if !changed.is_empty() {
                    self.observer.changed(&changed);
                }
                if is_news {
                    self.news.notify_one();
                }
                Ok(filed)
            }
            Err(error) => {
                tracing::error!(error = ?error, "an order could not be filed");
                self.recover().await;
                Err(error)
            }
        };
        let _ = reply.send(filed);
    }

    /// Nothing of a failed group may be believed. A connection that can begin no transaction is replaced: it
    /// broke, or the engine ended a transaction (a full disk) that sqlx still counts as open.
    async fn recover(&mut self) {
        self.memory.cache.clear();
        if begins(&mut self.connection).await.is_ok() {
            return;
        }
        let fresh = async {
            let mut connection = self.options.connect().await?;
            let memory = Memory::new(&mut connection).await?;
            Ok::<_, StoreError>((connection, memory))
        };
        match fresh.await {
            Ok((connection, memory)) => {
                self.connection = connection;
                self.memory = memory;
                self.observer.all_may_have_changed();
            }
            Err(error) => tracing::error!(error = ?error, "the database cannot be opened again"),
        }
    }

    async fn look_around(&mut self) {
        match group::data_version(&mut self.connection).await {
            Ok(version) if self.memory.notice(version) => {
                self.observer.all_may_have_changed();
                self.news.notify_one();
            }
            Ok(_) => {}
            Err(error) => {
                tracing::error!(error = ?error, "the database does not answer");
                self.recover().await;
            }
        }
    }

    /// Copies the log into the file, so that the file alone is the whole database, and closes it.
    async fn finish(mut self) {
        self.readers.close().await;
        let checkpoint = sqlx::query("PRAGMA wal_checkpoint(TRUNCATE)").execute(&mut self.connection);
        if let Err(error) = checkpoint.await {
            tracing::warn!(error = %error, "the log was left beside the database");
        }
        if let Err(error) = self.connection.close().await {
            tracing::warn!(error = %error, "the database was not closed in order");
        }
    }
}

async fn begins(connection: &mut SqliteConnection) -> Result<(), sqlx::Error> {
    connection.begin_with("BEGIN DEFERRED").await?.rollback().await
}

const QUEUE_DEPTH: &str = "doorstep_store_queue_depth";
const GROUP_REQUESTS: &str = "doorstep_store_group_requests";
const GROUP_EVENTS: &str = "doorstep_store_group_events";
const COMMIT_SECONDS: &str = "doorstep_store_commit_seconds";
const FAILED_GROUPS: &str = "doorstep_store_failed_groups_total";

/// Says what the metrics of the store mean.
pub(super) fn describe_metrics() {
    metrics::describe_gauge!(QUEUE_DEPTH, "Write requests that wait for the next group");
    metrics::describe_histogram!(GROUP_REQUESTS, "Write requests committed together");
    metrics::describe_histogram!(GROUP_EVENTS, "New events committed together");
    metrics::describe_histogram!(
        COMMIT_SECONDS,
        metrics::Unit::Seconds,
        "From the begin of a group's transaction until it is durable"
    );
    metrics::describe_counter!(FAILED_GROUPS, "Groups of write requests that the engine refused");
}
