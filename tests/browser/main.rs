//! The widget in a real browser, against the real server.

mod embed;
mod home;
mod journey;
mod live;
mod recipient;
mod scripts_off;
mod secrecy;
mod states;
mod takeover;
