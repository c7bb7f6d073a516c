//! The ids of imported events, derived from the row alone, so that a repeated import tells nothing new
//! and a changed cell is a new event. Readable, because support staff see them.

use doorstep_model::id::EventId;
use doorstep_model::text::Source;

/// What the ids of one column's events begin with: `source:column:`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stem(String);

/// A source and column that leave no room for an id.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("is too long to make event ids of")]
pub struct TooLong;

/// Room kept for what tells an event from the others of its column.
const ROOM: usize = 40;

impl Stem {
    /// For a column of a source.
    ///
    /// # Errors
    /// [`TooLong`] when the names leave less than a timestamp's room.
    pub fn of(source: &Source, column: &str) -> Result<Self, TooLong> {
        let stem = format!("{}:{}:", visible(source.as_str()), visible(column));
        if stem.len() + ROOM > EventId::MAX { Err(TooLong) } else { Ok(Self(stem)) }
    }

    /// The id of the event that `what` (a time, a word) tells.
    ///
    /// # Errors
    /// [`TooLong`] when there is no room for it.
    pub fn id(&self, what: &str) -> Result<EventId, TooLong> {
        EventId::parse(&format!("{}{}", self.0, visible(what))).map_err(|_| TooLong)
    }

    /// Whether `id` is one of this column's.
    pub fn begins(&self, id: &EventId) -> bool {
        id.as_str().starts_with(&self.0)
    }
}

/// The `n`th telling of what `id` tells; the first is `id` itself.
///
/// # Errors
/// [`TooLong`] when there is no room for the number.
pub fn repeated(id: &EventId, n: usize) -> Result<EventId, TooLong> {
    if n < 2 {
        return Ok(id.clone());
    }
    EventId::parse(&format!("{id}#{n}")).map_err(|_| TooLong)
}

/// The same text in visible ASCII; different texts stay different. Letters, digits and `._-` stand for
/// themselves, every other byte is written `~hh`, and so are `:` and `#`, which part an id.
fn visible(text: &str) -> String {
    let mut visible = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'_' | b'-') {
            visible.push(char::from(byte));
        } else {
            visible.push_str(&format!("~{byte:02x}"));
        }
    }
    visible
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stem(column: &str) -> Result<Stem, TooLong> {
        Stem::of(&Source::parse("import").unwrap_or_else(|e| panic!("{e}")), column)
    }

    #[test]
    fn ids_are_readable_and_differ_where_the_texts_do() {
        let id = |column, what| stem(column).and_then(|stem| stem.id(what)).map(String::from);
        assert_eq!(id("order_status", "canceled").as_deref(), Ok("import:order_status:canceled"));
        assert_eq!(id("a b", "não").as_deref(), Ok("import:a~20b:n~c3~a3o"));
        assert_ne!(id("a", "b:c"), id("a:b", "c"));
    }

    #[test]
    fn names_that_leave_no_room_are_refused() {
        assert_eq!(stem(&"c".repeat(82)), Err(TooLong));
        assert_eq!(stem("c").and_then(|stem| stem.id(&"w".repeat(120))), Err(TooLong));
    }
}
