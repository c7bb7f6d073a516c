//! What amendments do.
