//! What only the recipient sees and does, between the steps and the history: one panel a matter. Made by
//! the widget alone; each panel is words from the model put into the same few parts.

mod arrival;
mod code;
mod field;
mod instructions;
mod link;
mod parts;
mod people;
mod step_up;

use std::rc::Rc;

use doorstep_model::preferences::Preferences;
use doorstep_model::screen::{Access, EditState};
use doorstep_model::views::RecipientView;
use js_sys::Reflect;
use leptos::prelude::*;
use leptos::wasm_bindgen::closure::Closure;
use leptos::wasm_bindgen::{JsCast as _, JsValue};
use web_sys::Element;

use crate::RECIPIENT;
use crate::hands::{Desk, Hands, Progress, Which};
use crate::page::WORDS;
use crate::times::ViewerTimes;
use crate::tree::Tree;
use crate::watch::Shown;
pub(super) use parts::{Deed, Part, nothing, text};

/// What every panel is made from.
struct Sight<'a> {
    view: &'a RecipientView,
    hands: &'a Hands,
    times: &'a ViewerTimes,
    access: Access,
}

impl Sight<'_> {
    /// How the recipient wants it, as it stands.
    fn preferences(&self) -> &Preferences {
        &self.view.preferences
    }

    /// Whether code and address may be shown now, as far as the page knows.
    fn is_proved(&self) -> bool {
        use doorstep_model::screen::Times as _;
        self.hands.session.stepped_up_until.is_some_and(|until| until > self.times.now())
    }
}

/// One listener a kind for all that stands below `root`, an element of `tree`; they go with it.
pub(super) fn listen(
    desk: Option<Desk>,
    retry: Rc<dyn Fn()>,
    root: &Element,
    tree: StoredValue<Tree<Deed>, LocalStorage>,
) {
    let heard = Closure::<dyn Fn(web_sys::Event)>::new(move |event: web_sys::Event| {
        let Some(target) = event.target().and_then(|target| target.dyn_into::<Element>().ok()) else {
            return;
        };
        let deed = tree.try_with_value(|tree| tree.deed_of(&target)).flatten();
        if deed == Some(Deed::Retry) && event.type_() == "click" {
            event.prevent_default();
            return retry();
        }
        let Some(desk) = desk.filter(|_| RECIPIENT) else { return };
        let read = |of: &JsValue, name| Reflect::get(of, &JsValue::from_str(name)).ok()?.as_string();
        match (deed, event.type_().as_str()) {
            (Some(Deed::Press(act)), "click") => desk.act(act),
            (Some(Deed::Typing(what, _)), "input") => {
                desk.type_in(what, read(&target, "value").unwrap_or_default())
            }
            (Some(Deed::Typing(_, Some(act))), "keydown")
                if read(&event, "key").as_deref() == Some("Enter") =>
            {
                desk.act(act);
            }
            (Some(Deed::Select), "focusin") => {
                if let Some(field) = target.dyn_ref::<web_sys::HtmlInputElement>() {
                    field.select();
                }
            }
            _ => {}
        }
    });
    let heard = heard.into_js_value();
    for kind in ["click", "input", "keydown", "focusin"] {
        let _ = root.add_event_listener_with_callback(kind, heard.unchecked_ref());
    }
}

/// What stands between the steps and the history; `None` where everybody sees the same.
pub(super) fn panels(desk: Desk, shown: &Shown, times: &ViewerTimes) -> Option<Vec<Part>> {
    let hands = desk.hands.read();
    let access = desk.connection.get().access;
    match shown {
        Shown::Recipient(view) => {
            let sight = Sight { view, hands: &hands, times, access };
            // Always as many, so that a panel keeps its place, and with it what is typed and the focus.
            Some(vec![
                arrival::panel(&sight),
                people::photo(&sight),
                code::panel(&sight),
                step_up::panel(&sight),
                instructions::panel(&sight),
                people::courier(&sight),
                people::address(&sight),
                people::proofs(&sight),
                link::panel(&sight),
            ])
        }
        _ if access == Access::Public => None,
        _ => Some(vec![notice(access, &hands, times)]),
    }
}

/// Says why nothing more is seen than what everybody sees, where more was asked for. While the session's
/// first view is on its way there is nothing to say yet.
fn notice(access: Access, hands: &Hands, times: &ViewerTimes) -> Part {
    let line = access.line(&WORDS, times).filter(|_| !matches!(access, Access::Open(_)));
    let Some(line) = line else { return nothing() };
    let waits = |which| matches!(hands.field(which).progress, Progress::Sending(_) | Progress::Waiting(_));
    let lost = Which::ALL.into_iter().any(waits).then(|| text("line", EditState::SignedOut.line(&WORDS)));
    Part::of("div", "access", vec![text("line", line), lost.unwrap_or_else(nothing)]).with("role", "status")
}
