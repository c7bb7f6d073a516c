//! Being written.

/// Who watches what.
pub struct Hub {}
