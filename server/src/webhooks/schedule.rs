//! When a message is tried again: the sample schedule of Standard Webhooks 1.0.0, which ends after about three
//! days, with jitter, so that what failed together does not come back together. Knows no clock.

use std::time::Duration;

/// How many times a message is tried before it is given up.
pub const MOST_TRIES: u32 = DELAYS.len() as u32;

const SECOND: u64 = 1;
const MINUTE: u64 = 60;
const HOUR: u64 = 3_600;

/// Seconds before each try, counted from the end of the one before.
const DELAYS: [u64; 10] =
    [0, 5 * SECOND, 5 * MINUTE, 30 * MINUTE, 2 * HOUR, 5 * HOUR, 10 * HOUR, 14 * HOUR, 20 * HOUR, 24 * HOUR];

/// How far a delay may be off, as a part of it.
const JITTER: f64 = 0.1;

/// The longest that a receiver's `Retry-After` is honoured for.
const LONGEST_PAUSE: u64 = 24 * HOUR;

/// How long to wait after so many tries, all in vain; `None` to give up. `chance` from 0 to 1 says how far off.
pub(super) fn after(tries: u32, chance: f64) -> Option<Duration> {
    let delay = *DELAYS.get(usize::try_from(tries).ok()?)?;
    let off = 1.0 + JITTER * (2.0 * chance.clamp(0.0, 1.0) - 1.0);
    Some(Duration::from_secs(delay).mul_f64(off))
}

/// How long a receiver is left alone that asks for it, or that says it is overloaded: as it says, or else as long
/// as the message would wait, but no longer than 5 minutes.
pub(super) fn pause(asked: Option<u64>, waits: Duration) -> Duration {
    match asked {
        Some(seconds) => Duration::from_secs(seconds.min(LONGEST_PAUSE)),
        None => waits.min(Duration::from_secs(5 * MINUTE)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_schedule_ends_after_three_days_and_a_bit() {
        let delays: Vec<Duration> = (1..).map_while(|tries| after(tries, 0.5)).collect();
        assert_eq!(delays.len(), 9, "ten tries in all");
        assert_eq!(delays.iter().sum::<Duration>(), Duration::from_secs(75 * HOUR + 35 * MINUTE + 5));
    }

    #[test]
    fn jitter_stays_within_a_tenth() {
        assert_eq!(after(2, 0.0), Some(Duration::from_secs(270)));
        assert_eq!(after(2, 1.0), Some(Duration::from_secs(330)));
        assert_eq!(after(MOST_TRIES, 0.5), None);
    }

    #[test]
    fn a_pause_is_bounded() {
        assert_eq!(pause(Some(120), Duration::ZERO), Duration::from_secs(120));
        assert_eq!(pause(Some(u64::MAX), Duration::ZERO), Duration::from_secs(24 * HOUR));
        assert_eq!(pause(None, Duration::from_secs(5)), Duration::from_secs(5));
        assert_eq!(pause(None, Duration::from_secs(HOUR)), Duration::from_secs(5 * MINUTE));
    }
}
