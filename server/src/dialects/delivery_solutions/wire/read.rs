//! A JSON body read into its type. What keeps it from being read is told with its place and never with what
//! stands there: a value may be personal, and answers end up in other people's logs.

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};
use serde_path_to_error::{Path, Segment};

/// What is wrong with a body, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Fault {
    /// The field, with dots between: `deliveryContact.name`; empty for the whole body.
    pub(crate) at: String,
    /// What is wrong with it.
    pub(crate) message: String,
    /// Whether its form is wrong, and not only the value.
    pub(crate) form: bool,
}

impl Fault {
    /// A value that the field does not take.
    pub(crate) fn value(at: impl Into<String>, message: impl Into<String>) -> Self {
        Self { at: at.into(), message: message.into(), form: false }
    }

    fn form(at: impl Into<String>, message: impl Into<String>) -> Self {
        Self { at: at.into(), message: message.into(), form: true }
    }
}

impl std::fmt::Display for Fault {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let at = if self.at.is_empty() { "the body" } else { &self.at };
        write!(f, "Invalid Data: {at} {}", self.message)
    }
}

/// The body as an object.
///
/// # Errors
/// [`Fault`] where it is no JSON object.
pub(crate) fn object(bytes: &[u8]) -> Result<Map<String, Value>, Fault> {
    match serde_json::from_slice::<Value>(bytes) {
        Ok(Value::Object(object)) => Ok(object),
        Ok(_) => Err(Fault::form("", "must be an object")),
        // Says what was expected at which line and column, and nothing of what stands there.
        Err(error) => Err(Fault::form("", format!("is no JSON: {error}"))),
    }
}

/// Reads `given` as a `T`, and says which of its fields no `T` has.
///
/// # Errors
/// The first [`Fault`] that is found.
pub(crate) fn typed<T: DeserializeOwned + Serialize>(
    given: Map<String, Value>,
) -> Result<(T, Vec<String>), Fault> {
    let given = Value::Object(given);
    let read: T = serde_path_to_error::deserialize(&given).map_err(|error| {
        let at = place(error.path());
        told(at, &error.inner().to_string())
    })?;
    let kept = serde_json::to_value(&read).unwrap_or_default();
    let mut unknown = Vec::new();
    compare(&given, &kept, "", &mut unknown)?;
    Ok((read, unknown))
}

/// The most that is said to be unknown, so that a hostile body costs little.
const MOST_UNKNOWN: usize = 20;

/// What of `given` is not in `kept`. A list where an object belongs is refused: serde alone would take one.
fn compare(given: &Value, kept: &Value, at: &str, unknown: &mut Vec<String>) -> Result<(), Fault> {
    match (given, kept) {
        (Value::Object(given), Value::Object(kept)) => {
            for (name, value) in given {
                let at = join(at, name);
                match kept.get(name) {
                    Some(kept) => compare(value, kept, &at, unknown)?,
                    None if value.is_null() || unknown.len() >= MOST_UNKNOWN => {}
                    None => unknown.push(at),
                }
            }
            Ok(())
        }
        (Value::Array(given), Value::Array(kept)) => {
            given.iter().zip(kept).try_for_each(|(given, kept)| compare(given, kept, at, unknown))
        }
        (Value::Array(_), Value::Object(_)) => Err(Fault::form(at, "must be an object")),
        _ => Ok(()),
    }
}

fn join(at: &str, name: &str) -> String {
    let name: String = name.chars().take(64).collect();
    if at.is_empty() { name } else { format!("{at}.{name}") }
}

fn place(path: &Path) -> String {
    path.iter().fold(String::new(), |at, segment| match segment {
        Segment::Seq { index } => format!("{at}[{index}]"),
        Segment::Map { key } => join(&at, key),
        Segment::Enum { .. } | Segment::Unknown => at,
    })
}

/// What serde says, without the caller's own values.
fn told(at: String, said: &str) -> Fault {
    if let Some(field) = said.strip_prefix("missing field `").and_then(|rest| rest.split('`').next()) {
        return Fault::form(join(&at, field), "is a required field");
    }
    let expected = || said.rsplit_once(", expected ").map_or("something else", |(_, expected)| expected);
    if said.starts_with("invalid type: ") {
        return Fault::form(at, format!("must be {}", expected()));
    }
    if said.starts_with("invalid value: ") || said.starts_with("unknown variant ") {
        return Fault::value(at, format!("must be {}", expected()));
    }
    Fault::value(at, said)
}

#[cfg(test)]
mod tests {
    use super::super::parts::ShipmentBody;
    use super::*;

    fn fault(text: &str) -> String {
        let read = object(text.as_bytes()).and_then(typed::<ShipmentBody>);
        read.map_or_else(|fault| fault.to_string(), |(_, unknown)| format!("unknown: {unknown:?}"))
    }

    #[test]
    fn a_fault_is_told_with_its_place_and_without_what_stands_there() {
        for (body, told) in [
            ("[]", "Invalid Data: the body must be an object"),
            ("{}", "Invalid Data: orderExternalId is a required field"),
            (
                r#"{"orderExternalId":""}"#,
                "Invalid Data: orderExternalId must have 1 to 100 characters, none of them a control character, and no blanks around them",
            ),
            (
                r#"{"orderExternalId":"a","locationExternalId":"b","deliveryAddress":["s"]}"#,
                "Invalid Data: deliveryAddress must be an object",
            ),
            (
                r#"{"orderExternalId":"a","locationExternalId":"b","deliveryAddress":{"latitude":91}}"#,
                "Invalid Data: deliveryAddress.latitude must be a number from -90 to 90",
            ),
            (
                r#"{"orderExternalId":"a","locationExternalId":"b","deliveryAddress":{"city":7}}"#,
                "Invalid Data: deliveryAddress.city must be a string",
            ),
            (
                r#"{"orderExternalId":"a","locationExternalId":"b","deliveryAddress":{"x":7},"y":null,"z":0}"#,
                r#"unknown: ["deliveryAddress.x", "z"]"#,
            ),
        ] {
            assert_eq!(fault(body), told, "{body}");
        }
        assert!(
            fault("{\"secret\": tru").starts_with("Invalid Data: the body is no JSON: EOF while parsing")
        );
    }
}
