//! What the live benches ask of a server, so that Doorstep and its peer are measured by the same
//! hands: say where viewers go, how news is told, and how its place in the stream is answered.

use std::net::SocketAddr;

use anyhow::Result;

use crate::order::Order;
use crate::usage::Who;

/// A server that passes news on to viewers.
pub(crate) trait Relay: Sync {
    /// The column of this server in reports.
    fn column(&self) -> &'static str;

    fn address(&self) -> SocketAddr;

    /// The processes whose cost is measured.
    fn who(&self) -> Who;

    /// Makes shipments 0 up to `shipments`, such that a viewer of each gets a frame at once.
    fn prepare(&self, shipments: usize) -> Result<()>;

    /// The request of a viewer.
    fn watch(&self, shipment: usize) -> Vec<u8>;

    /// Appends the request that tells news number `number` (never 0, never told twice).
    fn tell(&self, shipment: usize, number: u64, out: &mut Vec<u8>);

    /// Reads from the answer to [`Relay::tell`] the order that the frame's id will carry.
    fn order(&self, answer: &[u8]) -> Option<Order>;
}
