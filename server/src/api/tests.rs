//! The API as its clients see it: the whole router with its shield over a real store, without sockets but where sockets
//! are what is tested.

mod answers;
mod canaries;
mod document;
mod house;
mod live;
mod sockets;
mod strictness;
mod tenants;
mod track;
