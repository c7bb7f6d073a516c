//! Times as the viewer reads them, by the browser's `Intl`: it has the time-zone database and the
//! languages. Writes exactly what the server wrote (its `zones`), so that nothing moves when the widget
//! takes over.

use std::cell::{OnceCell, RefCell};
use std::rc::Rc;

use chrono::Datelike as _;
use doorstep_model::screen::Times;
use doorstep_model::time::{Day, Timestamp, Zone};
use js_sys::{Function, Object, Reflect};
use leptos::wasm_bindgen::prelude::*;

use crate::page;

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

/// Writes an instant; `None` where the browser could not make it, which [`known`] rules out.
type Writer = Option<Function>;

/// Writes instants in one zone and one language. To make one takes the browser milliseconds.
struct Writers {
    zone: Zone,
    language: String,
    day: Writer,
    clock: Writer,
    own_zone: bool,
}

thread_local! {
    static WRITERS: RefCell<Option<Rc<Writers>>> = const { RefCell::new(None) };
    static DATE: OnceCell<Writer> = const { OnceCell::new() };
    static DATE_WITH_YEAR: OnceCell<Writer> = const { OnceCell::new() };
}

/// Times of one delivery as its viewer reads them.
pub struct ViewerTimes {
    now: Timestamp,
    writers: Rc<Writers>,
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
        let language = page::language();
        let writers = WRITERS.with_borrow_mut(|kept| match kept {
            Some(writers) if writers.zone == *zone && writers.language == language => Rc::clone(writers),
            _ => Rc::clone(kept.insert(Rc::new(Writers::new(zone, language)))),
        });
        Self { now: timestamp(now()), writers }
    }

    /// Whether the delivery's zone is also the viewer's.
    pub fn is_own_zone(&self) -> bool {
        self.writers.own_zone
    }
}

impl Times for ViewerTimes {
    fn now(&self) -> Timestamp {
        self.now
    }

    fn day(&self, at: Timestamp) -> Day {
        // "11/21/2026"
        let text = write(&self.writers.day, at);
        let mut numbers = text.split('/').map(|number| number.parse::<u32>().unwrap_or_default());
        let (month, day) = (numbers.next().unwrap_or_default(), numbers.next().unwrap_or_default());
        let year = numbers.next().and_then(|year| i32::try_from(year).ok()).unwrap_or_default();
        Day::from_ymd_opt(year, month, day).unwrap_or_else(|| at.utc().date_naive())
    }

    fn clock(&self, at: Timestamp) -> String {
        // Browsers differ in the blank before "PM"; the server writes the one that does not break.
        write(&self.writers.clock, at).replace(' ', "\u{202f}")
    }

    fn date(&self, day: Day) -> String {
        let with_year = day.year() != self.day(self.now).year();
        let noon = timestamp(f64::from(day.num_days_from_ce() - EPOCH_DAY) * DAY_MILLIS + DAY_MILLIS / 2.0);
        let text = if with_year {
            DATE_WITH_YEAR.with(|made| write(made.get_or_init(|| self.writers.dates(true)), noon))
        } else {
            DATE.with(|made| write(made.get_or_init(|| self.writers.dates(false)), noon))
        };
        // Browsers differ in the comma after the British weekday; the server writes none.
        if self.writers.language == "en-GB" { text.replace(',', "") } else { text }
    }
}

/// 1970-01-01, counted as chrono counts days.
const EPOCH_DAY: i32 = 719_163;
const DAY_MILLIS: f64 = 86_400_000.0;

impl Writers {
    fn new(zone: &Zone, language: String) -> Self {
        let numeric = [("year", "numeric"), ("month", "numeric"), ("day", "numeric")];
        let day = formatter("en-US", zone, &numeric);
        let own_zone = day.as_ref().is_ok_and(|day| Some(zone_of(day)) == viewer_zone());
        let clock = formatter(&language, zone, &[("timeStyle", "short")]);
        Self { zone: zone.clone(), language, day: writer(day), clock: writer(clock), own_zone }
    }

    fn dates(&self, with_year: bool) -> Writer {
        let parts = [("weekday", "long"), ("day", "numeric"), ("month", "long"), ("year", "numeric")];
        let parts = if with_year { &parts[..] } else { &parts[..3] };
        writer(formatter(&self.language, &Zone::utc(), parts))
    }
}

fn formatter(language: &str, zone: &Zone, parts: &[(&str, &str)]) -> Result<DateTimeFormat, JsValue> {
    let options = Object::new();
    for (name, value) in parts.iter().chain(&[("timeZone", zone.as_str())]) {
        let _ = Reflect::set(&options, &JsValue::from_str(name), &JsValue::from_str(value));
    }
    DateTimeFormat::new(language, &options)
}

fn writer(formatter: Result<DateTimeFormat, JsValue>) -> Writer {
    formatter.ok().map(|formatter| formatter.format())
}

fn write(writer: &Writer, at: Timestamp) -> String {
    let text = writer.as_ref().and_then(|writer| writer.call1(&JsValue::UNDEFINED, &millis(at)).ok());
    text.and_then(|text| text.as_string()).unwrap_or_default()
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
