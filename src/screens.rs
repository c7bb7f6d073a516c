//! What the pages look like. Each screen stands side by side with the server's `pages` of the same name,
//! element for element and class for class, so that nothing moves when the widget takes over.

mod connection;
mod home;
mod notice;
mod recipient;
mod shipment;
mod tracking;

pub use home::home;
pub use tracking::tracking;

use doorstep_model::screen::NoticeKind;
use leptos::prelude::*;

/// The page of an address that leads nowhere.
pub fn missing() -> AnyView {
    tracking::plain(NoticeKind::Missing)
}
