//! This dialect as its clients see it: the whole router over a real store, without sockets.

mod placing;
mod providers;
mod shop;
