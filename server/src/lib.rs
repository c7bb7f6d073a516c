//! Doorstep's companion server: shipments come in by the native API or an import, are kept by the
//! store, told to every viewer by the hub, and leave the building as one view per audience.
//!
//! The rooms, from the outside in. Each knows only those below it:
//!
//! - [`cli`], [`config`]: commands and their settings
//! - [`demo`], [`import`]: sample journeys, orders from files
//! - [`server`], [`net`]: start, listen, hand over, stop
//! - [`api`], [`pages`], [`calendar`], [`assets`]: what is answered to programs, people and browsers
//! - [`dialects`]: the APIs of other systems, spoken by us
//! - [`door`]: which session a request comes with, and whether it still opens its shipment
//! - [`limits`], [`problem`], [`metrics`]: how much, how errors look, what is counted; `faults`: how documents tell errors
//! - [`hub`], [`bus`]: who watches what, on this node and others
//! - [`webhooks`], [`outbound`]: what tenants are told without asking, and calls to addresses that others chose
//! - [`store`]: what is kept
//! - [`access`], [`vault`], [`mail`], [`public_url`]: links and sessions, what is sealed, what is sent, where we are
//! - [`push`]: devices that are told of changes
//! - [`identity`], [`language`], [`zones`], [`clock`]: who calls, in which words, when

pub mod access;
pub mod api;
pub mod assets;
pub mod bus;
pub mod calendar;
pub mod cli;
pub mod clock;
pub mod config;
pub mod demo;
pub mod dialects;
pub mod door;
mod faults;
pub mod hub;
pub mod identity;
pub mod import;
pub mod language;
pub mod limits;
pub mod mail;
pub mod metrics;
pub mod net;
pub mod outbound;
pub mod pages;
pub mod problem;
pub mod public_url;
pub mod push;
pub mod server;
pub mod state;
pub mod store;
pub mod vault;
pub mod webhooks;
pub mod zones;
