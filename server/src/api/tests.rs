//! The API as its clients see it: the whole router with its shield over a real store, without sockets but where sockets
//! are what is tested.

mod across;
mod answers;
mod calendar;
mod canaries;
mod code;
mod document;
mod door;
mod guest;
mod handing_over;
mod hostile;
pub(crate) mod house;
mod live;
mod logo;
mod preferences;
mod proofs;
mod push;
mod settings;
mod sockets;
mod step_up;
mod strictness;
mod tenants;
mod track;
mod visitor;
mod webhooks;
