//! All that is wrong with a JSON body, found in one go. It is asked only after the quick reading has
//! failed: it reads the body's parts one by one and, where a field does not read, notes the place, takes
//! the field away and reads on. What it tells never repeats a value of the caller's: a value may be
//! personal, and problems end up in other people's logs.

use serde::de::DeserializeOwned;
use serde_json::Value;
use serde_path_to_error::{Path, Segment};

use crate::api::wire::Object;
use crate::problem::{FieldError, Problem, ProblemKind};

/// The most that is told about one body.
const MOST: usize = 100;

/// The most that is looked for in one object, so that a hostile body costs little.
const MOST_AN_OBJECT: usize = 16;

/// What was found.
#[derive(Default)]
pub(crate) struct Faults {
    /// Of another form than documented.
    malformed: Vec<FieldError>,
    /// Of the documented form, with a value that the field does not take.
    refused: Refusals,
}

/// Values that are refused, and where.
#[derive(Default)]
pub(in crate::api) struct Refusals(Vec<FieldError>);

impl Refusals {
    /// Notes that the value at `pointer` is refused.
    pub(in crate::api) fn add(&mut self, pointer: impl Into<String>, message: impl ToString) {
        if self.0.len() < MOST {
            self.0.push(FieldError::new(pointer, message));
        }
    }

    /// `value`, or all that was refused.
    ///
    /// # Errors
    /// The problem that tells it, when there is any.
    pub(in crate::api) fn or<T>(self, value: T) -> Result<T, Problem> {
        if self.0.is_empty() {
            return Ok(value);
        }
        Err(Problem::new(ProblemKind::ValidationFailed).errors(self.0))
    }
}

impl Faults {
    /// Whether nothing was found yet.
    pub(super) fn is_empty(&self) -> bool {
        self.malformed.is_empty() && self.refused.0.is_empty()
    }

    /// The problem that tells what was found; malformed wins over refused.
    pub(super) fn into_problem(self) -> Problem {
        let Self { mut malformed, refused } = self;
        if malformed.is_empty() {
            return Problem::new(ProblemKind::ValidationFailed).errors(refused.0);
        }
        malformed.extend(refused.0);
        Problem::new(ProblemKind::MalformedBody).errors(malformed)
    }

    /// Notes all that keeps the object at `at` from being a `T`.
    pub(crate) fn of_object<T: DeserializeOwned>(&mut self, mut object: Value, at: &str) {
        let mut taken: Vec<String> = Vec::new();
        for _ in 0..MOST_AN_OBJECT {
            if self.malformed.len() + self.refused.0.len() >= MOST {
                return;
            }
            let Err(error) = serde_path_to_error::deserialize::<_, Object<T>>(&object) else { return };
            let fault = Fault::read(&error.inner().to_string());
            let mut place = pointer(error.path());
            if let Some(field) = fault.field.as_deref().map(escape)
                && !place.ends_with(&field)
            {
                // A field that is missing or stands twice is told at the object around it.
                place.push_str(&field);
            }
            // What is missing only because it was taken away has been told.
            if !taken.contains(&place) {
                let errors = if fault.malformed { &mut self.malformed } else { &mut self.refused.0 };
                errors.push(FieldError { pointer: format!("{at}{place}"), message: fault.message });
            }
            // Where there is nothing to take away, what is around it holds nothing more to tell.
            while !take_away(&mut object, &place) {
                let Some(around) = place.rfind('/') else { return };
                taken.push(place.clone());
                place.truncate(around);
            }
            taken.push(place);
        }
    }

    /// Notes all that keeps `body` from being a `T`, whose field `list` holds `I`s: each item is looked at
    /// by itself.
    pub(crate) fn of_list<T: DeserializeOwned, I: DeserializeOwned>(&mut self, mut body: Value, list: &str) {
        if let Some(Value::Array(items)) = body.get_mut(list) {
            for (i, item) in items.iter_mut().enumerate() {
                self.of_object::<I>(item.take(), &format!("/{list}/{i}"));
            }
            items.clear();
        }
        self.of_object::<T>(body, "");
    }

    /// Notes what stopped the quick reading, for what only the bytes show, such as a name that stands twice.
    pub(super) fn of_reading(&mut self, error: &serde_json::Error) {
        let fault = Fault::read(&error.to_string());
        let message = format!("{} (line {}, column {})", fault.message, error.line(), error.column());
        self.malformed.push(FieldError::new(fault.field.as_deref().map(escape).unwrap_or_default(), message));
    }
}

/// Takes the value at `place` away, or it and all that follows in its list; says whether there was any.
fn take_away(object: &mut Value, place: &str) -> bool {
    let Some((around, name)) = place.rsplit_once('/') else { return false };
    match object.pointer_mut(around) {
        Some(Value::Object(fields)) => fields.remove(&name.replace("~1", "/").replace("~0", "~")).is_some(),
        Some(Value::Array(items)) => name.parse().is_ok_and(|index: usize| {
            let there = index < items.len();
            items.truncate(index);
            there
        }),
        _ => false,
    }
}

/// What serde says, without the caller's own values.
struct Fault {
    message: String,
    /// Whether the form is wrong, and not only the value.
    malformed: bool,
    /// The field that the message is about, below the place of the error.
    field: Option<String>,
}

impl Fault {
    fn read(said: &str) -> Self {
        let said = said.rsplit_once(" at line ").map_or(said, |(message, _)| message);
        let expected = |malformed| {
            let expected = said.rsplit_once(", expected ").map_or("something else", |(_, expected)| expected);
            Self { message: format!("must be {expected}"), malformed, field: None }
        };
        let about =
            |message: &str| Self { message: message.to_owned(), malformed: true, field: quoted(said) };
        match said {
            _ if said.starts_with("missing field ") => about("is missing"),
            _ if said.starts_with("unknown field ") => about("is no field of this object"),
            _ if said.starts_with("duplicate field ") => about("stands twice"),
            _ if said.starts_with("invalid type: ") => expected(true),
            _ if said.starts_with("invalid value: ") || said.starts_with("unknown variant ") => {
                expected(false)
            }
            _ => Self { message: said.to_owned(), malformed: false, field: None },
        }
    }
}

/// The name between the first backtick and the last before ", expected".
fn quoted(said: &str) -> Option<String> {
    let subject = said.rsplit_once(", expected ").map_or(said, |(subject, _)| subject);
    Some(subject.split_once('`')?.1.rsplit_once('`')?.0.to_owned())
}

fn pointer(path: &Path) -> String {
    let segment = |segment: &Segment| match segment {
        Segment::Seq { index } => format!("/{index}"),
        Segment::Map { key } => escape(key),
        Segment::Enum { .. } | Segment::Unknown => String::new(),
    };
    path.iter().map(segment).collect()
}

/// A name as a part of a JSON pointer (RFC 6901, 3), bounded.
fn escape(name: &str) -> String {
    let bounded: String = name.chars().take(64).collect();
    format!("/{}", bounded.replace('~', "~0").replace('/', "~1"))
}

#[cfg(test)]
mod tests;
