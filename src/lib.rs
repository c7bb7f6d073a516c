//! The widget: the page of a delivery, live. It takes the place of what the server rendered, element for
//! element the same, and keeps it up to date. Words and their order come from `doorstep-model`; what the
//! browser offers is behind [`page`], [`times`] and [`watch`].
//!
//! - `app`: which address leads to which screen; only in the hosted page
//! - `framed`: what stands in its place in other people's pages, where there is no router
//! - [`screens`]: what they look like; side by side with the server's `pages`
//! - [`live`]: when to connect, wait and ask; pure
//! - [`hands`]: what the recipient does, and what comes of it
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
pub mod live;
pub mod page;
pub mod screens;
pub mod times;
mod tree;
pub mod watch;
mod wire;

/// Starts the widget in a page that the server made. The script that calls it keeps the server's page where
/// this fails.
///
/// # Errors
/// Where the page left no words.
#[wasm_bindgen::prelude::wasm_bindgen]
pub fn start() -> Result<(), wasm_bindgen::JsValue> {
    if !page::has_words() {
        return Err("no words".into());
    }
    #[cfg(feature = "page")]
    page::take_over(app::App);
    #[cfg(not(feature = "page"))]
    page::take_over(framed::framed);
    Ok(())
}
