//! Percentiles of measured values, by the nearest rank: every figure reported was really seen.

/// Measured values, unordered until asked for.
#[derive(Debug, Default, Clone)]
pub(crate) struct Samples(Vec<f64>);

impl Samples {
    /// Adds a value; one that is not a number is a bug of the caller and is left out.
    pub(crate) fn add(&mut self, value: f64) {
        if !value.is_nan() {
            self.0.push(value);
        }
    }

    pub(crate) fn len(&self) -> usize {
        self.0.len()
    }

    /// The smallest value that at least `percent` of all values do not exceed; `None` of none.
    pub(crate) fn percentile(&self, percent: f64) -> Option<f64> {
        let mut sorted = self.0.clone();
        sorted.sort_by(f64::total_cmp);
        let rank = (percent / 100.0 * sorted.len() as f64).ceil() as usize;
        sorted.get(rank.saturating_sub(1)).copied()
    }

    pub(crate) fn median(&self) -> Option<f64> {
        self.percentile(50.0)
    }
}

impl FromIterator<f64> for Samples {
    fn from_iter<I: IntoIterator<Item = f64>>(values: I) -> Self {
        let mut samples = Self::default();
        values.into_iter().for_each(|value| samples.add(value));
        samples
    }
}

#[cfg(test)]
mod tests {
    use super::Samples;

    #[test]
    fn takes_the_nearest_rank() {
        let samples: Samples = (1..=100).rev().map(f64::from).collect();
        for (percent, expected) in
            [(0.0, 1.0), (1.0, 1.0), (50.0, 50.0), (99.0, 99.0), (99.1, 100.0), (100.0, 100.0)]
        {
            assert_eq!(samples.percentile(percent), Some(expected), "p{percent}");
        }
    }

    #[test]
    fn small_sets_give_a_value_that_was_seen() {
        let samples: Samples = [3.0, f64::NAN, 1.0, 2.0].into_iter().collect();
        assert_eq!((samples.len(), samples.median()), (3, Some(2.0)));
        assert_eq!(samples.percentile(99.0), Some(3.0));
        assert_eq!(Samples::default().median(), None);
    }
}
