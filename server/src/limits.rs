//! Being written.

/// How much anybody may ask.
pub struct Limits {}
