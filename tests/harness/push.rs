//! A push service without a browser behind it: takes messages as RFC 8030 has them, remembers them, and answers
//! as it is told to. Knows nothing of what is told.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};

use anyhow::{Context as _, Result};

use crate::receiver::{Plan, Received, Receiver};

/// Takes messages until it is dropped.
pub struct PushService {
    receiver: Receiver,
    answers: Arc<Mutex<VecDeque<Plan>>>,
}

impl PushService {
    /// Opens one on a free port.
    ///
    /// # Errors
    /// When there is no port to listen on.
    pub async fn open() -> Result<Self> {
        let answers: Arc<Mutex<VecDeque<Plan>>> = Arc::default();
        let said = Arc::clone(&answers);
        let answer = move |_, _: &Received| {
            said.lock().unwrap_or_else(PoisonError::into_inner).pop_front().unwrap_or(Plan::of(201))
        };
        Ok(Self { receiver: Receiver::open(answer).await?, answers })
    }

    /// Where a device of that name is told.
    pub fn endpoint(&self, device: &str) -> String {
        self.receiver.url(&format!("/send/{device}"))
    }

    /// Its origin, which a token is for.
    pub fn origin(&self) -> String {
        self.receiver.url("")
    }

    /// Answers the next message so; 201 once nothing is said.
    pub fn answers(&self, plan: Plan) {
        self.answers.lock().unwrap_or_else(PoisonError::into_inner).push_back(plan);
    }

    /// What came so far.
    pub fn messages(&self) -> Vec<Received> {
        self.receiver.seen()
    }
}

/// The token and the key of a message's VAPID authorization.
///
/// # Errors
/// When it has none.
pub fn vapid(message: &Received) -> Result<(&str, &str)> {
    let token = message.header("authorization").strip_prefix("vapid t=");
    token.and_then(|rest| rest.split_once(", k=")).context("it is no VAPID")
}
