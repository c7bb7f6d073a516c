//! Views to make pages of, and a viewer in Madrid's winter at noon UTC.

use proptest::prelude::*;

use crate::eta::Window;
use crate::flags::{Flag, Flags};
use crate::id::TrackingId;
use crate::next::{NextAction, NextStep};
use crate::preferences::Preferences;
use crate::reason::Reason;
use crate::screen::Times;
use crate::shipment::Editing;
use crate::status::{Status, Step};
use crate::text::{Note, Source, SourceWord};
use crate::time::{Day, Timestamp, Zone};
use crate::views::{PublicEta, PublicMilestone, PublicView, RecipientEta, RecipientView};

/// Saturday 21 November 2026, 13:00, an hour ahead of UTC.
pub(super) struct Noon;

const HOUR: i64 = 3_600_000;

fn local(at: Timestamp) -> chrono::DateTime<chrono::Utc> {
    Timestamp::from_millis(at.millis().saturating_add(HOUR)).utc()
}

impl Times for Noon {
    fn now(&self) -> Timestamp {
        at("2026-11-21T12:00:00Z")
    }

    fn day(&self, at: Timestamp) -> Day {
        local(at).date_naive()
    }

    fn clock(&self, at: Timestamp) -> String {
        local(at).format("%H:%M").to_string()
    }

    fn date(&self, day: Day) -> String {
        use chrono::Datelike as _;
        day.format(if day.year() == 2026 { "%A %-d %B" } else { "%A %-d %B %Y" }).to_string()
    }
}

pub(super) fn at(text: &str) -> Timestamp {
    Timestamp::parse(text).unwrap_or_else(|e| panic!("{text}: {e}"))
}

pub(super) fn day(text: &str) -> Day {
    text.parse().unwrap_or_else(|e| panic!("{text}: {e}"))
}

#[expect(clippy::unnecessary_wraps, reason = "goes into a field that may be empty")]
pub(super) fn eta(on: &str) -> Option<PublicEta> {
    Some(PublicEta { day: day(on), as_of: at("2026-11-21T08:00:00Z"), confidence: None })
}

/// A shipment in `status` since 11:05 today, of which nothing else is known.
pub(super) fn view(status: Status) -> PublicView {
    PublicView {
        tracking_id: TrackingId::parse("DEMO-1").unwrap_or_else(|e| panic!("{e}")),
        sequence: 7,
        status,
        since: Some(at("2026-11-21T10:05:00Z")),
        step: status.step().unwrap_or(Step::OnTheWay),
        flags: Flags::NONE,
        reason: None,
        zone: Zone::parse("Europe/Madrid").unwrap_or_else(|e| panic!("{e}")),
        eta: None,
        promised: None,
        history: Vec::new(),
        heard_at: at("2026-11-21T10:05:00Z"),
    }
}

pub(super) fn with_history() -> PublicView {
    let line = |time: Option<&str>, status| PublicMilestone {
        time: time.map(at),
        status,
        source_word: None,
        language: None,
        reason: None,
    };
    let mut view = view(Status::OutForDelivery);
    view.history = vec![
        line(None, Status::Created),
        PublicMilestone {
            source_word: SourceWord::parse("IN_HUB <2>").ok(),
            ..line(Some("2026-11-20T07:30:00Z"), Status::InTransit)
        },
        PublicMilestone {
            reason: Some(Reason::RecipientAbsent),
            ..line(Some("2026-11-20T17:00:00Z"), Status::AttemptFailed)
        },
        line(Some("2026-11-21T10:05:00Z"), Status::OutForDelivery),
    ];
    view
}

pub(super) fn recipient(status: Status, window: Window) -> RecipientView {
    let public = view(status);
    RecipientView {
        tracking_id: public.tracking_id,
        sequence: public.sequence,
        status,
        since: public.since,
        step: public.step,
        flags: public.flags,
        reason: None,
        zone: public.zone,
        eta: Some(RecipientEta {
            window: window.into(),
            as_of: public.heard_at,
            confidence: None,
            source: Source::parse("Acme Carrier").unwrap_or_else(|e| panic!("{e}")),
            cause: None,
            before: None,
        }),
        promised: None,
        history: Vec::new(),
        heard_at: public.heard_at,
        recipient_first_name: None,
        courier_first_name: None,
        next: NextStep::usual(status, None),
        preferences: Preferences::default(),
        editing: Editing { closed: false, closes: Status::Arrived, until: None },
        contactless_allowed: true,
        code: None,
        proofs: Vec::new(),
        photo_to_confirm: None,
        photo: None,
    }
}

fn any_time() -> impl Strategy<Value = Timestamp> {
    prop_oneof![
        any::<i64>().prop_map(Timestamp::from_millis),
        (-400_000_000i64..400_000_000).prop_map(|off| Timestamp::from_millis(Noon.now().millis() + off)),
    ]
}

fn any_day() -> impl Strategy<Value = Day> {
    prop_oneof![
        (-5i64..5).prop_map(|off| Noon.day(Timestamp::from_millis(Noon.now().millis() + off * 24 * HOUR))),
        Just(Day::MIN),
        Just(Day::MAX),
    ]
}

fn any_milestone() -> impl Strategy<Value = PublicMilestone> {
    let word = prop::option::of("[A-Z<&\"']{1,8}".prop_map(|word| SourceWord::parse(&word).ok()));
    (
        prop::option::of(any_time()),
        prop::sample::select(Status::ALL),
        word,
        prop::option::of(prop::sample::select(Reason::ALL)),
    )
        .prop_map(|(time, status, word, reason)| PublicMilestone {
            time,
            status,
            source_word: word.flatten(),
            language: None,
            reason,
        })
}

/// Any view whatever, consistent or not.
pub(super) fn any_view() -> impl Strategy<Value = PublicView> {
    let eta = (any_day(), any_time()).prop_map(|(day, as_of)| PublicEta { day, as_of, confidence: None });
    (
        (prop::sample::select(Status::ALL), prop::sample::select(Step::ALL)),
        prop::sample::subsequence(Flag::ALL, 0..=Flag::ALL.len()),
        (prop::option::of(any_time()), any_time()),
        prop::option::of(prop::sample::select(Reason::ALL)),
        (prop::option::of(eta), prop::option::of(any_day())),
        prop::collection::vec(any_milestone(), 0..12),
    )
        .prop_map(|((status, step), flags, (since, heard_at), reason, (eta, promised), history)| {
            PublicView {
                step,
                since,
                heard_at,
                flags: flags.into_iter().collect(),
                reason,
                eta,
                promised,
                history,
                ..view(status)
            }
        })
}

fn any_window() -> impl Strategy<Value = Window> {
    prop_oneof![
        4 => (any_time(), 0_i64..400_000_000).prop_map(|(from, length)| Window::Between {
            from,
            until: Timestamp::from_millis(from.millis().saturating_add(length)),
        }),
        1 => any_day().prop_map(|day| Window::OnDay { day }),
        1 => Just(Window::Unknown),
    ]
}

/// Any view of a recipient as far as time goes.
pub(super) fn any_recipient() -> impl Strategy<Value = RecipientView> {
    let cause = prop::option::of("[a-z<&. ]{0,8}x\\.?".prop_map(|cause| Note::parse(&cause).ok()));
    let eta = (any_window(), any_time(), prop::option::of(any_window()), cause);
    let next = (prop::sample::select(NextAction::ALL), prop::option::of(any_time()));
    let editing = (any::<bool>(), prop::sample::select(Status::ALL), prop::option::of(any_time()));
    (any_view(), prop::option::of(eta), prop::option::of(next), editing).prop_map(
        |(public, eta, next, (closed, closes, until))| {
            let plain = recipient(public.status, Window::Unknown);
            let eta = eta.zip(plain.eta.clone()).map(|((window, as_of, before, cause), eta)| RecipientEta {
                window: window.into(),
                as_of,
                before: before.map(Into::into),
                cause: cause.flatten(),
                ..eta
            });
            RecipientView {
                eta,
                step: public.step,
                flags: public.flags,
                reason: public.reason,
                promised: public.promised,
                since: public.since,
                heard_at: public.heard_at,
                next: next.map(|(action, until)| NextStep { action, until }),
                editing: Editing { closed, closes, until },
                ..plain
            }
        },
    )
}
