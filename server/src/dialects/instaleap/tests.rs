//! Instaleap's dialect as its clients see it: the whole router over a real store, without sockets.

mod booking;
mod codes;
mod document;
mod editing;
mod fleets;
mod hooks;
mod moving;
mod receiving;
mod samples;
mod shop;
