//! Times as the viewer reads them. The browser's `Intl` has the time-zone database; how a time is written
//! stands in the catalogue, from which the server writes too, so that nothing moves when the widget takes over.

use std::cell::RefCell;
use std::rc::Rc;

use chrono::Datelike as _;
use doorstep_model::screen::Times;
use doorstep_model::time::{Day, Timestamp, Zone};
use doorstep_model::written;
use js_sys::{Function, Object, Reflect};
use leptos::wasm_bindgen::prelude::*;

use crate::page::WORDS;

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_namespace = Intl)]
    type DateTimeFormat;

    /// Throws where the browser does not know the zone, which js-sys' own binding cannot say.
    #[wasm_bindgen(constructor, catch, js_namespace = Intl)]
    fn new(locale: &str, options: &Object) -> Result<DateTimeFormat, JsValue>;

    #[wasm_bindgen(method, getter)]
    fn format(this: &DateTimeFormat) -> Function;

    #[wasm_bindgen(method, js_name = resolvedOptions)]
    fn resolved_options(this: &DateTimeFormat) -> Object;
}

/// Tells the fields of an instant in one zone. To make one takes the browser milliseconds.
struct Place {
    zone: Zone,
    /// `None` where the browser could not make it, which [`known`] rules out.
    tell: Option<Function>,
    is_own: bool,
}

/// What a calendar and a clock on the wall show.
struct Local {
    day: Day,
    hour: u32,
    minute: u32,
}

thread_local! {
    static PLACE: RefCell<Option<Rc<Place>>> = const { RefCell::new(None) };
}

/// Times of one delivery as its viewer reads them.
pub struct ViewerTimes {
    now: Timestamp,
    place: Rc<Place>,
}

/// The present, in milliseconds since 1970.
pub fn now() -> f64 {
    js_sys::Date::now()
}

/// `at` as RFC 3339, as [`Timestamp`] itself would write it with more code.
pub fn iso(at: Timestamp) -> String {
    js_sys::Date::new(&millis(at)).to_iso_string().into()
}

/// `zone`, or UTC where the browser does not know it: its database may be older than the server's.
pub fn known(zone: Zone) -> Zone {
    if formatter("en-US", &zone, &[]).is_ok() { zone } else { Zone::utc() }
}

impl ViewerTimes {
    /// For a delivery in `zone`, now.
    pub fn new(zone: &Zone) -> Self {
        let place = PLACE.with_borrow_mut(|kept| match kept {
            Some(place) if place.zone == *zone => Rc::clone(place),
            _ => Rc::clone(kept.insert(Rc::new(Place::new(zone)))),
        });
        Self { now: timestamp(now()), place }
    }

    /// Whether the delivery's zone is also the viewer's.
    pub fn is_own_zone(&self) -> bool {
        self.place.is_own
    }
}

impl Times for ViewerTimes {
    fn now(&self) -> Timestamp {
        self.now
    }

    fn day(&self, at: Timestamp) -> Day {
        self.place.local(at).day
    }

    fn clock(&self, at: Timestamp) -> String {
        let Local { hour, minute, .. } = self.place.local(at);
        written::clock(hour, minute, &WORDS)
    }

    fn date(&self, day: Day) -> String {
        written::date(day, day.year() != self.day(self.now).year(), &WORDS)
    }
}

impl Place {
    fn new(zone: &Zone) -> Self {
        let fields = [
            ("year", "numeric"),
            ("month", "numeric"),
            ("day", "numeric"),
            ("hour", "numeric"),
            ("minute", "numeric"),
            ("hourCycle", "h23"),
        ];
        let formatter = formatter("en-US", zone, &fields);
        let is_own = formatter.as_ref().is_ok_and(|formatter| Some(zone_of(formatter)) == viewer_zone());
        let tell = formatter.ok().map(|formatter| formatter.format());
        Self { zone: zone.clone(), tell, is_own }
    }

    fn local(&self, at: Timestamp) -> Local {
        let told = self.tell.as_ref().and_then(|tell| tell.call1(&JsValue::UNDEFINED, &millis(at)).ok());
        let text = told.and_then(|told| told.as_string()).unwrap_or_default();
        // "11/21/2026, 14:10"
        let mut numbers =
            text.split(|sign: char| !sign.is_ascii_digit()).filter_map(|part| part.parse().ok());
        let mut next = || numbers.next().unwrap_or_default();
        let (month, day, year, hour, minute) = (next(), next(), next(), next(), next());
        let day = Day::from_ymd_opt(i32::try_from(year).unwrap_or_default(), month, day);
        Local { day: day.unwrap_or_else(|| at.utc().date_naive()), hour, minute }
    }
}

fn formatter(language: &str, zone: &Zone, parts: &[(&str, &str)]) -> Result<DateTimeFormat, JsValue> {
    let options = Object::new();
    for (name, value) in parts.iter().chain(&[("timeZone", zone.as_str())]) {
        let _ = Reflect::set(&options, &JsValue::from_str(name), &JsValue::from_str(value));
    }
    DateTimeFormat::new(language, &options)
}

#[expect(clippy::cast_precision_loss, reason = "milliseconds until the year 9999 are exact")]
fn millis(at: Timestamp) -> JsValue {
    JsValue::from_f64(at.millis() as f64)
}

fn viewer_zone() -> Option<JsValue> {
    DateTimeFormat::new("en-US", &Object::new()).ok().map(|own| zone_of(&own))
}

/// As the browser calls it, whatever alias it was asked by.
fn zone_of(formatter: &DateTimeFormat) -> JsValue {
    Reflect::get(&formatter.resolved_options(), &JsValue::from_str("timeZone")).unwrap_or_default()
}

/// An instant from JavaScript's milliseconds.
#[expect(clippy::cast_possible_truncation, reason = "whole milliseconds, far inside of 64 bits")]
pub(crate) fn timestamp(millis: f64) -> Timestamp {
    Timestamp::from_millis(millis as i64)
}
