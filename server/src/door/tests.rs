//! How tokens travel.
