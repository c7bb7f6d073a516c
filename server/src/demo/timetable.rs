//! When what is due: a journey's minutes on the real clock, played again and again. Pure, so that after
//! any pause (a sleeping laptop) the player is where it would have been.

use std::time::Duration;

use doorstep_model::time::Timestamp;

use super::scenario::Scenario;

/// How long a journey rests at its end before it starts anew, in its minutes.
const REST_MINUTES: i64 = 50;

/// How many of a journey's minutes pass in a real second.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Speed(f64);

/// A number that is no speed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("must be a number between 0.01 and 100: the journey's minutes that pass in a second")]
pub struct SpeedError;

impl Speed {
    /// Checks that `minutes_per_second` is from 0.01 to 100.
    ///
    /// # Errors
    /// [`SpeedError`] for anything else.
    pub fn new(minutes_per_second: f64) -> Result<Self, SpeedError> {
        if (0.01..=100.0).contains(&minutes_per_second) {
            Ok(Self(minutes_per_second))
        } else {
            Err(SpeedError)
        }
    }

    /// How long `minutes` of a journey take, in milliseconds.
    pub fn millis(self, minutes: i64) -> i64 {
        // A journey has thousands of minutes at most: far within what both types hold exactly.
        (minutes as f64 * 1_000.0 / self.0).round() as i64
    }
}

impl std::str::FromStr for Speed {
    type Err = SpeedError;

    fn from_str(text: &str) -> Result<Self, SpeedError> {
        Self::new(text.parse().map_err(|_| SpeedError)?)
    }
}

/// When the scenes of one journey are played.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Timetable {
    /// When its first round began.
    began: Timestamp,
    /// How long a round lasts, its rest included, in milliseconds.
    cycle: i64,
    /// When each scene is played, in milliseconds from the start of its round; never falling.
    scenes: Vec<i64>,
}

/// Where a journey is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Moment {
    /// Which round, from 0.
    pub round: u64,
    /// When that round began.
    pub began: Timestamp,
    /// How many scenes have been played in it.
    pub played: usize,
    /// How long until the next scene or round.
    pub next_in: Duration,
}

impl Timetable {
    /// For the `index`th of `count` journeys at `now`; each is at another point of its first round.
    pub fn new(scenario: &Scenario, speed: Speed, now: Timestamp, index: usize, count: usize) -> Self {
        let scenes: Vec<i64> = scenario.events.iter().map(|scene| speed.millis(scene.after.max(0))).collect();
        let cycle = scenes.last().copied().unwrap_or_default() + speed.millis(REST_MINUTES);
        let phase = cycle * index as i64 / count.max(1) as i64;
        Self { began: Timestamp::from_millis(now.millis() - phase), cycle: cycle.max(1), scenes }
    }

    /// Where the journey is at `now`; before its beginning it is at its beginning.
    pub fn at(&self, now: Timestamp) -> Moment {
        let elapsed = (now.millis() - self.began.millis()).max(0);
        let (round, within) = (elapsed / self.cycle, elapsed % self.cycle);
        let played = self.scenes.partition_point(|scene| *scene <= within);
        let next = self.scenes.get(played).copied().unwrap_or(self.cycle);
        Moment {
            round: round.unsigned_abs(),
            began: Timestamp::from_millis(self.began.millis() + round * self.cycle),
            played,
            next_in: Duration::from_millis((next - within).unsigned_abs()),
        }
    }
}
