//! News out: what happens to a tenant's shipments is told to the addresses that it named, at least once and in
//! order for each shipment, whoever of them is down. What there is to tell is written by the store together
//! with what happened; this room renders, signs, sends and tries again. Knows nothing of SQL, and nothing of
//! the dialects but that each may bring a [`Shape`].

mod attempt;
mod auth;
mod deliverer;
mod endpoint;
mod oauth;
mod pace;
mod schedule;
mod shape;
mod signing;
mod standard;
#[cfg(test)]
mod tests;
mod topic;
mod verdict;

pub use auth::{Auth, Sealed, SigningSecret, is_header_allowed};
pub use deliverer::Deliverer;
pub use endpoint::{
    Disabled, Endpoint, EndpointId, EndpointPlan, MOST_ENDPOINTS, MOST_NOTE, MOST_SCOPED, Receiver,
};
pub use schedule::MOST_TRIES;
pub use shape::{News, Rendered, Shape, Shapes};
pub use signing::{SigningKey, SigningKeyError, hmac_hex};
pub use standard::{STANDARD, Standard};
pub use topic::{Topic, Topics};
