//! Looks which devices are behind and tells them, one message a device at a time, so that none overtakes
//! another, and so many of one push service, so that a slow one holds nobody else back. Woken by the hub's news, when
//! those have been told for whom others had to wait, and every few seconds; what happened while no server ran is found
//! at its start. A server that is killed between a message and its note tells the device once more, which shows what
//! it shows already.

use std::collections::{BTreeSet, HashMap};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use bytes::Bytes;
use doorstep_model::id::TrackingId;
use doorstep_model::time::Timestamp;
use http::{HeaderMap, HeaderValue, Method};
use tokio::sync::Notify;
use tokio::time::{Instant, MissedTickBehavior};

use super::answer::{self, Answer, MOST_TRIES};
use super::{Endpoint, News, Vapid};
use crate::bus::{Heard, Message};
use crate::outbound::{Call, Patience};
use crate::state::AppState;
use crate::store::StoreError;
use crate::store::pushes::{Became, Claim, Push};

/// How often those are looked for who wait, or whose news nobody heard.
const EVERY: Duration = Duration::from_secs(5);

/// For how long news are gathered before anybody is told: a burst of events is one message.
const GATHERS: Duration = Duration::from_millis(200);

/// With more shipments than this at once, all are looked through.
const MOST_NAMED: usize = 500;

/// How many devices are told at once, and how many of one push service.
const AT_ONCE: u32 = 64;
const PER_SERVICE: u32 = 32;

/// How long no other look is taken after devices had to wait, so that there is room for several.
const BREATH: Duration = Duration::from_millis(50);

/// How often those are forgotten that asked long ago, and what that is: 90 days, however long a journey takes.
const TIDY: Duration = Duration::from_secs(3_600);
const KEPT_MS: i64 = 90 * 86_400_000;

/// How long a push service may take.
const PATIENCE: Patience = Patience { within: Duration::from_secs(10), body: 0 };

/// For how long a device is nobody else's; it is told within it.
const CLAIMED_MS: i64 = 60_000;

/// For how long a push service keeps a message for a device that is away: after a day it is no news.
const KEPT: HeaderValue = HeaderValue::from_static("86400");

/// Of messages that wait for one device the last takes the place of the others (RFC 8030, 5.4): all say the
/// same, that something has changed.
const TOPIC: HeaderValue = HeaderValue::from_static("changed");

/// What telling takes.
struct Teller {
    state: AppState,
    vapid: Vapid,
    /// How many devices of each push service are being told.
    being_told: Mutex<HashMap<String, u32>>,
    /// Told when one was.
    ended: Notify,
}

/// Tells whoever is to be told, until the server stops.
pub async fn run(state: AppState) {
    let vapid = match Vapid::of(&state.vault, &state.public_url) {
        Ok(vapid) => vapid,
        Err(error) => {
            tracing::error!(error = format!("{error:#}"), "nobody is told by push");
            return;
        }
    };
    let (mut heard, stopping) = (state.hub.hear(), state.stopping.clone());
    let teller = Arc::new(Teller { state, vapid, being_told: Mutex::default(), ended: Notify::new() });
    let mut ticks = tokio::time::interval(EVERY);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut tidy_at = Instant::now();
    let mut some_wait = false;
    loop {
        let of = tokio::select! {
            () = stopping.cancelled() => return,
            _ = ticks.tick() => None,
            () = teller.ended.notified(), if some_wait => {
                tokio::time::sleep(BREATH).await;
                None
            }
            message = heard.next() => match message {
                Some(message) => gather(message, &mut heard).await,
                None => return,
            },
        };
        // While there is more of it, with every look.
        if Instant::now() >= tidy_at && !teller.tidy().await {
            tidy_at = Instant::now() + TIDY;
        }
        match teller.tell_all(of).await {
            Ok(wait) => some_wait = wait,
            Err(error) => tracing::warn!(%error, "devices could not be told; they are looked for again"),
        }
    }
}

/// Which shipments changed within a moment; `None` where any may have.
async fn gather(first: Message, heard: &mut Heard) -> Option<Vec<TrackingId>> {
    let until = Instant::now() + GATHERS;
    let mut named = BTreeSet::new();
    let mut message = Some(first);
    loop {
        match message {
            Some(Message::Changed(changes)) => {
                named.extend(changes.iter().map(|change| change.tracking_id.clone()));
            }
            Some(Message::Missed) => return None,
            None => break,
        }
        if named.len() > MOST_NAMED {
            return None;
        }
        match tokio::time::timeout_at(until, heard.next()).await {
            Ok(next) => message = next,
            Err(_) => break,
        }
    }
    Some(named.into_iter().collect())
}

impl Teller {
    /// Has all told that are behind and for whom there is room; says whether others may wait for room.
    async fn tell_all(self: &Arc<Self>, of: Option<Vec<TrackingId>>) -> Result<bool, StoreError> {
        loop {
            let being_told = self.being_told().clone();
            let most = AT_ONCE.saturating_sub(being_told.values().sum());
            let is_full = most == 0 || being_told.values().any(|count| *count >= PER_SERVICE);
            if most == 0 || self.state.stopping.is_cancelled() {
                return Ok(is_full);
            }
            let now = self.state.clock.now();
            let until = Timestamp::from_millis(now.millis() + CLAIMED_MS);
            let claim = Claim { of: of.clone(), now, until, most, per_service: PER_SERVICE, being_told };
            let behind = self.state.store.claim_pushes(claim).await?;
            if behind.is_empty() {
                return Ok(is_full);
            }
            for push in behind {
                let service = Endpoint::kept(&push.endpoint).map(|kept| kept.target().authority().to_owned());
                let service = service.unwrap_or_default();
                *self.being_told().entry(service.clone()).or_default() += 1;
                tokio::spawn(Arc::clone(self).tell(push, service));
            }
        }
    }

    /// Tells a device, and gives its service's room back.
    async fn tell(self: Arc<Self>, push: Push, service: String) {
        if let Err(error) = tell(&self.state, &self.vapid, &push).await {
            tracing::warn!(%error, ?push, "a device could not be told; it is looked for again");
        }
        let mut being_told = self.being_told();
        if let Some(count) = being_told.get_mut(&service) {
            *count = count.saturating_sub(1);
        }
        being_told.retain(|_, count| *count > 0);
        drop(being_told);
        self.ended.notify_one();
    }

    /// Forgets some who asked long ago; says whether there may be more.
    async fn tidy(&self) -> bool {
        let before = Timestamp::from_millis(self.state.clock.now().millis() - KEPT_MS);
        match self.state.store.tidy_pushes(before).await {
            Ok(forgotten) => forgotten > 0,
            Err(error) => {
                tracing::error!(%error, "devices could not be forgotten");
                false
            }
        }
    }

    fn being_told(&self) -> MutexGuard<'_, HashMap<String, u32>> {
        self.being_told.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

async fn tell(state: &AppState, vapid: &Vapid, push: &Push) -> Result<(), StoreError> {
    let became = match state.store.shipment(&push.tracking_id).await? {
        Some(shipment) => became(state, vapid, push, &News::of(&shipment)).await,
        None => Became::Over,
    };
    state.store.settle_push(push.id, became).await
}

async fn became(state: &AppState, vapid: &Vapid, push: &Push, news: &News) -> Became {
    let (sequence, told) = (news.sequence, news.told());
    if told == push.told {
        return if news.is_last() { Became::Over } else { Became::Nothing { sequence } };
    }
    let Some(endpoint) = Endpoint::kept(&push.endpoint) else { return Became::Over };
    let answer = send(state, vapid, &endpoint, news, push.tries).await;
    let word = match answer {
        Answer::Taken => "taken",
        Answer::Gone => "gone",
        Answer::Later(_) => "later",
    };
    metrics::counter!("doorstep_pushes_total", "answer" => word).increment(1);
    match answer {
        Answer::Gone => Became::Over,
        Answer::Taken if news.is_last() => Became::Over,
        Answer::Taken => Became::Told { sequence, told },
        // Old news are none; what comes next is told again.
        Answer::Later(_) if push.tries + 1 >= MOST_TRIES && news.is_last() => Became::Over,
        Answer::Later(_) if push.tries + 1 >= MOST_TRIES => Became::Nothing { sequence },
        Answer::Later(wait) => {
            let wait = i64::try_from(wait.as_millis()).unwrap_or(i64::MAX);
            Became::Later { at: Timestamp::from_millis(state.clock.now().millis().saturating_add(wait)) }
        }
    }
}

async fn send(state: &AppState, vapid: &Vapid, endpoint: &Endpoint, news: &News, tries: u32) -> Answer {
    let now = state.clock.now();
    let authorization = match vapid.authorization(endpoint.target(), now) {
        Ok(authorization) => authorization,
        Err(error) => {
            tracing::error!(error = format!("{error:#}"), "a message could not be signed");
            return Answer::Later(answer::wait(tries));
        }
    };
    let urgency = HeaderValue::from_static(if news.is_urgent() { "high" } else { "normal" });
    let mut headers = HeaderMap::new();
    headers.insert(http::header::AUTHORIZATION, authorization);
    headers.insert("ttl", KEPT);
    headers.insert("topic", TOPIC);
    headers.insert("urgency", urgency);
    let call = Call { method: Method::POST, target: endpoint.target().clone(), headers, body: Bytes::new() };
    match state.push.send(call, PATIENCE).await {
        Ok(reply) => {
            let seconds = u64::try_from(now.millis() / 1_000).unwrap_or_default();
            answer::read(reply.status, reply.retry_after(seconds), tries)
        }
        Err(error) => {
            tracing::debug!(%error, ?endpoint, "a push service did not answer");
            Answer::Later(answer::wait(tries))
        }
    }
}
