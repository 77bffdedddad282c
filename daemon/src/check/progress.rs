//! What is shown while people wait: one line for each domain under way.

use core::time::Duration;
use std::borrow::Cow;

use indicatif::{MultiProgress, ProgressBar, ProgressDrawTarget, ProgressStyle};

use super::Step;

/// Shows on standard error how far a check is. Shows nothing if that is no terminal.
#[derive(Clone, Debug)]
pub struct Progress {
    bars: MultiProgress,
}

/// How far the check of one domain is.
#[derive(Debug)]
pub struct Line {
    bar: ProgressBar,
}

const TICK: Duration = Duration::from_millis(120);

impl Progress {
    /// Progress on standard error, or nothing.
    #[must_use]
    pub fn new(is_shown: bool) -> Self {
        let target =
            if is_shown { ProgressDrawTarget::stderr() } else { ProgressDrawTarget::hidden() };
        Self { bars: MultiProgress::with_draw_target(target) }
    }

    /// A line for one more domain. It goes away when it is dropped.
    #[must_use]
    pub fn line(&self, domain: impl Into<Cow<'static, str>>) -> Line {
        let bar = self.bars.add(ProgressBar::new(Step::COUNT));
        if let Ok(style) = ProgressStyle::with_template("{spinner} {prefix} {pos}/{len} {msg}") {
            bar.set_style(style);
        }
        bar.set_prefix(domain);
        bar.enable_steady_tick(TICK);
        Line { bar }
    }
}

impl Line {
    /// One more step has ended.
    pub fn done(&self, step: Step) {
        self.bar.inc(1);
        self.bar.set_message(step.as_str());
    }
}

impl Drop for Line {
    fn drop(&mut self) {
        self.bar.finish_and_clear();
    }
}
