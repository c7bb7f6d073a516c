//! The one thing that happens or is to be done next, with its deadline, as a whole sentence. Stands
//! among a recipient's [`Screen::details`](crate::screen::Screen::details).

use crate::catalogue::Catalogue;
use crate::next::{NextAction, NextStep};
use crate::screen::{Times, when};
use crate::time::Timestamp;

/// `next` in words. A deadline that has passed is said as passed.
pub(super) fn step(next: NextStep, words: &Catalogue, times: &impl Times) -> String {
    let Some(until) = next.until else { return plain(next.action, words).to_owned() };
    if until < times.now() {
        return over(next.action, until, words, times);
    }
    let when = when::point(until, words, times);
    match next.action {
        NextAction::Redelivery => words.next_redelivery_until(&when),
        NextAction::Wait => words.next_wait_until(&when),
        NextAction::Collect => words.next_collect_until(&when),
        NextAction::CorrectAddress => words.next_correct_address_until(&when),
        NextAction::Pay => words.next_pay_until(&when),
        NextAction::Arrange => words.next_arrange_until(&when),
        NextAction::ContactSender => words.next_contact_sender_until(&when),
    }
}

/// The deadline has passed and nothing was told since: whoever waited is to ask now.
fn over(action: NextAction, until: Timestamp, words: &Catalogue, times: &impl Times) -> String {
    let by = when::point(until, words, times);
    match action {
        NextAction::Redelivery => words.next_redelivery_over(&by),
        NextAction::Wait => words.next_wait_over(&by),
        NextAction::ContactSender => words.next_contact_sender_over(&by),
        asks => [plain(asks, words), " ", &words.next_over(&when::at(until, words, times))].concat(),
    }
}

fn plain(action: NextAction, words: &Catalogue) -> &'static str {
    match action {
        NextAction::Redelivery => words.next_redelivery(),
        NextAction::Wait => words.next_wait(),
        NextAction::Collect => words.next_collect(),
        NextAction::CorrectAddress => words.next_correct_address(),
        NextAction::Pay => words.next_pay(),
        NextAction::Arrange => words.next_arrange(),
        NextAction::ContactSender => words.next_contact_sender(),
    }
}

/// Whether it asks something of the recipient, so that nothing more general needs to be said.
pub(super) const fn asks(next: NextStep) -> bool {
    !matches!(next.action, NextAction::Redelivery | NextAction::Wait)
}
