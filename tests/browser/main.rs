//! The widget in a real browser, against the real server.

mod chromium;
mod delivery_solutions;
mod embed;
mod home;
mod instaleap;
mod journey;
mod keyboard;
mod live;
mod phone;
mod recipient;
mod scenes;
mod scripts_off;
mod secrecy;
mod states;
mod takeover;
