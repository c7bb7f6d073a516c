//! A page without a shipment: loading, not found, busy, offline, our error.

use doorstep_model::screen::{Notice, Remedy};
use leptos::prelude::*;
use leptos::web_sys::MouseEvent;

use crate::{page, place};

/// `notice`, with what to do when the viewer asks to try again.
pub(super) fn notice(notice: &Notice, retry: Option<Callback<()>>) -> impl IntoView + use<> {
    let again = move |event: MouseEvent, remedy| {
        if let (Remedy::Retry, Some(retry)) = (remedy, retry) {
            event.prevent_default();
            retry.run(());
        }
    };
    view! {
        <section class="notice" part=place::part("card notice") data-kind=notice.kind.as_str()>
            <h1 class="sentence" part=place::part("sentence")>{notice.title}</h1>
            <p class="detail" part=place::part("detail")>{notice.text}</p>
            {notice.remedy.map(|(remedy, label)| view! {
                <a
                    class="button"
                    part=place::part("button")
                    href=address(remedy)
                    target=beside(remedy)
                    on:click=move |event| again(event, remedy)
                >{label}</a>
            })}
        </section>
    }
}

fn address(remedy: Remedy) -> String {
    match remedy {
        Remedy::Home if place::is_guest() => [place::server(), "/"].concat(),
        Remedy::Home => ["/", &page::query()].concat(),
        Remedy::Retry => String::new(),
    }
}

/// Our other pages let nobody frame them: what leads from a frame to one opens it beside.
fn beside(remedy: Remedy) -> Option<&'static str> {
    (cfg!(not(feature = "page")) && remedy == Remedy::Home).then_some("_blank")
}
