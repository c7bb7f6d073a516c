//! What the recipient reads about time, and what comes next.

use std::fmt::Write as _;

use proptest::prelude::*;

use super::sample::{Noon, any_recipient, at, day, recipient};
use super::{WORDS, told};
use crate::eta::{Confidence, Window};
use crate::flags::{Flag, Flags};
use crate::next::{NextAction, NextStep};
use crate::screen::{Arrival, Deadline, Screen, as_of};
use crate::status::Status;
use crate::text::Note;
use crate::views::{RecipientEta, RecipientView};

fn between(from: &str, until: &str) -> Window {
    let at = |clock| at(&format!("2026-11-21T{clock}:00Z"));
    Window::Between { from: at(from), until: at(until) }
}

/// Out for delivery, between 14:10 and 14:40 in Madrid, changed by `change`.
fn expected(change: impl FnOnce(&mut RecipientEta)) -> RecipientView {
    let mut view = recipient(Status::OutForDelivery, between("13:10", "13:40"));
    view.eta.as_mut().map(change).unwrap_or_else(|| panic!("no eta"));
    view
}

fn lines(view: &RecipientView) -> String {
    let arrival = Arrival::of(view, &WORDS, &Noon);
    arrival.map_or_else(|| "(nothing)".to_owned(), |arrival| arrival.lines().collect::<Vec<_>>().join(" | "))
}

#[test]
fn who_said_so_and_how_old_it_is() {
    let mut table = String::new();
    for as_of in ["21T12:00:00", "21T11:59:01", "21T11:57:00", "21T11:00:00", "20T18:00:00", "22T00:00:00"] {
        let view = expected(|eta| eta.as_of = at(&format!("2026-11-{as_of}Z")));
        let _ = writeln!(table, "{as_of}: {}", lines(&view));
    }
    insta::assert_snapshot!(table);
}

#[test]
fn why_it_moved() {
    let cause = |text| Note::parse(text).ok();
    let befores = [
        ("never", None),
        ("15 min before", Some(between("12:55", "13:25"))),
        ("2 h 30 min after", Some(between("15:40", "16:10"))),
        ("exactly an hour", Some(between("12:10", "12:40"))),
        ("narrowed", Some(between("13:00", "15:00"))),
        ("the same end", Some(between("13:00", "13:40"))),
        ("a day", Some(Window::OnDay { day: day("2026-11-21") })),
        (
            "another day",
            Some(Window::Between { from: at("2026-11-23T08:00:00Z"), until: at("2026-11-23T10:00:00Z") }),
        ),
    ];
    let mut table = String::new();
    for (name, before) in befores {
        for cause in [None, cause("two stops added."), cause("<b>traffic</b>")] {
            let view = expected(|eta| {
                eta.before = before.map(Into::into);
                eta.cause = cause;
            });
            let moved = Arrival::of(&view, &WORDS, &Noon).and_then(|arrival| arrival.moved);
            let _ = writeln!(table, "{name}: {}", moved.unwrap_or_default());
        }
    }
    insta::assert_snapshot!(table);
}

#[test]
fn how_sure_it_is() {
    let said = |sure| lines(&expected(|eta| eta.confidence = Some(sure)));
    assert!(said(Confidence::High).ends_with("This time follows from where the courier is."));
    assert!(said(Confidence::Medium).ends_with("This time is planned."));
    assert!(said(Confidence::Low).ends_with("This time is a rough guess."));
}

#[test]
fn where_nothing_is_known_it_says_so_and_where_nothing_is_to_come_it_says_nothing() {
    let unknown = recipient(Status::InTransit, Window::Unknown);
    assert_eq!(
        lines(&unknown),
        "The carrier has given no time yet. It appears here as soon as there is one."
    );
    for &status in Status::ALL {
        let over = status.is_final()
            || matches!(status, Status::Returning | Status::Arrived | Status::AvailableForPickup);
        let view = RecipientView { eta: None, ..recipient(status, Window::Unknown) };
        assert_eq!(Arrival::of(&view, &WORDS, &Noon).is_none(), over, "{status}");
    }
}

#[test]
fn one_instant_is_said_as_about_that_time() {
    let view = recipient(Status::OutForDelivery, between("13:10", "13:10"));
    let screen = Screen::recipient(&view, &WORDS, &Noon);
    assert_eq!(screen.sentence, "Out for delivery, arriving today around 14:10");
}

#[test]
fn each_next_step_with_and_without_its_deadline() {
    let mut table = String::new();
    for &action in NextAction::ALL {
        for until in
            [None, Some("2026-11-21T17:00:00Z"), Some("2026-11-24T17:00:00Z"), Some("2026-11-21T11:00:00Z")]
        {
            let mut view = recipient(Status::Exception, Window::Unknown);
            view.next = Some(NextStep { action, until: until.map(at) });
            let _ = writeln!(table, "{}", Screen::recipient(&view, &WORDS, &Noon).details.join(" / "));
        }
    }
    insta::assert_snapshot!(table);
}

#[test]
fn late_is_said_as_late_with_what_happens_next() {
    let mut view = recipient(Status::AttemptFailed, Window::Unknown);
    view.flags = Flags::NONE.with(Flag::Delayed).with(Flag::ActionRequired);
    view.promised = Some(day("2026-11-20"));
    view.next =
        Some(NextStep { action: NextAction::CorrectAddress, until: Some(at("2026-11-24T17:00:00Z")) });
    insta::assert_snapshot!(told(&Screen::recipient(&view, &WORDS, &Noon)), @r"
    [attention] Delivery attempted
            It was promised for Friday 20 November and is late. The carrier has not given a new time.
            Next: tell the shop the right address by Tuesday 24 November at 18:00.
    ");
}

proptest! {
    // A failing case prints its smallest form, which belongs in a test of its own; no file is kept.
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    /// Whatever the recipient's view holds, each line is a whole sentence and none is finer than a minute.
    #[test]
    fn any_time_is_told_in_whole_sentences_without_seconds(view in any_recipient()) {
        let screen = Screen::recipient(&view, &WORDS, &Noon);
        let deadline = Deadline::of(view.editing, &WORDS, &Noon).line;
        let arrival = Arrival::of(&view, &WORDS, &Noon);
        let lines = arrival.iter().flat_map(Arrival::lines).chain([deadline.as_str()]);
        for line in lines.chain(screen.details.iter().map(String::as_str)) {
            prop_assert!(line.ends_with(['.', ')']) && !line.contains(['{', '}']), "{line:?}");
        }
        let all = [screen.sentence, screen.details.join(" ")].join(" ");
        let clocks = all.split(' ').filter(|word| word.matches(':').count() > 1);
        prop_assert_eq!(clocks.count(), 0, "{}", all);
    }
}

#[test]
fn what_was_kept_says_of_when_it_is_unless_that_is_today() {
    let of = |text: &str| as_of(at(text), &WORDS, &Noon);
    assert_eq!(of("2026-11-21T06:00:00Z"), None);
    assert_eq!(of("2026-11-20T17:05:00Z").as_deref(), Some("Not connected. As of yesterday at 18:05"));
    let older = of("2026-11-16T17:05:00Z");
    assert_eq!(older.as_deref(), Some("Not connected. As of Monday 16 November at 18:05"));
}
