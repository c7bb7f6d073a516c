//! Tells devices by web push (RFC 8030) that the public view of a delivery has changed. A message holds
//! nothing at all: the device's worker then asks what everybody may see, so that no push service ever learns
//! whose delivery it is or where it stands. Knows nothing of who is told but an endpoint.
//!
//! - [`endpoint`]: where a device is told, as a browser gives it
//! - [`vapid`]: who tells it (RFC 8292)
//! - [`news`]: what is worth telling
//! - [`answer`]: what a push service's answer means
//! - [`teller`]: looks who is behind, and tells them

mod answer;
pub mod endpoint;
mod news;
mod teller;
pub mod vapid;

#[cfg(test)]
mod tests;

pub use endpoint::Endpoint;
pub use news::News;
pub use teller::run;
pub use vapid::Vapid;
