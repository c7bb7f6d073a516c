//! What an editor is told: the preference as it stands with its version as the tag, or why the edit does
//! not hold.

use axum::Json;
use axum::response::{IntoResponse as _, Response};
use doorstep_model::handoff::{Amended, Refusal};
use doorstep_model::preferences::{Preference, Preferences};
use http::{HeaderValue, header};
use serde::Serialize;

use crate::problem::{Problem, ProblemKind};
use crate::store::AmendedShipment;

/// What became of an edit of the preference that `pick` takes from all.
///
/// # Errors
/// Why it does not hold; where somebody else edited meanwhile, with what stands.
pub(in crate::api) fn answer<T: Serialize>(
    done: Option<&AmendedShipment>,
    pick: impl FnOnce(&Preferences) -> Option<&Preference<T>>,
) -> Result<Response, Problem> {
    let done = done.ok_or_else(|| Problem::new(ProblemKind::NotFound))?;
    let stands = pick(&done.shipment.handoff().preferences);
    let internal = || Problem::new(ProblemKind::Internal);
    match done.amended {
        Amended::Taken | Amended::Unchanged => {
            let stands = stands.ok_or_else(internal)?;
            let tag = HeaderValue::try_from(format!("\"{}\"", stands.version)).map_err(|_| internal())?;
            Ok(([(header::ETAG, tag)], Json(stands)).into_response())
        }
        Amended::Refused(Refusal::Conflict) => {
            let current = serde_json::to_value(stands).map_err(|_| internal())?;
            Err(Problem::new(ProblemKind::EditConflict).current(current))
        }
        Amended::Refused(Refusal::CutOff) => Err(Problem::new(ProblemKind::CutOff)),
        Amended::Refused(Refusal::Excluded) => Err(Problem::new(ProblemKind::CodeExcludesContactless)),
        Amended::Refused(_) => Err(internal()),
    }
}
