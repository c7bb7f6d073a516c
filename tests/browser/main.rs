//! The widget in a real browser, against the real server.

mod embed;
mod home;
mod live;
mod scripts_off;
mod secrecy;
mod states;
mod takeover;
