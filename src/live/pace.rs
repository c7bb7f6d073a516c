//! How long to wait: every interval of the live connection in one place, with its reason.

/// Intervals, in milliseconds.
#[derive(Clone, Copy, Debug)]
pub struct Pace;

impl Pace {
    /// The first wait after a break; doubled with each failure after it.
    pub const FIRST: u32 = 500;
    /// The longest wait between tries: a page left open must not need a minute to notice the network.
    pub const LONGEST: u32 = 30_000;
    /// A stream that has not opened by now is held up by something on the way; more than a server that
    /// says good-bye asks to stay away.
    pub const PATIENCE: u32 = 15_000;
    /// A stream that breaks sooner than this after it opened has not worked.
    pub const WORKED: f64 = 2_000.0;
    /// Failures in a row without a stream that worked, before the page asks instead.
    pub const REFUSALS: u32 = 3;
    /// Between two questions where streams are refused.
    pub const POLL: u32 = 15_000;
    /// The most questions between two tries of the stream: about five minutes.
    pub const POLLS: u32 = 20;
    /// A page out of sight this long lets its connection go.
    pub const HIDDEN: u32 = 300_000;

    /// Questions before the stream is tried again, after `probes` tries in vain: one at first, because a
    /// server that starts and stops looks like one that refuses.
    pub fn polls(probes: u32) -> u32 {
        (1 << probes.min(16)).min(Self::POLLS)
    }

    /// The wait before try number `failures` (from 1), with `luck` in 0..1: half of it fixed, half by
    /// chance, so that the viewers of a server that restarts do not all come back at once.
    pub fn backoff(failures: u32, luck: f64) -> u32 {
        let whole = Self::FIRST.saturating_mul(1 << failures.saturating_sub(1).min(16)).min(Self::LONGEST);
        whole / 2 + part_of(whole / 2, luck)
    }
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "between 0 and `width`")]
fn part_of(width: u32, luck: f64) -> u32 {
    (f64::from(width) * luck.clamp(0.0, 1.0)) as u32
}
