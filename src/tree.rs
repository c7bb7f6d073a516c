//! Elements as data, and what keeps the page's elements like them: what stands is changed where it
//! differs and nothing else, so that a field keeps its text and its focus. Stands beside Leptos' views for
//! what has many shapes: there each shape is compiled anew, which made the recipient's panels a third of
//! the widget. Knows nothing of what the elements mean.

use leptos::prelude::document;
use leptos::wasm_bindgen::{JsCast as _, JsValue};
use web_sys::{Element, Node};

use crate::place;

const SVG: &str = "http://www.w3.org/2000/svg";

/// An element, or a text where it has no tag.
pub(crate) struct Part<D> {
    tag: &'static str,
    text: String,
    attributes: Vec<(&'static str, String)>,
    /// A property that the viewer may have changed since: `value` or `checked`.
    property: Option<(&'static str, JsValue)>,
    deed: Option<D>,
    inside: Vec<Part<D>>,
}

impl<D> Part<D> {
    /// An element with `inside`.
    pub(crate) fn of(tag: &'static str, class: &'static str, inside: Vec<Self>) -> Self {
        let attributes = if class.is_empty() { Vec::new() } else { vec![("class", class.to_owned())] };
        Self { tag, text: String::new(), attributes, property: None, deed: None, inside }
    }

    /// A text; empty, it keeps the place of what is not there now.
    pub(crate) fn text(text: impl Into<String>) -> Self {
        let (attributes, inside) = (Vec::new(), Vec::new());
        Self { tag: "", text: text.into(), attributes, property: None, deed: None, inside }
    }

    /// With an attribute.
    pub(crate) fn with(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.attributes.push((name, value.into()));
        self
    }

    /// With an attribute where `holds`.
    pub(crate) fn when(self, holds: bool, name: &'static str, value: &'static str) -> Self {
        if holds { self.with(name, value) } else { self }
    }

    /// With a property that is set whenever the viewer has changed it.
    pub(crate) fn property(mut self, name: &'static str, value: impl Into<JsValue>) -> Self {
        self.property = Some((name, value.into()));
        self
    }

    /// With what happens when something is done to it.
    pub(crate) fn deed(mut self, deed: D) -> Self {
        self.deed = Some(deed);
        self
    }
}

/// A part as it stands in the page.
struct Grown {
    node: Node,
    tag: &'static str,
    text: String,
    attributes: Vec<(&'static str, String)>,
    inside: Vec<Grown>,
}

/// What stands below one element.
pub(crate) struct Tree<D> {
    root: Element,
    grown: Vec<Grown>,
    deeds: Vec<D>,
}

impl<D: Copy> Tree<D> {
    /// Below `root`, after whatever else stands there.
    pub(crate) fn new(root: Element) -> Self {
        Self { root, grown: Vec::new(), deeds: Vec::new() }
    }

    /// Makes what stands like `part`. Gives back its element where that is another than before.
    pub(crate) fn renew(&mut self, part: Part<D>) -> Option<Element> {
        self.deeds.clear();
        let was = self.grown.first().map(|top| top.node.clone());
        renew_all(&self.root, &mut self.grown, vec![part], &mut self.deeds);
        let now = self.grown.first().map(|top| top.node.clone());
        now.filter(|now| was.as_ref() != Some(now))?.dyn_into().ok()
    }

    /// What is to happen when something is done to `target`.
    pub(crate) fn deed_of(&self, target: &Element) -> Option<D> {
        let holder = target.closest("[data-deed]").ok()??;
        let index: usize = holder.get_attribute("data-deed")?.parse().ok()?;
        self.deeds.get(index).copied()
    }
}

/// What stands goes with what keeps it.
impl<D> Drop for Tree<D> {
    fn drop(&mut self) {
        for top in &self.grown {
            let _ = self.root.remove_child(&top.node);
        }
    }
}

fn renew_all<D>(parent: &Node, grown: &mut Vec<Grown>, parts: Vec<Part<D>>, deeds: &mut Vec<D>) {
    for left in grown.drain(parts.len().min(grown.len())..) {
        let _ = parent.remove_child(&left.node);
    }
    for (index, mut part) in parts.into_iter().enumerate() {
        if let Some(deed) = part.deed.take() {
            part.attributes.push(("data-deed", deeds.len().to_string()));
            deeds.push(deed);
        }
        match grown.get_mut(index) {
            Some(stands) if stands.tag == part.tag => renew(stands, part, deeds),
            Some(stands) => {
                let Some(mut other) = seed(part.tag) else { continue };
                renew(&mut other, part, deeds);
                let _ = parent.replace_child(&other.node, &stands.node);
                *stands = other;
            }
            None => {
                let Some(mut next) = seed(part.tag) else { continue };
                renew(&mut next, part, deeds);
                let _ = parent.append_child(&next.node);
                grown.push(next);
            }
        }
    }
}

/// An element with nothing in it, not yet in the page.
fn seed(tag: &'static str) -> Option<Grown> {
    let node: Node = match tag {
        "" => document().create_text_node("").into(),
        "svg" | "path" => document().create_element_ns(Some(SVG), tag).ok()?.into(),
        _ => document().create_element(tag).ok()?.into(),
    };
    Some(Grown { node, tag, text: String::new(), attributes: Vec::new(), inside: Vec::new() })
}

fn renew<D>(stands: &mut Grown, part: Part<D>, deeds: &mut Vec<D>) {
    if stands.text != part.text {
        stands.node.set_node_value(Some(&part.text));
        stands.text = part.text;
    }
    if let Some(element) = stands.node.dyn_ref::<Element>()
        && stands.attributes != part.attributes
    {
        for (name, _) in &stands.attributes {
            if !part.attributes.iter().any(|(kept, _)| kept == name) {
                let _ = element.remove_attribute(name);
            }
        }
        for attribute in &part.attributes {
            if !stands.attributes.contains(attribute) {
                let _ = element.set_attribute(attribute.0, &attribute.1);
                // Somebody else's style sheets know elements by the same names as ours.
                if attribute.0 == "class" && place::is_guest() {
                    let _ = element.set_attribute("part", &attribute.1);
                }
            }
        }
        stands.attributes = part.attributes;
    }
    renew_all(&stands.node, &mut stands.inside, part.inside, deeds);
    if let Some((name, value)) = part.property {
        let name = JsValue::from_str(name);
        // To write what stands already would move the cursor in some browsers.
        if js_sys::Reflect::get(&stands.node, &name).as_ref() != Ok(&value) {
            let _ = js_sys::Reflect::set(&stands.node, &name, &value);
        }
    }
}
