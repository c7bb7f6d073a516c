//! This dialect as its clients see it: the whole router over a real store, without sockets.

mod document;
mod editing;
mod failures;
mod guide;
mod labels;
mod listing;
mod placing;
mod providers;
mod providing;
mod receiving;
mod samples;
mod shop;
mod telling;
