//! The page where a tracking number is typed. Stands side by side with the server's `pages/home.rs`.

use doorstep_model::id::TrackingId;
use leptos::html::Input;
use leptos::prelude::*;
use leptos::web_sys::SubmitEvent;
use leptos_router::hooks::use_location;

use crate::live::Link;
use crate::page;
use crate::place::{Place, WORDS};

/// The form; with what was typed already and, where that is no tracking number, the reason.
pub(crate) fn home(place: &Place) -> impl IntoView + use<> {
    document().set_title(WORDS.home_title());
    place.mark(Link::Connecting, None);
    let typed = use_location().query.read_untracked().get("id");
    let wrong = RwSignal::new(typed.as_deref().and_then(mistake).unwrap_or_default());
    let field = NodeRef::<Input>::new();
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        let Some(field) = field.get_untracked() else { return };
        let typed = field.value();
        match TrackingId::parse(&typed) {
            // Loaded as a document: the shop's looks and the recipient's session come with the server's page.
            Ok(id) => {
                let _ = location().set_href(&["/t/", id.as_str(), &page::query()].concat());
            }
            Err(_) => {
                wrong.set(mistake(&typed).unwrap_or_default());
                let _ = field.focus();
            }
        }
    };
    view! {
        <section class="home">
            <h1 class="sentence">{WORDS.home_title()}</h1>
            <p class="detail">{WORDS.home_intro()}</p>
            <form class="find" action="/find" method="get" novalidate on:submit=submit>
                {page::asked_language().map(|tag| view! { <input type="hidden" name="lang" value=tag /> })}
                <label for="id">{WORDS.home_label()}</label>
                <div class="row">
                    <input class="field" id="id" name="id" type="text" value=typed.unwrap_or_default()
                        autocomplete="off" autocapitalize="characters" spellcheck="false" enterkeyhint="go"
                        maxlength="80" aria-describedby="hint wrong"
                        aria-invalid=move || (!wrong.get().is_empty()).then_some("true") node_ref=field />
                    <button class="button" type="submit">{WORDS.home_submit()}</button>
                </div>
                <p class="hint" id="hint">{WORDS.home_hint()}</p>
                <p class="wrong" id="wrong" role="alert">{move || wrong.get()}</p>
            </form>
        </section>
    }
}

/// What is wrong with `typed`, if anything.
fn mistake(typed: &str) -> Option<&'static str> {
    match TrackingId::parse(typed) {
        Ok(_) => None,
        Err(_) if typed.trim_ascii().is_empty() => Some(WORDS.home_empty()),
        Err(_) => Some(WORDS.home_bad()),
    }
}
