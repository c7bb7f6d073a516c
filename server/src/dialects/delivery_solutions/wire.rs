//! The words on the wire: what clients send and what they are answered, each type with the limits of
//! `systems.md` 4.3. Knows nothing of what is kept or done.

pub(crate) mod answer;
pub(crate) mod checks;
pub(crate) mod number;
pub(crate) mod parts;
pub(crate) mod read;
pub(crate) mod text;
