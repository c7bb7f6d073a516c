//! What the pages look like. Each screen stands side by side with the server's `pages` of the same name,
//! element for element and class for class, so that nothing moves when the widget takes over.

mod connection;
#[cfg(feature = "page")]
mod home;
mod notice;
mod recipient;
mod shipment;
mod tracking;

#[cfg(feature = "page")]
pub(crate) use home::home;
pub(crate) use tracking::tracking;

/// The page of an address that leads nowhere.
#[cfg(feature = "page")]
pub(crate) fn missing(place: &crate::place::Place) {
    tracking::plain(doorstep_model::screen::NoticeKind::Missing, place);
}
