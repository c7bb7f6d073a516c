//! The proof of who one is, where code or address need it: last digits of the phone, or a code by e-mail.

use super::Sight;
use super::field::{self, Line};
use super::parts::{self, Loud, Part, button, nothing, row, text, told};
use crate::hands::{Act, Method, What};
use crate::page::{self, WORDS};
use doorstep_model::screen::StepUpState;
use doorstep_model::views::CodeState;

/// The panel; once it was proved, only that.
pub(super) fn panel(sight: &Sight<'_>) -> Part {
    let session = &sight.hands.session;
    // A page that began without a network has yet to ask what can be proved.
    if page::kept_at().is_some() && !sight.hands.knows_session {
        return nothing();
    }
    if let Some(until) = session.stepped_up_until.filter(|_| sight.is_proved()) {
        let line = StepUpState::Done(until).line(&WORDS, sight.times);
        return parts::panel("step-up", WORDS.step_up_title(), vec![told(line, false)]);
    }
    let ended = sight.view.status.is_final();
    let code = sight.view.code.as_ref().is_some_and(|code| code.state == CodeState::Ready);
    if ended && !code {
        return nothing();
    }
    let state =
        if session.locked { StepUpState::Locked } else { sight.hands.trial.unwrap_or(StepUpState::Asked) };
    let parts = if state.may_try() {
        vec![
            told(
                state.line(&WORDS, sight.times),
                matches!(state, StepUpState::Wrong(_) | StepUpState::Offline),
            ),
            form(sight, state),
        ]
    } else {
        vec![told(state.line(&WORDS, sight.times), true)]
    };
    parts::panel("step-up", WORDS.step_up_title(), parts)
}

fn form(sight: &Sight<'_>, state: StepUpState) -> Part {
    let methods = &sight.hands.session.step_up;
    let has = |method| methods.contains(&method);
    let mailed = has(Method::EmailCode) && (sight.hands.mailed || !has(Method::PhoneDigits));
    let method = if mailed { Method::EmailCode } else { Method::PhoneDigits };
    if !has(method) {
        let line = if has(Method::Token) { WORDS.step_up_token() } else { WORDS.step_up_none() };
        return text("hint", line.to_owned());
    }
    let (id, label, help, most, malformed) = match method {
        Method::EmailCode => {
            ("email-code", WORDS.step_up_email(), WORDS.step_up_email_help(), 6, WORDS.step_up_six())
        }
        _ => ("phone-digits", WORDS.step_up_phone(), WORDS.step_up_phone_help(), 4, WORDS.step_up_four()),
    };
    let act = Act::Prove(method);
    let entry = field::line(Line {
        id,
        label,
        help,
        what: What::Proof,
        value: sight.hands.proof.clone(),
        keys: "numeric",
        most,
        wrong: if sight.hands.malformed { malformed } else { "" },
        enter: Some(act),
    });
    let confirm = button(WORDS.step_up_confirm().to_owned(), act, Loud::Yes, sight.hands.busy);
    let mail = if has(Method::EmailCode) {
        let again = state == StepUpState::Sent || sight.hands.mailed;
        let label = if again { WORDS.step_up_email_again() } else { WORDS.step_up_email_send() };
        button(label.to_owned(), Act::Mail, Loud::No, sight.hands.busy)
    } else {
        nothing()
    };
    let typing = !mailed || sight.hands.mailed;
    if typing { Part::of("div", "", vec![entry, row(vec![confirm, mail])]) } else { row(vec![mail]) }
}
