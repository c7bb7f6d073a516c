//! Which address leads to which screen. The router keeps the address bar, the links and the way back;
//! its own table of routes is left out, because four addresses do not need the weight of a nested,
//! asynchronous one (15 KB of the widget's 90).

use leptos::prelude::*;
use leptos_router::components::Router;
use leptos_router::hooks::use_location;
use leptos_router::location::{BrowserUrl, LocationProvider as _};

use crate::place::Place;
use crate::screens;

/// The whole page, by its address.
pub(crate) fn app(place: Place) -> impl IntoView {
    let place = StoredValue::new_local(place);
    view! { <Router><Screens place=place /></Router> }
}

/// Where an address leads.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Route {
    Home,
    /// With what stands in the place of the tracking id.
    Tracking(String),
    Missing,
}

impl Route {
    fn of(path: &str) -> Self {
        let mut parts = path.split('/').filter(|part| !part.is_empty());
        match (parts.next(), parts.next(), parts.next()) {
            (None, ..) | (Some("find"), None, _) => Self::Home,
            (Some("t" | "embed" | "lsw"), Some(id), None) => Self::Tracking(id.to_owned()),
            _ => Self::Missing,
        }
    }
}

#[component]
fn Screens(place: StoredValue<Place, LocalStorage>) -> impl IntoView {
    let path = use_location().pathname;
    let browser = use_context::<BrowserUrl>();
    move || {
        let route = Route::of(&path.read());
        // The router changes the address bar once the screen for it is there.
        if let Some(browser) = &browser {
            browser.ready_to_complete();
        }
        match route {
            Route::Home => return screens::home(&place.get_value()).into_any(),
            // These stand beside the router's own elements.
            Route::Tracking(id) => screens::tracking(&id, place.get_value()),
            Route::Missing => screens::missing(&place.get_value()),
        }
        ().into_any()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_lead_to_screens() {
        for home in ["/", "", "/find", "/find/"] {
            assert_eq!(Route::of(home), Route::Home, "{home:?}");
        }
        for id in ["/t/X-1", "/t/X-1/", "/embed/X-1", "/lsw/X-1"] {
            assert_eq!(Route::of(id), Route::Tracking("X-1".to_owned()), "{id:?}");
        }
        for missing in ["/t", "/t/a/b", "/x", "/find/a"] {
            assert_eq!(Route::of(missing), Route::Missing, "{missing:?}");
        }
    }
}
