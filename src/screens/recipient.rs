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

use doorstep_model::preferences::Preferences;
use doorstep_model::screen::{Access, EditState};
use doorstep_model::views::RecipientView;
use leptos::prelude::*;

use crate::hands::{Desk, Hands, Progress, Which};
use crate::page::WORDS;
use crate::times::ViewerTimes;
use crate::watch::Shown;
use parts::{nothing, text};

/// What every panel is made from.
struct Sight<'a> {
    view: &'a RecipientView,
    hands: &'a Hands,
    times: &'a ViewerTimes,
    access: Access,
    desk: Desk,
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

/// The panels, or what is to be said of a link that opens nothing.
pub(super) fn panels(desk: Desk) -> AnyView {
    let shown = desk.shown.read();
    let hands = desk.hands.read();
    let access = desk.access.get();
    match &*shown {
        Shown::Recipient(view) => {
            let times = ViewerTimes::new(&view.zone);
            let sight = Sight { view, hands: &hands, times: &times, access, desk };
            // Always as many, so that a panel keeps its place, and with it what is typed and the focus.
            vec![
                arrival::panel(&sight),
                people::photo(&sight),
                code::panel(&sight),
                step_up::panel(&sight),
                instructions::panel(&sight),
                people::address(&sight),
                people::proofs(&sight),
                link::panel(&sight),
            ]
            .into_any()
        }
        Shown::Public(view) => notice(access, &hands, &ViewerTimes::new(&view.zone)),
        Shown::Notice(_) => nothing(),
    }
}

/// Says why nothing more is seen than what everybody sees, where more was asked for.
fn notice(access: Access, hands: &Hands, times: &ViewerTimes) -> AnyView {
    let Some(line) = access.line(&WORDS, times) else { return nothing() };
    let waits = |which| matches!(hands.field(which).progress, Progress::Sending(_) | Progress::Waiting(_));
    let lost = Which::ALL.into_iter().any(waits).then(|| EditState::SignedOut.line(&WORDS));
    view! {
        <div class="access" role="status">
            {text("line", line)}
            {lost.map(|lost| text("line", lost.to_owned()))}
        </div>
    }
    .into_any()
}
