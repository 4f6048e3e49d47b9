//! What a node's `/metrics` says, and what changed between two looks at it.

use std::collections::BTreeMap;

/// Counters and histograms by name and labels, but for `le`.
#[derive(Clone, Debug, Default)]
pub struct Metrics {
    values: BTreeMap<String, f64>,
    histograms: BTreeMap<String, Histogram>,
}

/// How many were at most so long.
#[derive(Clone, Debug, Default)]
pub struct Histogram {
    /// Upper ends, s, ascending, and how many lie up to each.
    up_to: Vec<(f64, f64)>,
}

impl Metrics {
    /// Reads the text form.
    pub fn read(text: &str) -> Self {
        let mut metrics = Self::default();
        for line in text.lines().filter(|line| !line.starts_with('#')) {
            let Some((name, value)) = line.rsplit_once(' ') else {
                continue;
            };
            let Ok(value) = value.parse::<f64>() else { continue };
            let Some((name, labels)) = name.split_once('{') else {
                metrics.values.insert(name.to_owned(), value);
                continue;
            };
            let labels = labels.trim_end_matches('}').split(',');
            let (le, mut labels): (Vec<&str>, Vec<&str>) = labels.partition(|label| label.starts_with("le=\""));
            labels.sort_unstable();
            let key = format!("{}{{{}}}", name.trim_end_matches("_bucket"), labels.join(","));
            match le.first().map(|le| le.trim_start_matches("le=").trim_matches('"')) {
                None => {
                    metrics.values.insert(key, value);
                }
                Some(le) => {
                    let le = le.parse().unwrap_or(f64::INFINITY);
                    metrics.histograms.entry(key).or_default().up_to.push((le, value));
                }
            }
        }
        metrics
    }

    /// The sum of all values of a name, whatever their labels.
    pub fn sum(&self, name: &str) -> f64 {
        let begin = format!("{name}{{");
        let all = self
            .values
            .iter()
            .filter(|(key, _)| key.starts_with(&begin) || **key == name);
        all.map(|(_, value)| value).sum()
    }

    /// What a histogram counted since an earlier look.
    pub fn since(&self, earlier: &Self, key: &str) -> Histogram {
        let none = Histogram::default();
        let before = earlier.histograms.get(key).unwrap_or(&none);
        let of = |(at, (le, count)): (usize, &(f64, f64))| (*le, count - before.up_to.get(at).map_or(0.0, |one| one.1));
        let now = self.histograms.get(key).unwrap_or(&none);
        Histogram {
            up_to: now.up_to.iter().enumerate().map(of).collect(),
        }
    }
}

impl Histogram {
    pub fn count(&self) -> f64 {
        self.up_to.last().map_or(0.0, |last| last.1)
    }

    /// What such a share was not longer than, ms, straight between the ends of its class; NaN where there was none.
    pub fn quantile_ms(&self, share: f64) -> f64 {
        let wanted = self.count() * share;
        let (mut from_s, mut before) = (0.0, 0.0);
        for (le_s, count) in &self.up_to {
            if *count > 0.0 && *count >= wanted {
                let part = (wanted - before) / (count - before).max(1.0);
                let to_s = if le_s.is_finite() { *le_s } else { from_s };
                return 1e3 * (from_s + (to_s - from_s) * part.clamp(0.0, 1.0));
            }
            (from_s, before) = (*le_s, *count);
        }
        f64::NAN
    }

    /// The upper end of the class of the longest, ms.
    pub fn max_ms(&self) -> f64 {
        let all = self.count();
        let last = self.up_to.iter().find(|(_, count)| *count >= all);
        last.map_or(f64::NAN, |(le_s, _)| 1e3 * le_s)
    }

    /// Both together; of the same classes.
    pub fn plus(&self, other: &Self) -> Self {
        if self.up_to.is_empty() {
            return other.clone();
        }
        let others = other.up_to.iter().map(|one| one.1).chain(std::iter::repeat(0.0));
        let up_to = self.up_to.iter().zip(others).map(|(one, other)| (one.0, one.1 + other));
        Self { up_to: up_to.collect() }
    }
}
