//! What the reader sees while a command works: one line a step, with its time.
//! It knows nothing of the steps.

use std::time::{Duration, Instant};

use crate::failure::Outcome;

/// Says what begins, does it, and says how long it took.
pub(crate) fn step<T>(name: &str, work: impl FnOnce() -> Outcome<T>) -> Outcome<T> {
    println!("▸ {name}");
    let start = Instant::now();
    let outcome = work();
    let word = if outcome.is_ok() { "done" } else { "failed" };
    println!("  {word} in {}", duration(start.elapsed()));
    outcome
}

pub(crate) fn note(text: &str) {
    println!("  {text}");
}

/// Two significant parts: "0.4 s", "12.3 s", "2 min 5 s".
pub(crate) fn duration(time: Duration) -> String {
    let seconds = time.as_secs();
    if seconds < 60 {
        format!("{:.1} s", time.as_secs_f64())
    } else {
        format!("{} min {} s", seconds / 60, seconds % 60)
    }
}

/// Thousands apart by a comma, so that byte counts can be read.
pub(crate) fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_and_numbers_are_readable() {
        assert_eq!(duration(Duration::from_millis(440)), "0.4 s");
        assert_eq!(duration(Duration::from_secs(125)), "2 min 5 s");
        assert_eq!(grouped(7), "7");
        assert_eq!(grouped(133_120), "133,120");
        assert_eq!(grouped(1_000_000), "1,000,000");
    }
}
