//! Where the caller comes from, for the limits of calls that need no key.

use std::net::{IpAddr, Ipv4Addr};
use std::sync::Arc;

use axum::extract::{FromRef, FromRequestParts};
use http::request::Parts;

use crate::limits::{Address, Limits};
use crate::net::Connected;
use crate::problem::Problem;

/// Where the caller comes from.
#[derive(Clone, Copy)]
pub(crate) struct Peer {
    /// As finely as callers are told apart.
    pub(crate) address: Address,
}

impl Peer {
    /// Of a request.
    pub(crate) fn of(parts: &Parts, limits: &Limits) -> Self {
        // Without a connection (a test) all callers share one address, and so its limits.
        let connected = parts.extensions.get::<Connected>();
        let ip = connected.map_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED), |Connected(socket)| socket.ip());
        Self { address: Address::seen(ip, &parts.headers, limits.trusted_proxies()) }
    }
}

impl<S: Sync> FromRequestParts<S> for Peer
where
    Arc<Limits>: FromRef<S>,
{
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        Ok(Self::of(parts, &Arc::<Limits>::from_ref(state)))
    }
}
