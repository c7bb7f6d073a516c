//! Third-party fleets: they are told of a job's task (*Creation*, *Update*) through the outbox, and report how it goes in
//! the order of the protocol ([`crate::dialects::fleet`]).

mod status;
mod told;

use doorstep_model::id::TrackingId;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::fault::{Code, Fault};
use super::jobs::Job;
use super::setup::{FLEETS, Fleet, kept_one};
use crate::dialects::DialectState;
use crate::identity::TenantId;
use crate::webhooks::{Auth, Endpoint, EndpointId, EndpointPlan, MOST_SCOPED, Topics};

pub(super) use told::{Part, ToFleets};

/// The header by which a fleet knows us.
const KEY: &str = "x-api-key";

/// The routes.
pub(super) fn router() -> OpenApiRouter<DialectState> {
    OpenApiRouter::new().routes(routes!(status::report))
}

/// Has the fleet of a job told what happens to it, from its creation on; names the endpoints that were made, so that they
/// can be taken back where the creation fails. Without a fleet there are none.
pub(super) async fn announce(
    state: &DialectState,
    tenant: TenantId,
    job: &Job,
) -> Result<Vec<EndpointId>, Fault> {
    let Some(task) = &job.fleet else { return Ok(Vec::new()) };
    let fleet: Option<Fleet> = kept_one(state, tenant, FLEETS, &task.fleet_id).await?;
    let Some(Fleet { url, update_url, token, .. }) = fleet else { return Ok(Vec::new()) };
    let id = TrackingId::parse(&job.id).map_err(|_| Fault::from(Code::Internal))?;
    let parts = match update_url.filter(|other| *other != url) {
        None => vec![(url, Part::Both)],
        Some(other) => vec![(url, Part::Creations), (other, Part::Updates)],
    };
    let mut made = Vec::new();
    for (url, part) in parts {
        let plan = EndpointPlan {
            scope: Some(id.clone()),
            target: url.parse().map_err(|_| Fault::from(Code::Internal))?,
            shape: part.shape().to_owned(),
            auth: match &token {
                Some(token) => Auth::Header { name: KEY.to_owned(), value: token.clone() },
                None => Auth::None,
            },
            topics: Topics::ALL,
            includes_code: false,
            note: format!("the fleet {}", task.fleet_id),
        };
        made.extend(add_once(state, tenant, &id, plan).await?);
    }
    Ok(made)
}

/// Makes an endpoint, unless the shipment has it: a creation that was cut off, or one that runs beside this one, made it.
async fn add_once(
    state: &DialectState,
    tenant: TenantId,
    id: &TrackingId,
    plan: EndpointPlan,
) -> Result<Option<EndpointId>, Fault> {
    let store = &state.app.store;
    let (target, shape) = (plan.target.clone(), plan.shape.clone());
    let oldest = async || -> Result<Option<EndpointId>, Fault> {
        let listed = store.endpoints(tenant, Some(id)).await?;
        let same = |known: &&Endpoint| known.plan.target == target && known.plan.shape == shape;
        Ok(listed.iter().find(same).map(|known| known.id))
    };
    if oldest().await?.is_some() {
        return Ok(None);
    }
    let made = store.add_endpoint(tenant, plan, state.app.clock.now(), MOST_SCOPED).await?;
    match (made.map(|made| made.id), oldest().await?) {
        // Of those who found none, the oldest one's stays.
        (Some(made), Some(oldest)) if made != oldest => {
            store.remove_endpoint(tenant, made).await?;
            Ok(None)
        }
        (Some(made), _) => Ok(Some(made)),
        (None, Some(_)) => Ok(None),
        // So many others announce the same job just now.
        (None, None) => Err(Code::Unavailable.into()),
    }
}

/// Takes back what was announced for a job that came to nothing.
pub(super) async fn withdraw(state: &DialectState, tenant: TenantId, announced: Vec<EndpointId>) {
    for id in announced {
        if let Err(error) = state.app.store.remove_endpoint(tenant, id).await {
            // It hears of nothing: there is no such shipment.
            tracing::warn!(%error, "an endpoint could not be taken back");
        }
    }
}
