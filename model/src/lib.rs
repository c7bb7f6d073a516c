//! The vocabulary of Doorstep: what a shipment is, how its events fold into a status, what each
//! audience may see of it and in which words.
//!
//! Pure: no I/O, no clock, no randomness, nothing of HTTP, SQL or the DOM. Builds natively for the
//! server and to WebAssembly for the widget. Whoever calls brings the time and the events.

pub mod catalogue;
pub mod code;
pub mod eta;
pub mod event;
pub mod flags;
pub mod fold;
pub mod handoff;
pub mod handshake;
pub mod id;
pub mod language;
pub mod next;
pub mod person;
pub mod preferences;
pub mod proof;
pub mod reason;
pub mod rules;
pub mod screen;
pub mod shipment;
pub mod status;
pub mod text;
pub mod time;
pub mod views;
mod words;
pub mod written;
