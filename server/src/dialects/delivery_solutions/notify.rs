//! Where else one order's news goes: `notifications.url` is an endpoint about its shipment alone. It shows who we
//! are as the tenant's own endpoint of this shape does, since a receiver knows one secret; where the tenant has
//! none, not at all, as in the original. A signature may go anywhere, because it gives nothing away; what opens a
//! door (a token, a header's value) goes only where the tenant sends it itself.

use doorstep_model::id::TrackingId;

use super::failure::{Failure, Kind};
use super::news::SHAPE;
use super::wire::parts::ShipmentBody;
use super::wire::read::Fault;
use crate::dialects::DialectState;
use crate::identity::TenantId;
use crate::outbound::Target;
use crate::store::StoreError;
use crate::webhooks::{Auth, EndpointId, EndpointPlan, MOST_SCOPED, Topics};

/// Where it is, checked: one that may not be called is refused now and not at the first news.
///
/// # Errors
/// A [`Fault`] for what is no target, or none that may be called.
pub(crate) fn target(state: &DialectState, told: &ShipmentBody) -> Result<Option<Target>, Fault> {
    let url = told.notifications.as_ref().and_then(|given| given.url.as_ref()).and_then(|url| url.said());
    let Some(url) = url else { return Ok(None) };
    let wrong = |why: String| Fault::value("notifications.url", why);
    let target: Target =
        url.parse().map_err(|error: crate::outbound::TargetError| wrong(error.to_string()))?;
    state.app.outbound.permits(&target).map_err(|refused| wrong(refused.to_string()))?;
    Ok(Some(target))
}

/// How we show who we are there: as the tenant's own endpoint there does, or else as one that signs.
async fn auth(state: &DialectState, tenant: TenantId, target: &Target) -> Result<Auth, StoreError> {
    let own = state.app.store.endpoints(tenant, None).await?.into_iter().map(|endpoint| endpoint.plan);
    let own: Vec<_> = own.filter(|plan| plan.scope.is_none() && plan.shape == SHAPE).collect();
    let is_there = |plan: &&EndpointPlan| plan.target.origin() == target.origin();
    let signs = |plan: &&EndpointPlan| matches!(plan.auth, Auth::Hmac { .. } | Auth::Signature { .. });
    let like = own.iter().find(is_there).or_else(|| own.iter().find(signs));
    Ok(like.map_or(Auth::None, |plan| plan.auth.clone()))
}

/// Has the news of a shipment told there, from its creation on: it is asked before the shipment is known.
///
/// # Errors
/// When the store does not answer.
pub(crate) async fn subscribe(
    state: &DialectState,
    tenant: TenantId,
    id: &TrackingId,
    target: Target,
) -> Result<EndpointId, Failure> {
    let plan = EndpointPlan {
        scope: Some(id.clone()),
        auth: auth(state, tenant, &target).await?,
        target,
        shape: SHAPE.to_owned(),
        topics: Topics::ALL,
        includes_code: false,
        note: "notifications of its order".to_owned(),
    };
    let added = state.app.store.add_endpoint(tenant, plan, state.app.clock.now(), MOST_SCOPED).await?;
    let full = || Failure::new(Kind::Validation, "The order has too many addresses for its news");
    Ok(added.ok_or_else(full)?.id)
}

/// Has its news told there from now on, or nowhere, whatever it was before.
///
/// # Errors
/// When the store does not answer.
pub(crate) async fn move_to(
    state: &DialectState,
    tenant: TenantId,
    id: &TrackingId,
    target: Option<Target>,
) -> Result<(), Failure> {
    let mut wanted = match target {
        Some(target) => Some((auth(state, tenant, &target).await?, target)),
        None => None,
    };
    for endpoint in state.app.store.endpoints(tenant, Some(id)).await? {
        let plan = endpoint.plan;
        if plan.scope.as_ref() != Some(id) || plan.shape != SHAPE {
            continue;
        }
        let stays = wanted.take_if(|(auth, target)| *auth == plan.auth && *target == plan.target);
        if stays.is_none() {
            state.app.store.remove_endpoint(tenant, endpoint.id).await?;
        }
    }
    if let Some((_, target)) = wanted {
        subscribe(state, tenant, id, target).await?;
    }
    Ok(())
}

/// Takes it back for an order that came to nothing.
pub(crate) async fn take_back(state: &DialectState, tenant: TenantId, endpoint: Option<EndpointId>) {
    let Some(endpoint) = endpoint else { return };
    if let Err(error) = state.app.store.remove_endpoint(tenant, endpoint).await {
        let error: StoreError = error;
        tracing::warn!(error = format!("{:#}", anyhow::Error::new(error)), "an endpoint of no order is left");
    }
}
