//! The wording, held against tables that are read like a page; and what must hold for any view at all.

mod arrival;
mod code;
mod instructions;
mod sample;

use std::fmt::Write as _;

use proptest::prelude::*;

use super::*;
use crate::eta::Window;
use crate::flags::{Flag, Flags};
use crate::reason::Reason;
use sample::{Noon, at, day, recipient, view, with_history};

const WORDS: Catalogue = Catalogue::ENGLISH;

type Change = fn(&mut PublicView);

/// What may be known of time beside a status, as of Saturday 21 November 2026, 13:00 in Madrid.
const SITUATIONS: [(&str, Change); 10] = [
    ("nothing known", |_| {}),
    ("since unknown", |v| v.since = None),
    ("eta today", |v| v.eta = sample::eta("2026-11-21")),
    ("eta tomorrow", |v| v.eta = sample::eta("2026-11-22")),
    ("eta has passed", |v| v.eta = sample::eta("2026-11-20")),
    ("promised for Monday", |v| v.promised = Some(day("2026-11-23"))),
    ("promise has passed", |v| {
        v.flags = Flags::NONE.with(Flag::Delayed);
        v.promised = Some(day("2026-11-20"));
    }),
    ("promise has passed, eta Tuesday", |v| {
        v.flags = Flags::NONE.with(Flag::Delayed);
        v.promised = Some(day("2026-11-20"));
        v.eta = sample::eta("2026-11-24");
    }),
    ("delayed, eta Tuesday", |v| {
        v.flags = Flags::NONE.with(Flag::Delayed);
        v.eta = sample::eta("2026-11-24");
    }),
    ("delayed by weather, no new time", |v| {
        v.flags = Flags::NONE.with(Flag::Delayed).with(Flag::ActionRequired);
        v.reason = Some(Reason::Weather);
    }),
];

fn told(screen: &Screen) -> String {
    let mut text = format!("[{}] {}", screen.tone.as_str(), screen.sentence);
    for detail in &screen.details {
        let _ = write!(text, "\n        {detail}");
    }
    text
}

#[test]
fn each_status_in_each_situation() {
    let mut table = String::new();
    for &status in Status::ALL {
        let _ = writeln!(table, "{status}");
        for (name, change) in SITUATIONS {
            let mut view = view(status);
            change(&mut view);
            let screen = Screen::public(&view, &WORDS, &Noon);
            let _ = writeln!(table, "    {name}:\n      {}", told(&screen));
        }
    }
    insta::assert_snapshot!(table);
}

#[test]
fn each_reason() {
    let mut table = String::new();
    for &reason in Reason::ALL {
        let mut view = view(Status::Exception);
        view.reason = Some(reason);
        let _ = writeln!(table, "{reason}: {}", Screen::public(&view, &WORDS, &Noon).details.join(" "));
    }
    insta::assert_snapshot!(table);
}

#[test]
fn each_window_that_a_recipient_is_told() {
    let between = |from, until| Window::Between { from: at(from), until: at(until) };
    let windows = [
        ("today", between("2026-11-21T13:10:00Z", "2026-11-21T13:40:00Z")),
        ("just over", between("2026-11-21T11:00:00Z", "2026-11-21T11:59:00Z")),
        ("tomorrow", between("2026-11-22T08:00:00Z", "2026-11-22T10:00:00Z")),
        ("across midnight", between("2026-11-21T22:30:00Z", "2026-11-21T23:30:00Z")),
        ("next year", between("2027-01-02T08:00:00Z", "2027-01-02T10:00:00Z")),
        ("a day", Window::OnDay { day: day("2026-11-24") }),
        ("withdrawn", Window::Unknown),
    ];
    let mut table = String::new();
    for (name, window) in windows {
        let screen = Screen::recipient(&recipient(Status::OutForDelivery, window), &WORDS, &Noon);
        let _ = writeln!(table, "{name}: {}", told(&screen));
    }
    insta::assert_snapshot!(table);
}

#[test]
fn a_delivery_that_came_late_says_so() {
    let mut view = view(Status::Delivered);
    view.flags = Flags::NONE.with(Flag::Delayed);
    view.promised = Some(day("2026-11-19"));
    insta::assert_snapshot!(told(&Screen::public(&view, &WORDS, &Noon)), @r"
    [good] Delivered today at 11:05
            It was promised for Thursday 19 November and came late. We are sorry.
    ");
    view.since = Some(at("2026-11-19T22:59:59Z"));
    assert!(Screen::public(&view, &WORDS, &Noon).details.is_empty(), "23:59 in Madrid keeps the promise");
}

#[test]
fn the_history_stands_by_day_newest_first() {
    let mut text = String::new();
    for day in Screen::public(&with_history(), &WORDS, &Noon).days {
        let _ = writeln!(text, "{}", day.heading);
        for line in &day.lines {
            let _ = write!(text, "  {} | {}", line.clock, line.title);
            for more in line.more() {
                let label = more.label.map(|label| format!("{label} ")).unwrap_or_default();
                let _ = write!(text, " | {label}{}", more.text);
            }
            text.push('\n');
        }
    }
    insta::assert_snapshot!(text, @r"
    Saturday 21 November (today)
      11:05 | Out for delivery
    Friday 20 November (yesterday)
      18:00 | Delivery attempted | Reason: nobody was there to receive it.
      08:30 | On its way | Carrier's word: IN_HUB <2>
    Time not known
      no time given | Order received
    ");
}

#[test]
fn the_age_of_the_data_is_said_no_finer_than_it_is_true() {
    let mut view = view(Status::InTransit);
    let mut heard = |text| {
        view.heard_at = at(text);
        Screen::public(&view, &WORDS, &Noon).heard
    };
    assert_eq!(heard("2026-11-21T12:00:30Z"), "Updated just now", "a clock that is behind");
    assert_eq!(heard("2026-11-21T11:59:01Z"), "Updated just now");
    assert_eq!(heard("2026-11-21T11:59:00Z"), "Updated 1 min ago");
    assert_eq!(heard("2026-11-21T11:00:01Z"), "Updated 59 min ago");
    assert_eq!(heard("2026-11-21T11:00:00Z"), "Updated today at 12:00");
    assert_eq!(heard("2026-11-20T11:00:00Z"), "Updated Friday 20 November at 12:00");
}

#[test]
fn the_zone_is_named_by_its_place_or_by_itself() {
    let note = |zone: &str| {
        let zone = Zone::parse(zone).unwrap_or_else(|e| panic!("{e}"));
        zone_note(&zone, &WORDS)
    };
    assert_eq!(note("America/New_York"), "Times are for New York (America/New_York).");
    assert_eq!(note("UTC"), "Times are in UTC.");
    assert_eq!(note("Etc/GMT+3"), "Times are in Etc/GMT+3.");
}

#[test]
fn a_page_without_a_shipment_always_says_why() {
    for kind in NoticeKind::ALL {
        let notice = Notice::of(kind, &WORDS);
        assert!(!notice.title.is_empty() && !notice.text.is_empty(), "{kind:?}");
    }
}

proptest! {
    /// Whatever a view holds, the page says something, in whole sentences, and one step at most is current.
    #[test]
    fn any_view_makes_a_page(view in sample::any_view()) {
        let screen = Screen::public(&view, &WORDS, &Noon);
        prop_assert!(!screen.sentence.is_empty());
        for text in screen.details.iter().chain([&screen.sentence, &screen.heard, &screen.zone_note]) {
            prop_assert!(!text.contains(['{', '}']) && !text.contains("  "), "{text:?}");
        }
        for detail in &screen.details {
            prop_assert!(detail.ends_with('.'), "{detail:?}");
        }
        let current = screen.steps.iter().filter(|step| step.state == StepState::Current).count();
        prop_assert!(current <= 1);
        let lines: usize = screen.days.iter().map(|day| day.lines.len()).sum();
        prop_assert_eq!(lines, view.history.len());
    }
}

#[test]
fn titles_name_the_steps_and_nothing_else() {
    let named = |status: Status| {
        let view = sample::view(status);
        let plain = Screen::public(&view, &WORDS, &sample::Noon);
        let mut screen = plain.clone();
        Titles::parse("Got it\nPicking\nGoing\nHere\nPicked up").name(&mut screen, status);
        let labels = screen.steps.clone().map(|step| step.label.into_owned());
        for (line, before) in screen.steps.iter_mut().zip(&plain.steps) {
            line.label = before.label.clone();
        }
        assert_eq!(screen, plain);
        labels
    };
    assert_eq!(named(Status::InTransit), ["Got it", "Picking", "Going", "Arriving", "Here"]);
    assert_eq!(named(Status::PickedUp)[2], "Picked up");
}
