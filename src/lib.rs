//! The widget: the page of a delivery, live. It takes the place of what the server rendered, element for
//! element the same, and keeps it up to date. Words and their order come from `doorstep-model`; what the
//! browser offers is behind [`page`], [`times`] and [`watch`].
//!
//! - `app`: which address leads to which screen; only in the hosted page
//! - `framed`, `inline`: what stands in its place in other people's pages, where there is no router: in a frame, and
//!   in the page itself
//! - [`screens`]: what they look like; side by side with the server's `pages`
//! - [`live`]: when to connect, wait and ask; pure
//! - [`hands`]: what the recipient does, and what comes of it
//! - `place`: where one widget stands, and its words
//! - [`call`]: one call of the recipient to the server
//! - [`tree`]: elements as data
//! - [`wire`]: reads what the server sends
//! - [`watch`]: carries that out with `EventSource`, `fetch` and timers

#[cfg(feature = "page")]
pub mod app;
mod call;
#[cfg(not(feature = "page"))]
pub mod framed;
mod hands;
#[cfg(not(any(feature = "page", feature = "recipient")))]
pub mod inline;
pub mod live;
pub mod page;
mod place;
pub mod screens;
pub mod times;
mod tree;
pub mod watch;
mod wire;

/// Whether this build shows the recipient what only they see. Whatever leads there asks it first, so that the
/// compiler leaves out what is behind.
const RECIPIENT: bool = cfg!(feature = "recipient");

/// Starts the widget in a page that the server made. The script that calls it keeps the server's page where
/// this fails.
///
/// # Errors
/// Where the page left no words.
#[wasm_bindgen::prelude::wasm_bindgen]
pub fn start() -> Result<(), wasm_bindgen::JsValue> {
    let place = page::own().ok_or("no words")?;
    let root = place.root().clone();
    #[cfg(feature = "page")]
    page::take_over(&root, move || app::app(place));
    #[cfg(not(feature = "page"))]
    page::take_over(&root, move || framed::framed(place));
    Ok(())
}
