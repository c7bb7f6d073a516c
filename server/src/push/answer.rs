//! What a push service's answer means (RFC 8030, 5 and 7.3), and when a device is tried again. Pure.

use std::time::Duration;

use http::StatusCode;

/// What became of a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Answer {
    /// The push service has it.
    Taken,
    /// The subscription has ended there.
    Gone,
    /// Not now; again after so long.
    Later(Duration),
}

/// How long after the first failure it is tried again; then twice as long each time.
const FIRST: Duration = Duration::from_secs(15);

/// The longest wait, whatever a push service asks for: a delivery is no matter of days.
const LONGEST: Duration = Duration::from_secs(60 * 60);

/// So often a device is tried, over some four hours, before the news is old.
pub(super) const MOST_TRIES: u32 = 12;

/// What `status` means, with the seconds that it asks to wait, after so many tries in vain.
pub(super) fn read(status: StatusCode, retry_after: Option<u64>, tries: u32) -> Answer {
    match status.as_u16() {
        200..=299 => Answer::Taken,
        // 403 by another key of ours; what was made with it is worth nothing.
        403 | 404 | 410 => Answer::Gone,
        _ => {
            let asked = retry_after.map(Duration::from_secs);
            Answer::Later(asked.unwrap_or_else(|| wait(tries)).clamp(Duration::from_secs(1), LONGEST))
        }
    }
}

/// How long to wait after so many tries in vain.
pub(super) fn wait(tries: u32) -> Duration {
    FIRST.saturating_mul(1 << tries.min(16)).min(LONGEST)
}
