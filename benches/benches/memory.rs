//! The memory that remembered domains take: by themselves in an engine, and in a daemon's driver.
//!
//! Each case is a process of its own, so that none inherits memory that another has given back.
#![expect(clippy::print_stdout, reason = "it reports to whoever runs it")]

use core::hint::black_box;
use std::io::{self, Write as _};

use anyhow::{Context as _, bail, ensure};
use benches::{
    daemon,
    engines::{Contents, engine},
    process::{self, Purpose, Wanted},
};
use tokio::runtime::Runtime;

const DOMAINS: u32 = 1_000_000;

/// What remembers them, in the names of cases.
const HOLDERS: [&str; 2] = ["engine", "driver"];

fn main() -> anyhow::Result<()> {
    match Purpose::of_process() {
        Purpose::Measure(wanted) => measure(&wanted),
        Purpose::Role(arguments) => play(&arguments),
        Purpose::Nothing => Ok(()),
    }
}

fn measure(wanted: &Wanted) -> anyhow::Result<()> {
    for holder in HOLDERS {
        for contents in [Contents::Shared, Contents::Distinct, Contents::Absent] {
            let title = format!("{holder}/{}/1M", contents.as_str());
            // A store keeps no absences.
            let possible = holder == "engine" || contents != Contents::Absent;
            if possible && wanted.contains(&title) {
                let output = process::role(&[holder, contents.as_str()])?.output()?;
                ensure!(output.status.success(), "{title}: {}", output.status);
                print!("{title:20} {}", String::from_utf8(output.stdout)?);
            }
        }
    }
    Ok(())
}

fn play(arguments: &[String]) -> anyhow::Result<()> {
    let [holder, contents] = arguments else { bail!("a case has two words") };
    let contents = Contents::named(contents).context("there are no such contents")?;
    let before = process::resident()?;
    match holder.as_str() {
        "engine" => {
            let engine = black_box(engine(DOMAINS, contents));
            report(before)?;
            drop(engine);
        }
        "driver" => {
            let config = daemon::config(&daemon::text(DOMAINS, "127.0.0.1:53"))?;
            let runtime = Runtime::new()?;
            let driver = runtime.block_on(daemon::driver(&config, DOMAINS, contents))?;
            report(before)?;
            drop(driver);
        }
        _ => bail!("there is no such holder"),
    }
    Ok(())
}

fn report(before: u64) -> anyhow::Result<()> {
    const MEGABYTE: f64 = 1e6;
    let after = process::resident()?;
    let [before, after] = [before, after].map(|bytes| u32::try_from(bytes / 1024).map(f64::from));
    let (before, after) = (before? * 1024.0, after? * 1024.0);
    writeln!(
        io::stdout(),
        "{:6.1} MB before, {:6.1} MB after, {:5.1} bytes per domain",
        before / MEGABYTE,
        after / MEGABYTE,
        (after - before) / f64::from(DOMAINS)
    )?;
    Ok(())
}
