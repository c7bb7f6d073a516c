//! The widget in somebody else's page itself, below an element in a shadow root: one shipment, as everybody
//! sees it. Touches nothing of that page but that element, and leaves nothing behind when it goes. Loaded by
//! `public/embed/inline.js`, which knows what to do where it cannot run.

use js_sys::Function;
use leptos::mount::mount_to;
use leptos::wasm_bindgen::prelude::*;
use web_sys::{Element, HtmlElement};

use crate::place::{self, Place};
use crate::screens;

/// Shows `id` below `root`, asking `server` (an origin), in the language whose words are `lines`. `told` is
/// called with each view as JSON, or with why there is none as its second argument. Gives back a function, to
/// be called once, that takes it away with all that it holds: elements, streams, timers and listeners.
///
/// # Errors
/// Where these are no words.
#[wasm_bindgen]
pub fn mount(
    root: Element,
    id: &str,
    server: &str,
    language: &str,
    lines: &str,
    told: Function,
) -> Result<JsValue, JsValue> {
    let words = place::language(language, lines).ok_or_else(|| JsValue::from_str("no words"))?;
    place::stand_as_guest(server);
    place::speak(words);
    let _ = root.set_attribute("dir", words.language_direction());
    let below = root.clone().unchecked_into::<HtmlElement>();
    let place = Place::new(root, words, Some(told));
    let id = id.to_owned();
    let mounted = mount_to(below, move || screens::tracking(&id, place));
    Ok(Closure::once_into_js(move || drop(mounted)))
}
