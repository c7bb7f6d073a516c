//! The API as its clients see it: the whole router with its shield over a real store, without sockets.

mod answers;
mod canaries;
mod document;
mod house;
mod strictness;
mod tenants;
