//! The widget in a page that stands in somebody else's: one shipment, the one that the address names. Without
//! a router, since nothing leads from here to another screen; so it touches neither history nor links.

use leptos::prelude::location;

use crate::place::Place;
use crate::screens;

/// The whole of it.
pub(crate) fn framed(place: Place) {
    let path = location().pathname().unwrap_or_default();
    screens::tracking(path.split('/').nth(2).unwrap_or_default(), place);
}
