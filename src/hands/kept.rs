//! Edits that wait, in the browser's storage, so that loading the page again does not lose them. In somebody
//! else's page nothing is kept: there they wait as long as it stands.

use doorstep_model::id::TrackingId;
use leptos::prelude::window;
use web_sys::Storage;

use super::Which;
use super::choice::quoted;
use super::edit::Edit;
use crate::wire;

/// Keeps what is due of `which`, or forgets what was.
pub(super) fn keep(id: &TrackingId, which: Which, due: Option<&Edit>) {
    let Some(storage) = storage() else { return };
    let key = key(id, which);
    // Storage may be full or forbidden; then the edit waits in memory only.
    let _ = match due {
        Some(edit) => storage.set_item(&key, &json(edit)),
        None => storage.remove_item(&key),
    };
}

/// What waits of `which` from an earlier page.
pub(super) fn kept(id: &TrackingId, which: Which) -> Option<Edit> {
    wire::read(&storage()?.get_item(&key(id, which)).ok().flatten()?).ok()
}

/// Where a page of ours keeps; a browser may forbid it.
fn storage() -> Option<Storage> {
    if cfg!(feature = "page") { window().local_storage().ok().flatten() } else { None }
}

fn key(id: &TrackingId, which: Which) -> String {
    ["doorstep/", &id.as_str().to_ascii_uppercase(), which.path()].concat()
}

fn json(edit: &Edit) -> String {
    let (choice, before) = (edit.choice.json(), edit.before.json());
    let (id, prior) = (quoted(&edit.id), quoted(&edit.prior));
    let base = edit.base.to_string();
    [
        "{\"choice\":",
        &choice,
        ",\"before\":",
        &before,
        ",\"base\":",
        &base,
        ",\"id\":",
        &id,
        ",\"prior\":",
        &prior,
        "}",
    ]
    .concat()
}
