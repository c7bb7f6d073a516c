//! What the tests drive: the built `doorstep` binary as a process of its own, its native API over the
//! wire, and a browser through WebDriver. Nothing here knows how the server or the widget is made.

pub mod api;
pub mod browser;
pub mod delivery_solutions;
pub mod demo;
pub mod engine;
pub mod host;
pub mod push;
pub mod python;
pub mod receiver;
pub mod recipient;
pub mod road;
pub mod server;
pub mod stream;
mod wait;

pub use wait::eventually;
