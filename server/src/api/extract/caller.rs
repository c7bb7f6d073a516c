//! Who calls with which key, and whether its role allows the call. The roles that a call takes stand in
//! its handler's signature. No key, a malformed one and one that nobody holds are one and the same answer.

use std::marker::PhantomData;
use std::sync::Arc;

use axum::extract::{FromRef, FromRequestParts};
use http::header;
use http::request::Parts;

use super::Peer;
use crate::api::ApiState;
use crate::api::keys::KnownClient;
use crate::identity::Role;
use crate::limits::Limits;
use crate::problem::{Problem, ProblemKind};

/// Which roles a call takes.
pub(in crate::api) trait Allows: Send + Sync {
    /// The roles.
    const ROLES: &'static [Role];
}

macro_rules! allows {
    ($( $(#[$doc:meta])* $name:ident: $($role:ident),+; )+) => { $(
        $(#[$doc])*
        pub(in crate::api) struct $name;

        impl Allows for $name {
            const ROLES: &'static [Role] = &[$(Role::$role),+];
        }
    )+ };
}

allows! {
    /// Whoever makes shipments known.
    Managers: Manager;
    /// Whoever reads all that the tenant has.
    Readers: Manager, Reader;
    /// Whoever reports events.
    Reporters: Manager, Carrier;
    /// Every role; the answer differs by role.
    Anyone: Manager, Reader, Carrier;
}

/// An API client whose role is among those that `A` allows.
pub(in crate::api) struct Caller<A> {
    known: Arc<KnownClient>,
    allowed: PhantomData<fn() -> A>,
}

impl<A> std::ops::Deref for Caller<A> {
    type Target = KnownClient;

    fn deref(&self) -> &KnownClient {
        &self.known
    }
}

impl<A: Allows> FromRequestParts<ApiState> for Caller<A> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &ApiState) -> Result<Self, Problem> {
        let limits = Arc::<Limits>::from_ref(state);
        let Some(known) = holder(parts, state).await? else {
            let peer = Peer::from_request_parts(parts, state).await?;
            limits.refused_key(peer.address)?;
            return Err(Problem::new(ProblemKind::Unauthorized));
        };
        limits.client_call(known.client.id)?;
        if !A::ROLES.contains(&known.client.role) {
            let needed: Vec<&str> = A::ROLES.iter().map(|role| role.as_str()).collect();
            let detail = format!("it takes the role {}", needed.join(" or "));
            return Err(Problem::new(ProblemKind::Forbidden).detail(detail));
        }
        Ok(Self { known, allowed: PhantomData })
    }
}

async fn holder(parts: &Parts, state: &ApiState) -> Result<Option<Arc<KnownClient>>, Problem> {
    let mut given = parts.headers.get_all(header::AUTHORIZATION).iter();
    let (Some(value), None) = (given.next(), given.next()) else { return Ok(None) };
    let Some((scheme, key)) = value.to_str().ok().and_then(|value| value.split_once(' ')) else {
        return Ok(None);
    };
    if !scheme.eq_ignore_ascii_case("bearer") {
        return Ok(None);
    }
    Ok(state.keys.holder(key.trim(), &*state.app.store).await?)
}
