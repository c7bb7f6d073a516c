//! Tells news: claims what is due, has it tried beside each other, and notes how each try ended. Several may run
//! on one database; what one leaves behind, killed or merely late, another takes up when the claim is over.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{Duration, Instant};

use doorstep_model::time::Timestamp;
use rand::Rng as _;
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use super::attempt::{Means, Tried};
use super::oauth::Tokens;
use super::pace::Pace;
use super::verdict::{Verdict, judge};
use super::{EndpointId, EndpointPlan};
use crate::clock::Clock;
use crate::outbound::Reply;
use crate::state::AppState;
use crate::store::StoreError;
use crate::store::outbox::{Attempt, Claim, Claimed, DeliveryState, Effect, Next, Settled, Taken};
use crate::vault::{Purpose, Vault};

/// How long a claim holds: longer than the longest try, which waits 8 seconds for a token and 15 for an answer.
const CLAIM: Duration = Duration::from_secs(30);

/// How often it is looked whether something is due, when nobody says so.
const LOOK: Duration = Duration::from_secs(1);

/// How long tries have to end when the server stops; those that do not are made again.
const GRACE: Duration = Duration::from_secs(5);

/// How often what is long done is forgotten, how soon again while there is more of it, and how long it is kept: 30
/// days.
const TIDY: Duration = Duration::from_secs(600);
const TIDY_MORE: Duration = Duration::from_secs(1);
const KEPT_MS: i64 = 30 * 86_400_000;

/// How much of an answer is kept.
const ANSWER_CHARACTERS: usize = 1_000;

/// Tells news.
pub struct Deliverer {
    means: Means,
    clock: Clock,
    pace: Pace,
    /// Behind which endpoint it is looked next, so that each has its turn.
    after: AtomicI64,
    /// Told when a try came to its end.
    ended: Notify,
}

impl Deliverer {
    /// With what a server has.
    pub fn new(state: &AppState) -> Arc<Self> {
        describe_metrics();
        let means = Means {
            store: Arc::clone(&state.store),
            outbound: Arc::clone(&state.outbound),
            vault: Arc::clone(&state.vault),
            shapes: state.shapes.clone(),
            tokens: Tokens::default(),
        };
        Arc::new(Self {
            means,
            clock: state.clock.clone(),
            pace: Pace::default(),
            after: AtomicI64::new(0),
            ended: Notify::new(),
        })
    }

    /// Works until it is told to stop.
    pub async fn run(self: Arc<Self>, stopping: CancellationToken) {
        let tries = TaskTracker::new();
        let mut tidy_at = Instant::now();
        while !stopping.is_cancelled() {
            if Instant::now() >= tidy_at {
                let is_more = self.tidy().await;
                tidy_at = Instant::now() + if is_more { TIDY_MORE } else { TIDY };
            }
            match self.begin_due(&tries).await {
                Ok(0) => {}
                // There may be more.
                Ok(_) => continue,
                Err(error) => tracing::error!(error = ?error, "messages could not be claimed"),
            }
            tokio::select! {
                () = stopping.cancelled() => {}
                () = self.means.store.news_written() => {}
                () = self.ended.notified() => {}
                () = tokio::time::sleep(LOOK) => {}
            }
        }
        tries.close();
        let _ = tokio::time::timeout(GRACE, tries.wait()).await;
    }

    /// Has everything tried that is due by now and by what that brings, and waits for it. For who runs the time
    /// by hand.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn deliver_due(self: &Arc<Self>) -> Result<(), StoreError> {
        loop {
            let tries = TaskTracker::new();
            if self.begin_due(&tries).await? == 0 {
                return Ok(());
            }
            tries.close();
            tries.wait().await;
        }
    }

    /// Claims what is due and sends it on its way; says how many. None only after all endpoints had their turn.
    async fn begin_due(self: &Arc<Self>, tries: &TaskTracker) -> Result<usize, StoreError> {
        let now = self.clock.now();
        let is_due = self.means.store.next_try().await?.is_some_and(|at| at <= now);
        if !is_due || self.pace.room().most == 0 {
            return Ok(0);
        }
        let began = Instant::now();
        let until = Timestamp::from_millis(now.millis() + CLAIM.as_millis() as i64);
        let mut after = self.after.load(Ordering::Relaxed);
        let mut from_the_first = after == 0;
        loop {
            let claimed_by = rand::rng().random();
            let claim = Claim { claimed_by, now, until, after: EndpointId(after), room: self.pace.room() };
            let Taken { claimed, next } = self.means.store.claim(claim).await?;
            after = next.map_or(0, |endpoint| endpoint.0);
            self.after.store(after, Ordering::Relaxed);
            if !claimed.is_empty() {
                let count = claimed.len();
                for claimed in claimed {
                    self.pace.begin(claimed.endpoint.receiver());
                    tries.spawn(Arc::clone(self).deliver(claimed));
                }
                return Ok(count);
            }
            if next.is_none() && std::mem::replace(&mut from_the_first, true) {
                // What is due has no room. However many wait, looking takes no more than half of the time.
                tokio::time::sleep(began.elapsed()).await;
                return Ok(0);
            }
        }
    }

    async fn deliver(self: Arc<Self>, claimed: Claimed) {
        let (at, began) = (self.clock.now(), Instant::now());
        let tried = self.means.attempt(&claimed, at).await;
        let took = began.elapsed();
        let now = self.clock.now();
        let verdict = judge(&tried, claimed.tries + 1, now, rand::rng().random());
        self.pace.end(claimed.endpoint.receiver(), took_it(verdict.endpoint));
        count(&tried, verdict, took);
        if !matches!(tried, Tried::Lost) {
            let attempt = self.noted(&claimed, &tried, at, took);
            let Verdict { next, endpoint } = verdict;
            let Claimed { delivery, claimed_by, .. } = claimed;
            let settled = Settled { delivery, claimed_by, attempt, at: now, next, endpoint };
            if let Err(error) = self.means.store.settle(settled).await {
                // It is tried again when the claim is over.
                tracing::error!(delivery = delivery.0, error = ?error, "a try could not be noted");
            }
        }
        self.ended.notify_one();
    }

    /// The try as it is kept.
    fn noted(&self, claimed: &Claimed, tried: &Tried, at: Timestamp, took: Duration) -> Option<Attempt> {
        let took_ms = u32::try_from(took.as_millis()).unwrap_or(u32::MAX);
        match tried {
            Tried::Taken(reply) | Tried::Answered(reply) => {
                let answer = answer(reply, &claimed.endpoint.plan);
                let answer = answer.and_then(|answer| sealed(&self.means.vault, &claimed.message, &answer));
                Some(Attempt { at, took_ms, status: Some(reply.status.as_u16()), failure: None, answer })
            }
            Tried::Unanswered(why) => {
                Some(Attempt { at, took_ms, status: None, failure: Some(why.clone()), answer: None })
            }
            Tried::Wordless | Tried::Lost => None,
        }
    }

    /// Forgets some of what is long done; says whether there may be more.
    async fn tidy(&self) -> bool {
        let before = Timestamp::from_millis(self.clock.now().millis() - KEPT_MS);
        match self.means.store.tidy_outbox(before).await {
            Ok(forgotten) => forgotten > 0,
            Err(error) => {
                tracing::error!(error = ?error, "old messages could not be forgotten");
                false
            }
        }
    }
}

/// Whether the endpoint took a message; `None` where that was not seen.
fn took_it(effect: Effect) -> Option<bool> {
    match effect {
        Effect::None => None,
        Effect::Reached => Some(true),
        Effect::Failed | Effect::Paused(_) | Effect::Gone => Some(false),
    }
}

/// What is kept of an answer: nothing of one that says what its status says already, and nothing where it may repeat
/// the delivery code that it was told.
fn answer(reply: &Reply, plan: &EndpointPlan) -> Option<String> {
    if reply.status.is_success() || plan.includes_code {
        return None;
    }
    let answer: String = String::from_utf8_lossy(&reply.body).chars().take(ANSWER_CHARACTERS).collect();
    Some(answer).filter(|answer| !answer.is_empty())
}

/// Sealed as the message is: it may repeat a signature, a token or a person's name.
fn sealed(vault: &Vault, message: &str, answer: &str) -> Option<String> {
    let sealed = vault.seal(Purpose::Webhook, message, answer.as_bytes());
    sealed.inspect_err(|error| tracing::error!(error = format!("{error:#}"), "an answer is not kept")).ok()
}

const TRIES: &str = "doorstep_webhook_tries_total";
const TRY_SECONDS: &str = "doorstep_webhook_try_seconds";
const GIVEN_UP: &str = "doorstep_webhook_given_up_total";
const DISABLED: &str = "doorstep_webhook_disabled_total";

fn count(tried: &Tried, verdict: Verdict, took: Duration) {
    let result = match tried {
        Tried::Wordless | Tried::Lost => return,
        Tried::Unanswered(_) => "unanswered",
        Tried::Taken(_) => "delivered",
        Tried::Answered(_) => "refused",
    };
    metrics::counter!(TRIES, "result" => result).increment(1);
    metrics::histogram!(TRY_SECONDS).record(took.as_secs_f64());
    if verdict.next == Next::Done(DeliveryState::GivenUp) {
        metrics::counter!(GIVEN_UP).increment(1);
    }
    if verdict.endpoint == Effect::Gone {
        metrics::counter!(DISABLED).increment(1);
    }
}

fn describe_metrics() {
    metrics::describe_counter!(TRIES, "Tries of webhook messages, by result");
    metrics::describe_histogram!(
        TRY_SECONDS,
        metrics::Unit::Seconds,
        "Time that a try took, from the token or the name's look-up to the end of the answer"
    );
    metrics::describe_counter!(GIVEN_UP, "Webhook messages that were tried as often as they are, in vain");
    metrics::describe_counter!(DISABLED, "Webhook endpoints that answered 410 and are told nothing since");
}
