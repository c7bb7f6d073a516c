//! Work that is due at a time: another try, the next step of a journey, the end of a term. It is kept, so that a
//! restart forgets none, and claimed by one worker at a time. What stands in a work's document is its dialect's
//! business alone.
//!
//! # How nothing is done twice
//!
//! A claim is a term, not a lock: a worker that is killed leaves its work to the next one once the term is over, and one
//! that is merely slow may find that another took over. What a work leads to is therefore filed on the version
//! of the order that the worker has read ([`OrderStep::Change`]), together with the change of the work
//! itself ([`Filing::work`]): of two who do the same work one files, the other is told that its version is stale.
//!
//! [`OrderStep::Change`]: super::orders::OrderStep::Change
//! [`Filing::work`]: super::orders::Filing::work

use async_trait::async_trait;
use doorstep_model::time::Timestamp;

use super::StoreError;
use super::orders::DialectName;
use crate::identity::TenantId;

/// What workers need kept.
#[async_trait]
pub trait Works: Send + Sync {
    /// Claims what is due at `now` and claimed by nobody, until `until`: at most `most`, the longest due first.
    async fn claim_work(
        &self,
        dialect: DialectName,
        kind: WorkKind,
        now: Timestamp,
        until: Timestamp,
        most: u32,
    ) -> Result<Vec<Claimed>, StoreError>;

    /// When the next unclaimed work is due, if there is any.
    async fn next_work(
        &self,
        dialect: DialectName,
        kind: WorkKind,
        now: Timestamp,
    ) -> Result<Option<Timestamp>, StoreError>;

    /// Changes work beside any filing: what has no order, or one that is gone.
    async fn change_work(
        &self,
        tenant: TenantId,
        dialect: DialectName,
        changes: Vec<WorkChange>,
    ) -> Result<(), StoreError>;
}

/// Names a kind of work: a word of its dialect's module.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct WorkKind(pub &'static str);

/// What is to become of a work.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum WorkChange {
    /// It is due then, in the place of what had its name; nobody has claimed it.
    Due {
        /// Of which kind.
        kind: WorkKind,
        /// Its name, unique within its tenant, dialect and kind.
        id: String,
        /// When.
        at: Timestamp,
        /// What its dialect needs to know of it.
        document: String,
    },
    /// It is done, or not wanted any more.
    Done {
        /// Of which kind.
        kind: WorkKind,
        /// Its name.
        id: String,
    },
}

/// A work that was claimed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Claimed {
    /// Whose.
    pub tenant: TenantId,
    /// Its name.
    pub id: String,
    /// When it was due.
    pub due_at: Timestamp,
    /// How often it was claimed, this time included; more than once when a worker did not come to an end.
    pub claims: u32,
    /// What its dialect needs to know of it.
    pub document: String,
}
