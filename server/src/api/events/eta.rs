//! A time of arrival as an API client tells it.

use doorstep_model::eta::{Confidence, Eta, Window};
use doorstep_model::text::Note;
use doorstep_model::time::{Day, Timestamp};
use serde::de::Error as _;
use utoipa::openapi::schema::{ObjectBuilder, OneOfBuilder, Schema, Type};
use utoipa::openapi::{Ref, RefOr};
use utoipa::{PartialSchema, ToSchema};

use super::Hearing;
use crate::api::docs;
use crate::api::extract::Refusals;
use crate::api::wire;

/// What is said about the time of arrival.
#[derive(Clone, Debug, serde::Deserialize, serde::Serialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(in crate::api) struct EtaBody {
    /// When it is expected. `from` is not after `until`.
    #[serde(deserialize_with = "window")]
    #[schema(value_type = NewWindow)]
    window: Window,
    /// When that was known; when the event happened, or now, where it does not say.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    as_of: Option<Timestamp>,
    /// How sure it is.
    #[serde(default, deserialize_with = "wire::word", skip_serializing_if = "Option::is_none")]
    confidence: Option<Confidence>,
    /// Why it moved. The recipient may read it, the public may not.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    cause: Option<Note>,
}

impl EtaBody {
    /// The time of arrival that it tells, within the event at `at` that happened at `time`.
    pub(super) fn hear(
        self,
        hearing: &Hearing<'_>,
        time: Option<Timestamp>,
        at: &str,
        refusals: &mut Refusals,
    ) -> Eta {
        if let Window::Between { from, until } = self.window
            && from > until
        {
            refusals.add(format!("{at}/eta/window"), "has its from after its until");
        }
        hearing.check_time(self.as_of, || format!("{at}/eta/asOf"), refusals);
        Eta {
            window: self.window,
            as_of: self.as_of.or(time).unwrap_or(hearing.now),
            confidence: self.confidence,
            source: hearing.source.clone(),
            cause: self.cause,
        }
    }
}

/// Documents a window as it is told: each kind with its own fields and no other.
struct NewWindow;

impl PartialSchema for NewWindow {
    fn schema() -> RefOr<Schema> {
        let of_kind = |kind: &str, fields: &[(&str, RefOr<Schema>)]| {
            let kind = ObjectBuilder::new().schema_type(Type::String).enum_values(Some([kind])).build();
            docs::closed_object(&[&[("kind", kind.into())], fields].concat())
        };
        let instant = || Ref::from_schema_name(Timestamp::name()).into();
        let kinds = OneOfBuilder::new()
            .item(of_kind("between", &[("from", instant()), ("until", instant())]))
            .item(of_kind("day", &[("day", docs::day())]))
            .item(of_kind("unknown", &[]));
        RefOr::T(Schema::OneOf(kinds.build()))
    }
}

impl ToSchema for NewWindow {
    fn name() -> std::borrow::Cow<'static, str> {
        "NewWindow".into()
    }

    fn schemas(schemas: &mut Vec<(String, RefOr<Schema>)>) {
        schemas.push((Timestamp::name().into_owned(), Timestamp::schema()));
    }
}

/// The fields of every kind of window; serde's own tagged enums would take a number for the kind and
/// anything beside `unknown`.
#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct Fields {
    #[serde(deserialize_with = "kind")]
    kind: Kind,
    from: Option<Timestamp>,
    until: Option<Timestamp>,
    #[serde(default, deserialize_with = "wire::day")]
    day: Option<Day>,
}

#[derive(Clone, Copy)]
enum Kind {
    Between,
    Day,
    Unknown,
}

fn kind<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Kind, D::Error> {
    let word = <std::borrow::Cow<'de, str> as serde::Deserialize>::deserialize(deserializer)?;
    match word.as_ref() {
        "between" => Ok(Kind::Between),
        "day" => Ok(Kind::Day),
        "unknown" => Ok(Kind::Unknown),
        _ => Err(D::Error::custom("must be between, day or unknown")),
    }
}

fn window<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Window, D::Error> {
    let Fields { kind, from, until, day } = wire::object(deserializer)?;
    match (kind, from, until, day) {
        (Kind::Between, Some(from), Some(until), None) => Ok(Window::Between { from, until }),
        (Kind::Between, ..) => Err(D::Error::custom("of this kind has from and until")),
        (Kind::Day, None, None, Some(day)) => Ok(Window::OnDay { day }),
        (Kind::Day, ..) => Err(D::Error::custom("of this kind has a day")),
        (Kind::Unknown, None, None, None) => Ok(Window::Unknown),
        (Kind::Unknown, ..) => Err(D::Error::custom("of this kind has nothing else")),
    }
}
