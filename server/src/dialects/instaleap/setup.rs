//! What a tenant sets up before its first job: stores, third-party fleets, webhooks, and sources whose webhooks it
//! points here. These calls are ours; Instaleap has such things set up by its people.

mod fleets;
pub(super) mod shop;
mod sources;
mod stores;
mod webhooks;

use serde::Serialize;
use serde::de::DeserializeOwned;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::DIALECT;
use super::fault::{Code, Fault};
use crate::dialects::DialectState;
use crate::identity::TenantId;
use crate::store::orders::{Entry, EntryKind};

pub(super) use fleets::Fleet;
pub(super) use sources::{Source, opens};

/// Stores.
pub(super) const STORES: EntryKind = EntryKind("store");
/// Third-party fleets.
pub(super) const FLEETS: EntryKind = EntryKind("fleet");
/// Systems whose webhooks come in.
pub(super) const SOURCES: EntryKind = EntryKind("source");

/// The routes.
pub(super) fn router() -> OpenApiRouter<DialectState> {
    OpenApiRouter::new()
        .routes(routes!(stores::list))
        .routes(routes!(stores::put, stores::show, stores::delete))
        .routes(routes!(fleets::list))
        .routes(routes!(fleets::put, fleets::delete))
        .routes(routes!(webhooks::add, webhooks::list))
        .routes(routes!(webhooks::delete))
        .routes(routes!(sources::list))
        .routes(routes!(sources::put, sources::delete))
}

/// All of a kind, by id.
pub(super) async fn kept<T: DeserializeOwned>(
    state: &DialectState,
    tenant: TenantId,
    kind: EntryKind,
) -> Result<Vec<(String, T)>, Fault> {
    let entries = state.app.store.entries(tenant, DIALECT, kind).await?;
    entries.into_iter().map(|entry| read(&entry).map(|of| (entry.id, of))).collect()
}

/// One of a kind.
pub(super) async fn kept_one<T: DeserializeOwned>(
    state: &DialectState,
    tenant: TenantId,
    kind: EntryKind,
    id: &str,
) -> Result<Option<T>, Fault> {
    let entry = state.app.store.entry(tenant, DIALECT, kind, id).await?;
    entry.map(|entry| read(&entry)).transpose()
}

async fn keep<T: Serialize>(
    state: &DialectState,
    tenant: TenantId,
    kind: EntryKind,
    (id, of): (&str, &T),
) -> Result<(), Fault> {
    let document = serde_json::to_string(of).map_err(|_| Fault::from(Code::Internal))?;
    let entry = Entry { id: id.to_owned(), document };
    if state.app.store.put_entry(tenant, DIALECT, kind, entry).await? {
        Ok(())
    } else {
        Err(Code::TooMany.into())
    }
}

async fn forget(
    state: &DialectState,
    tenant: TenantId,
    kind: EntryKind,
    id: &str,
) -> Result<http::StatusCode, Fault> {
    let was_there = state.app.store.delete_entry(tenant, DIALECT, kind, id).await?;
    if was_there { Ok(http::StatusCode::NO_CONTENT) } else { Err(Code::NotFound.into()) }
}

fn read<T: DeserializeOwned>(entry: &Entry) -> Result<T, Fault> {
    serde_json::from_str(&entry.document).map_err(|error| {
        tracing::error!(%error, "what was set up does not read back");
        Code::Internal.into()
    })
}

/// An id of the caller's choice: 1 to 64 of `A-Z a-z 0-9 . _ -`.
fn check_id(id: &str) -> Result<(), Fault> {
    let plain = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'_' | b'-');
    let fits = (1..=64).contains(&id.len()) && id.bytes().all(plain) && !id.starts_with('.');
    let message = "an id has 1 to 64 letters, digits, '.', '_' and '-', and does not start with '.'";
    if fits { Ok(()) } else { Err(Fault::new(Code::Malformed).because(message)) }
}
