//! The page around the widget: the element it lives in, what the server left there for it, and the
//! change from the server's elements to the widget's without a flash. Knows nothing of shipments beyond
//! reading the view that stands in the page.

use doorstep_model::id::TrackingId;
use doorstep_model::screen::Access;
use doorstep_model::time::Timestamp;
use doorstep_model::views::{PublicView, RecipientView};
use leptos::mount::mount_to;
use leptos::prelude::*;
use leptos::wasm_bindgen::prelude::*;
use web_sys::{Element, EventSource, HtmlElement, HtmlInputElement, MessageEvent};

pub use crate::place::WORDS;
use crate::place::{self, Place};
use crate::{RECIPIENT, times, wire};

const ROOT: &str = "doorstep";
const VIEW: &str = "doorstep-view";
const BOOT: &str = "doorstep-boot";

/// The server's own page, and its words in the language that it chose, as the boot script has left them. `None`
/// where something of that is missing: then the server's page says more.
pub fn own() -> Option<Place> {
    let words = place::language(&language(), &left("words")?.as_string()?)?;
    place::speak(words);
    Some(Place::new(document().get_element_by_id(ROOT)?, words, None))
}

/// What the address of another page needs to be in the language that this one's asks for: `?lang=de`, or nothing.
/// One that the server does not have is not kept: the page is in another then.
pub fn asked_language() -> Option<String> {
    let search = location().search().ok()?;
    let asked = search.trim_start_matches('?').split('&').find_map(|pair| {
        let (name, tag) = pair.split_once('=')?;
        matches!(name, "lang" | "language").then_some(tag)
    })?;
    let primary = |tag: &str| tag.split(['-', '_']).next().unwrap_or_default().to_ascii_lowercase();
    let language = language();
    (primary(asked) == primary(&language)).then_some(language)
}

/// The same as an address's query.
pub fn query() -> String {
    asked_language().map(|tag| ["?lang=", &tag].concat()).unwrap_or_default()
}

/// The page's language, for the browser's `Intl`.
pub fn language() -> String {
    document().document_element().and_then(|html| html.get_attribute("lang")).unwrap_or_default()
}

/// Puts `app` in the place of the server's elements in `root`, in one task: nothing is painted in between, and
/// a field that somebody is typing in keeps its text and focus. If `app` fails, the page stays as it was; what fails
/// where it draws later leaves an empty page, which the boot script fetches anew. Says when it is done, as `data-ready`.
pub fn take_over<V: IntoView + 'static>(root: &Element, app: impl FnOnce() -> V + 'static) {
    let Ok(stage) = document().create_element("div") else { return };
    mount_to(stage.clone().unchecked_into::<HtmlElement>(), app).forget();
    let typing = Typing::of(root);
    root.replace_children_with_node_0();
    while let Some(node) = stage.first_child() {
        let _ = root.append_child(&node);
    }
    if let Some(typing) = typing {
        typing.go_on();
    }
    let _ = root.set_attribute("data-ready", "true");
}

/// What the server found for this page's shipment.
pub enum Found {
    /// This, as everybody sees it.
    Public(Box<PublicView>),
    /// This, as its recipient sees it.
    Recipient(Box<RecipientView>),
    /// There is none.
    Nothing,
    /// It did not say, or for another shipment.
    Unsaid,
}

/// What the server found for `id`. Says so once: what was left in the page is of its first moment.
pub fn found(id: &TrackingId) -> Found {
    let Some(left) = document().get_element_by_id(VIEW) else { return Found::Unsaid };
    let text = left.text_content().unwrap_or_default();
    let personal = left.get_attribute("data-audience").is_some();
    left.remove();
    if RECIPIENT && personal {
        return match wire::read::<RecipientView>(&text) {
            Ok(view) if view.tracking_id == *id => Found::Recipient(Box::new(view)),
            _ => Found::Unsaid,
        };
    }
    match wire::read::<Option<PublicView>>(&text) {
        Ok(Some(view)) if view.tracking_id == *id => Found::Public(Box::new(view)),
        Ok(None) => Found::Nothing,
        _ => Found::Unsaid,
    }
}

/// What came of the link or the session that the page was opened with, as the boot script says.
pub fn access() -> Access {
    if !RECIPIENT {
        return Access::Public;
    }
    match left("access").and_then(|word| word.as_string()).as_deref() {
        Some("recipient") => Access::Open(None),
        Some("refused") => Access::Refused,
        Some("unreached") => Access::Unreached,
        _ => Access::Public,
    }
}

#[wasm_bindgen]
extern "C" {
    /// There is no such object on a page without TLS.
    #[wasm_bindgen(catch, js_namespace = ["navigator", "clipboard"], js_name = writeText)]
    fn write_text(text: &str) -> Result<js_sys::Promise, JsValue>;

    #[wasm_bindgen(js_namespace = Intl)]
    type Segmenter;

    /// There is none in older browsers.
    #[wasm_bindgen(constructor, catch, js_namespace = Intl)]
    fn new(locale: &str) -> Result<Segmenter, JsValue>;

    #[wasm_bindgen(method)]
    fn segment(this: &Segmenter, text: &str) -> JsValue;
}

/// The boot script's element. What is called so in somebody else's page is nothing of ours.
fn boot() -> Option<Element> {
    if place::is_guest() { None } else { document().get_element_by_id(BOOT) }
}

/// What the boot script has left under that name.
fn left(name: &str) -> Option<JsValue> {
    let boot = boot()?;
    js_sys::Reflect::get(&boot, &JsValue::from_str(name)).ok()
}

/// Leaves `value` under that name for the scripts that keep it for later (`public/phone`).
pub fn leave(name: &str, value: &JsValue) {
    if let Some(boot) = boot() {
        let _ = js_sys::Reflect::set(&boot, &JsValue::from_str(name), value);
    }
}

/// A code that was revealed on this device before, as it came then.
pub fn kept_code() -> Option<String> {
    left("code")?.as_string()
}

/// Whether what is left is kept.
pub fn keeps() -> bool {
    left("keeps").is_some_and(|keeps| keeps.is_truthy())
}

/// When the page was last connected whose view was kept; `None` for one that came from the server.
pub fn kept_at() -> Option<Timestamp> {
    left("at")?.as_f64().map(times::timestamp)
}

/// Puts `text` where it can be pasted from; `false` where the browser does not let us.
pub fn copy(text: &str) -> bool {
    write_text(text).is_ok()
}

/// How many characters `text` has as people count them.
pub fn characters(text: &str) -> usize {
    match Segmenter::new(&language()) {
        Ok(segmenter) => js_sys::Array::from(&segmenter.segment(text)).length() as usize,
        Err(_) => text.chars().count(),
    }
}

/// The stream that the boot script opened while the widget was loading, if it is the one at `address`,
/// and the newest it has brought. Gives it once.
pub fn early_stream(address: &str) -> Option<(EventSource, Option<String>)> {
    let boot = boot()?;
    let take = |name: &str| {
        let name = JsValue::from_str(name);
        let value = js_sys::Reflect::get(&boot, &name).ok()?;
        js_sys::Reflect::set(&boot, &name, &JsValue::UNDEFINED).ok()?;
        Some(value)
    };
    let stream: EventSource = take("stream")?.dyn_into().ok()?;
    let news = take("news").and_then(|news| news.dyn_into::<MessageEvent>().ok()?.data().as_string());
    if stream.url().split('?').next().is_some_and(|url| url.ends_with(address)) {
        Some((stream, news))
    } else {
        stream.close();
        None
    }
}

/// A text field that somebody is typing in, remembered by its id.
struct Typing {
    id: String,
    text: String,
    from: Option<u32>,
    until: Option<u32>,
    focused: bool,
}

impl Typing {
    fn of(root: &Element) -> Option<Self> {
        let field = root.query_selector("input[type=text]").ok()??.dyn_into::<HtmlInputElement>().ok()?;
        let focused = document().active_element().is_some_and(|active| active.is_same_node(Some(&field)));
        Some(Self {
            id: field.id(),
            text: field.value(),
            from: field.selection_start().ok().flatten(),
            until: field.selection_end().ok().flatten(),
            focused,
        })
    }

    fn go_on(self) {
        let Some(field) = document().get_element_by_id(&self.id) else { return };
        let Ok(field) = field.dyn_into::<HtmlInputElement>() else { return };
        field.set_value(&self.text);
        if self.focused {
            let _ = field.focus();
            let _ = field.set_selection_start(self.from);
            let _ = field.set_selection_end(self.until);
        }
    }
}
