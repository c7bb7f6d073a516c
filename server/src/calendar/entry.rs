//! A shipment as one entry of a calendar. What stands in it: the number, where it stands in words, when it
//! is expected; nothing else. Where no time is known it is a task without a date, since an event without
//! one would have to be guessed.

use doorstep_model::eta::{Confidence, Window};
use doorstep_model::screen::{Screen, Times};
use doorstep_model::shipment::Shipment;
use doorstep_model::status::Status;
use doorstep_model::time::{Day, Timestamp};
use doorstep_model::views::{PublicView, RecipientView};

use super::lines::Lines;
use crate::clock::Clock;
use crate::language::Language;
use crate::public_url::PublicUrl;
use crate::zones::{ViewerTimes, ZoneDays};

/// How often a program should ask while something may move.
const OFTEN: &str = "PT15M";
/// How often after the end.
const SELDOM: &str = "P1D";

/// When the entry is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum When {
    /// From the first instant to the last; an instant that has passed where both are one.
    Between(Timestamp, Timestamp),
    /// Some time on that day.
    On(Day),
    /// Nobody knows.
    Unknown,
}

/// What a calendar calls how sure it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Sureness {
    Tentative,
    Confirmed,
    Done,
    Cancelled,
}

/// The feed of `shipment`.
pub(super) fn feed(shipment: &Shipment, language: Language, clock: &Clock, public_url: &PublicUrl) -> String {
    let id = shipment.tracking_id();
    let title = language.catalogue().page_title(id.as_str());
    let often = if shipment.journey().status.is_final() { SELDOM } else { OFTEN };
    let mut lines = Lines::default();
    lines.raw("BEGIN", "VCALENDAR");
    lines.raw("VERSION", "2.0");
    lines.raw("PRODID", concat!("-//Doorstep//Doorstep ", env!("CARGO_PKG_VERSION"), "//EN"));
    lines.raw("CALSCALE", "GREGORIAN");
    lines.raw("METHOD", "PUBLISH");
    lines.raw("REFRESH-INTERVAL;VALUE=DURATION", often);
    lines.raw("X-PUBLISHED-TTL", often);
    lines.text("NAME", &title);
    lines.text("X-WR-CALNAME", &title);
    let (when, sureness) = (when(shipment), sureness(shipment));
    let component = if when == When::Unknown { "VTODO" } else { "VEVENT" };
    lines.raw("BEGIN", component);
    // The number in one spelling: the entry is the same however the number was typed.
    lines.text("UID", &format!("{}@doorstep", id.key()));
    lines.raw("SEQUENCE", &shipment.sequence().to_string());
    let heard = shipment.journey().heard_at.unwrap_or(shipment.created_at());
    lines.instant("DTSTAMP", heard);
    lines.instant("LAST-MODIFIED", heard);
    lines.instant("CREATED", shipment.created_at());
    write_when(&mut lines, when);
    lines.raw("STATUS", status_word(when, sureness));
    lines.raw("CLASS", "PRIVATE");
    if when != When::Unknown {
        // Waiting for a parcel keeps nobody from an appointment.
        lines.raw("TRANSP", "TRANSPARENT");
    }
    lines.text("SUMMARY", &title);
    lines.text("DESCRIPTION", &description(shipment, language, clock));
    lines.raw("URL", &format!("{public_url}/t/{id}"));
    lines.raw("END", component);
    lines.raw("END", "VCALENDAR");
    lines.finish()
}

fn write_when(lines: &mut Lines, when: When) {
    match when {
        // Without an end it takes no time.
        When::Between(from, until) if from == until => lines.instant("DTSTART", from),
        When::Between(from, until) => {
            lines.instant("DTSTART", from);
            lines.instant("DTEND", until);
        }
        When::On(day) => {
            lines.day("DTSTART", day);
            // The end is the first day that is none of it.
            lines.day("DTEND", day.succ_opt().unwrap_or(day));
        }
        When::Unknown => {}
    }
}

fn status_word(when: When, sureness: Sureness) -> &'static str {
    match (when, sureness) {
        (_, Sureness::Cancelled) => "CANCELLED",
        (When::Unknown, Sureness::Done) => "COMPLETED",
        (When::Unknown, _) => "NEEDS-ACTION",
        (_, Sureness::Tentative) => "TENTATIVE",
        (_, Sureness::Confirmed | Sureness::Done) => "CONFIRMED",
    }
}

fn when(shipment: &Shipment) -> When {
    let journey = shipment.journey();
    let happened = matches!(journey.status, Status::Delivered | Status::Arrived | Status::AvailableForPickup);
    if let (true, Some(since)) = (happened, journey.since) {
        return When::Between(since, since);
    }
    let announced = journey.eta.as_ref().map(|eta| eta.window);
    // What will not come stays where it was last expected, so that the entry is found there, struck out.
    let last = || shipment.events().iter().rev().find_map(|event| Some(event.eta.as_ref()?.window));
    let ended = shipment.has_ended() || journey.status == Status::Failed;
    let window = if ended { announced.or_else(last) } else { announced };
    // A promise that a visit in vain has broken is no expectation.
    let promised = || shipment.details().promise.filter(|_| ended || journey.visit == 0);
    match window {
        Some(Window::Between { from, until }) => When::Between(from, until),
        Some(Window::OnDay { day }) => When::On(day),
        Some(Window::Unknown) | None => promised().map_or(When::Unknown, |promise| When::On(promise.day)),
    }
}

fn sureness(shipment: &Shipment) -> Sureness {
    let journey = shipment.journey();
    match journey.status {
        Status::Delivered => Sureness::Done,
        Status::Cancelled | Status::Undeliverable | Status::Returning | Status::Returned | Status::Failed => {
            Sureness::Cancelled
        }
        Status::Arrived | Status::AvailableForPickup => Sureness::Confirmed,
        _ => match &journey.eta {
            Some(eta) if eta.confidence != Some(Confidence::Low) => Sureness::Confirmed,
            _ => Sureness::Tentative,
        },
    }
}

/// The recipient's sentence with the window, and for the rest what everybody may read: neither can hold a
/// note, a name or a place.
fn description(shipment: &Shipment, language: Language, clock: &Clock) -> String {
    let words = language.catalogue();
    let times = Kept(ViewerTimes::new(clock, &shipment.details().zone, language));
    let told = Screen::recipient(&RecipientView::of(shipment), &words, &times);
    let public = Screen::public(&PublicView::of(shipment, &ZoneDays), &words, &times);
    let mut said = vec![told.sentence];
    said.extend(public.details);
    said.push(told.zone_note);
    said.join("\n")
}

/// Times as they are read later: a calendar shows for hours what it was told once.
struct Kept(ViewerTimes);

impl Times for Kept {
    fn now(&self) -> Timestamp {
        self.0.now()
    }

    fn day(&self, at: Timestamp) -> Day {
        self.0.day(at)
    }

    fn clock(&self, at: Timestamp) -> String {
        self.0.clock(at)
    }

    fn date(&self, day: Day) -> String {
        self.0.date(day)
    }

    fn says_near(&self) -> bool {
        false
    }
}
