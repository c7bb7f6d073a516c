//! Who calls (`systems.md` 4.2): `x-api-key` is a client's key, `tenantId` the name of its tenant. No key is 403,
//! one that opens nothing 401, both with the original's message; so is a tenant that is not the key's. The
//! roles that a call takes stand in its handler's signature.

use std::marker::PhantomData;
use std::sync::Arc;

use axum::extract::FromRequestParts;
use doorstep_model::text::Source;
use http::request::Parts;

use super::failure::{Failure, Kind};
use crate::api::KnownClient;
use crate::dialects::auth::AuthError;
use crate::dialects::{DialectState, Presented, presented};
use crate::identity::{Role, TenantId, TenantName};

/// The header with the key.
pub(crate) const KEY: &str = "x-api-key";

/// The header with the tenant's name.
pub(crate) const TENANT: &str = "tenantId";

/// Which roles a call takes.
pub(crate) trait Allows: Send + Sync {
    /// The roles.
    const ROLES: &'static [Role];
}

/// Whoever places, edits, cancels and sets up.
pub(crate) struct Managers;

impl Allows for Managers {
    const ROLES: &'static [Role] = &[Role::Manager];
}

/// Whoever reads all that the tenant has.
pub(crate) struct Readers;

impl Allows for Readers {
    const ROLES: &'static [Role] = &[Role::Manager, Role::Reader];
}

/// A client whose role is among those that `A` allows.
pub(crate) struct Caller<A> {
    /// Whose it is.
    pub(crate) tenant: TenantId,
    /// The tenant's name, as it stands in answers.
    pub(crate) tenant_name: TenantName,
    known: Arc<KnownClient>,
    allowed: PhantomData<fn() -> A>,
}

impl<A> Caller<A> {
    /// Who says what the caller says.
    pub(crate) fn source(&self) -> &Source {
        &self.known.source
    }
}

impl<A: Allows> FromRequestParts<DialectState> for Caller<A> {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, state: &DialectState) -> Result<Self, Failure> {
        let known = match presented(state, parts, KEY).await? {
            Presented::Known(known) => known,
            Presented::Unknown => return Err(Failure::bad_key()),
            Presented::None => return Err(Failure::new(Kind::Forbidden, "Invalid Api Key!")),
        };
        let mut given = parts.headers.get_all(TENANT).iter();
        let name = match (given.next().and_then(|value| value.to_str().ok()), given.next()) {
            (Some(name), None) => name.trim().parse::<TenantName>().ok(),
            _ => None,
        };
        let tenant_name = name.ok_or_else(Failure::bad_key)?;
        let tenant = known.client.tenant;
        if state.app.store.tenant_by_name(&tenant_name).await? != Some(tenant) {
            return Err(Failure::bad_key());
        }
        if !A::ROLES.contains(&known.client.role) {
            let needed: Vec<&str> = A::ROLES.iter().map(|role| role.as_str()).collect();
            let message = format!("This call takes a key of the role {}", needed.join(" or "));
            return Err(Failure::new(Kind::Forbidden, message));
        }
        Ok(Self { tenant, tenant_name, known, allowed: PhantomData })
    }
}

impl From<AuthError> for Failure {
    fn from(error: AuthError) -> Self {
        match error {
            AuthError::TooMany(too_many) => too_many.into(),
            AuthError::Store(error) => error.into(),
        }
    }
}
