//! The page around the widget: the element it lives in, what the server left there for it, and the
//! change from the server's elements to the widget's without a flash. Knows nothing of shipments beyond
//! reading the view that stands in the page.

use doorstep_model::catalogue::Catalogue;
use doorstep_model::id::TrackingId;
use doorstep_model::views::PublicView;
use leptos::mount::mount_to;
use leptos::prelude::*;
use leptos::wasm_bindgen::{JsCast as _, JsValue};
use web_sys::{Element, EventSource, HtmlElement, HtmlInputElement, MessageEvent};

use crate::live::Link;
use crate::wire;

const ROOT: &str = "doorstep";
const VIEW: &str = "doorstep-view";
const BOOT: &str = "doorstep-boot";

/// The page's words, in the language that the server chose.
pub const WORDS: Catalogue = Catalogue::ENGLISH;

/// The page's language, for `Intl`.
pub fn language() -> String {
    document().document_element().and_then(|html| html.get_attribute("lang")).unwrap_or_default()
}

/// Puts `app` in the place of the server's elements, in one task: nothing is painted in between, and a
/// field that somebody is typing in keeps its text and focus. If `app` fails, the page stays as it was.
/// Says when it is done, as `data-ready`.
pub fn take_over<V: IntoView + 'static>(app: impl FnOnce() -> V + 'static) {
    let Some(root) = root() else { return };
    let Ok(stage) = document().create_element("div") else { return };
    mount_to(stage.clone().unchecked_into::<HtmlElement>(), app).forget();
    let typing = Typing::of(&root);
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
    /// This.
    View(Box<PublicView>),
    /// There is none.
    Nothing,
    /// It did not say, or for another shipment.
    Unsaid,
}

/// What the server found for `id`. Says so once: what was left in the page is of its first moment.
pub fn found(id: &TrackingId) -> Found {
    let Some(left) = document().get_element_by_id(VIEW) else { return Found::Unsaid };
    let text = left.text_content().unwrap_or_default();
    left.remove();
    match wire::read::<Option<PublicView>>(&text) {
        Ok(Some(view)) if view.tracking_id == *id => Found::View(Box::new(view)),
        Ok(None) => Found::Nothing,
        _ => Found::Unsaid,
    }
}

/// The stream that the boot script opened while the widget was loading, if it is the one at `address`,
/// and the newest it has brought. Gives it once.
pub fn early_stream(address: &str) -> Option<(EventSource, Option<String>)> {
    let boot = document().get_element_by_id(BOOT)?;
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

/// Says on the page's element how it is connected and what it shows; style sheets and tests read it.
pub fn mark(link: Link, sequence: Option<u64>) {
    let Some(root) = root() else { return };
    let _ = root.set_attribute("data-live", link.as_str());
    match sequence {
        Some(sequence) => root.set_attribute("data-sequence", &sequence.to_string()).unwrap_or_default(),
        None => root.remove_attribute("data-sequence").unwrap_or_default(),
    }
}

fn root() -> Option<Element> {
    document().get_element_by_id(ROOT)
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
        let field = root.query_selector("input").ok()??.dyn_into::<HtmlInputElement>().ok()?;
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
