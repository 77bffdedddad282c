//! Processes: this program again in another role, on which processors, and what they use.

use core::time::Duration;
use std::{
    env, fs,
    process::{Command, Stdio},
    thread,
};

use anyhow::Context as _;
use nix::{
    sched::{CpuSet, sched_setaffinity},
    sys::{
        resource::{UsageWho, getrusage},
        time::TimeValLike as _,
    },
    unistd::Pid,
};

const ROLE: &str = "--role";

/// What the program is run for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// To measure.
    Measure(Wanted),
    /// To play a part in a measurement.
    Role(Vec<String>),
    /// To be found to compile: `cargo test --benches`.
    Nothing,
}

/// What is to be measured. The command line is that of a criterion bench, as far as it applies.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wanted {
    /// Roughly, with few and short rounds.
    pub quick: bool,
    filter: Option<String>,
}

impl Purpose {
    /// Reads the command line.
    #[must_use]
    pub fn of_process() -> Self {
        let mut arguments: Vec<String> = env::args().skip(1).collect();
        if arguments.first().is_some_and(|argument| argument == ROLE) {
            return Self::Role(arguments.split_off(1));
        }
        let has = |option| arguments.iter().any(|argument| argument == option);
        if !has("--bench") {
            return Self::Nothing;
        }
        let quick = has("--quick");
        let filter = arguments.into_iter().find(|argument| !argument.starts_with('-'));
        Self::Measure(Wanted { quick, filter })
    }
}

impl Wanted {
    /// Whether what has this name is to be measured.
    #[must_use]
    pub fn contains(&self, name: &str) -> bool {
        self.filter.as_ref().is_none_or(|filter| name.contains(filter))
    }
}

/// This program in a role, with its standard input and output piped.
///
/// # Errors
///
/// When the program cannot be found.
pub fn role(arguments: &[&str]) -> anyhow::Result<Command> {
    let mut command = Command::new(env::current_exe()?);
    command.arg(ROLE).args(arguments).stdin(Stdio::piped()).stdout(Stdio::piped());
    Ok(command)
}

/// Keeps this thread, and the threads that it starts from now on, on one processor.
///
/// # Errors
///
/// When there is no such processor.
pub fn pin(processor: usize) -> anyhow::Result<()> {
    let mut set = CpuSet::new();
    set.set(processor)?;
    sched_setaffinity(Pid::from_raw(0), &set)?;
    Ok(())
}

/// Lets this thread run on every processor.
///
/// # Errors
///
/// When the system refuses.
pub fn unpin() -> anyhow::Result<()> {
    let mut set = CpuSet::new();
    for processor in 0..CpuSet::count() {
        set.set(processor)?;
    }
    sched_setaffinity(Pid::from_raw(0), &set)?;
    Ok(())
}

/// How many processors this thread may run on.
#[must_use]
pub fn processors() -> usize {
    thread::available_parallelism().map_or(1, usize::from)
}

/// The processor time that this process has used.
///
/// # Errors
///
/// When the system does not say.
pub fn processor_time() -> anyhow::Result<Duration> {
    let usage = getrusage(UsageWho::RUSAGE_SELF)?;
    let micros = usage.user_time().num_microseconds() + usage.system_time().num_microseconds();
    Ok(Duration::from_micros(u64::try_from(micros)?))
}

/// The memory of this process that is resident, in bytes.
///
/// # Errors
///
/// When the system does not say.
pub fn resident() -> anyhow::Result<u64> {
    let status = fs::read_to_string("/proc/self/status")?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    let kilobytes = line.and_then(|line| line.trim().strip_suffix(" kB"));
    let kilobytes: u64 = kilobytes.context("/proc/self/status has no VmRSS")?.parse()?;
    Ok(kilobytes * 1024)
}
