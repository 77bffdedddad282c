//! Figures of many rounds in a few words.

use core::fmt;

/// The median of some figures, and between which most of them are.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Summary {
    /// The median.
    pub median: f64,
    /// A tenth of the figures is less.
    pub low: f64,
    /// A tenth of the figures is more.
    pub high: f64,
}

impl Summary {
    /// Summarises figures. Without any, all is zero.
    #[must_use]
    pub fn of(figures: impl IntoIterator<Item = f64>) -> Self {
        let mut figures: Vec<f64> = figures.into_iter().collect();
        figures.sort_by(f64::total_cmp);
        Self {
            median: quantile(&figures, 50),
            low: quantile(&figures, 10),
            high: quantile(&figures, 90),
        }
    }
}

/// The figure that `percent` of the sorted figures are below. Without any, zero.
#[must_use]
pub fn quantile(sorted: &[f64], percent: usize) -> f64 {
    let at = sorted.len().saturating_sub(1) * percent / 100;
    sorted.get(at).copied().unwrap_or_default()
}

/// The median, and in brackets the spread: `0.95 [0.93 to 0.98]`.
impl fmt::Display for Summary {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.median, f)?;
        f.write_str(" [")?;
        fmt::Display::fmt(&self.low, f)?;
        f.write_str(" to ")?;
        fmt::Display::fmt(&self.high, f)?;
        f.write_str("]")
    }
}
