//! The page where a tracking number is typed, as HTML; works without scripts. Stands side by side with
//! the widget's `src/screens/home.rs`.

use doorstep_model::catalogue::Catalogue;
use maud::{Markup, html};

use crate::language::Chosen;

/// What stands inside `#doorstep`: the form with what was typed and, where it is wrong, what is.
pub(super) fn home(typed: &str, wrong: Option<&str>, words: &Catalogue, chosen: Chosen) -> Markup {
    html! {
        section.home {
            h1.sentence { (words.home_title()) }
            p.detail { (words.home_intro()) }
            form.find action="/find" method="get" novalidate {
                @if chosen.asked { input type="hidden" name="lang" value=(chosen.language.tag()); }
                label for="id" { (words.home_label()) }
                div.row {
                    input #id.field name="id" type="text" value=(typed) autocomplete="off"
                        autocapitalize="characters" spellcheck="false" enterkeyhint="go" maxlength="80"
                        aria-describedby="hint wrong" aria-invalid=[wrong.map(|_| "true")];
                    button.button type="submit" { (words.home_submit()) }
                }
                p #hint.hint { (words.home_hint()) }
                p #wrong.wrong role="alert" { (wrong.unwrap_or_default()) }
            }
        }
    }
}
