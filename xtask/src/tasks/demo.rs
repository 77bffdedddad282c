//! `cargo xtask demo`: the daemon at work, without a network.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
    thread,
};

use anyhow::{Context as _, ensure};
use testkit::world::World;
use xshell::{Shell, cmd};

pub(crate) mod daemon;
pub(crate) mod domains;

use daemon::Daemon;
use domains::{Domain, publish};

#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    /// Where the daemon listens; port 0 is a free one
    #[arg(long, value_name = "ADDRESS:PORT", default_value = "127.0.0.1:0")]
    listen: String,
    /// Go on until interrupted, so that other programs can ask the daemon
    #[arg(long)]
    keep: bool,
}

pub(crate) fn run(shell: &Shell, arguments: &Arguments) -> anyhow::Result<()> {
    eprintln!("building the daemon");
    cmd!(shell, "cargo build --quiet --release -p mtasts").quiet().run()?;
    let target = target_directory(shell)?;
    let program = target.join("release/mtasts");
    let directory = target.join("demo");
    fs::create_dir_all(&directory)?;

    let world = World::start_blocking();
    let domains = publish(&world);
    let config = write_config(&directory, &world)?;
    let daemon = Daemon::start(&program, &config, &arguments.listen)?;
    println!("DNS on {}, HTTPS on 127.0.0.1:{}", world.dns_addr(), world.https_port());
    println!("the daemon on {}\n", daemon.address);

    let query = |arguments: &[&str]| {
        let mut command = Command::new(&program);
        command.arg("query").arg("--config").arg(&config).args(arguments);
        command
    };
    for Domain { name, story } in domains {
        let reply = query(&["--server", &daemon.address, name]).output()?;
        let reply = String::from_utf8(reply.stdout)?;
        ensure!(!reply.is_empty(), "the daemon does not answer about {name}");
        println!("{name}: {story}\n    {}", reply.trim_end());
    }
    println!("\nOne of them step by step, as `mtasts query` shows it:\n");
    query(&["enforce.example"]).status()?;

    if arguments.keep {
        print_how_to_ask(&daemon.address);
        loop {
            thread::park();
        }
    }
    Ok(())
}

fn print_how_to_ask(address: &str) {
    let request = "postfix enforce.example";
    let (host, port) = address.rsplit_once(':').unwrap_or((address, ""));
    println!("\nThe daemon goes on until you press Ctrl-C. Ask it, from another terminal:\n");
    println!("    postmap -q enforce.example socketmap:inet:{address}:postfix");
    println!("    printf '{}:{request},' | nc -N {host} {port}", request.len());
}

pub(crate) fn target_directory(shell: &Shell) -> anyhow::Result<PathBuf> {
    let metadata = cmd!(shell, "cargo metadata --no-deps --format-version 1").quiet().read()?;
    let metadata: serde_json::Value = serde_json::from_str(&metadata)?;
    let directory = metadata.get("target_directory").and_then(serde_json::Value::as_str);
    Ok(directory.context("`cargo metadata` names no target directory")?.into())
}

pub(crate) fn write_config(directory: &Path, world: &World) -> anyhow::Result<PathBuf> {
    let ca = world.write_ca(directory)?;
    let file = directory.join("mtasts.toml");
    let text = format!(
        "[dns]\nservers = [\"{dns}\"]\n\n\
         [https]\nport = {port}\nca_file = \"{ca}\"\nallow_networks = [\"127.0.0.0/8\"]\n\n\
         [store]\nkind = \"memory\"\n\n\
         [log]\nformat = \"json\"\n",
        dns = world.dns_addr(),
        port = world.https_port(),
        ca = ca.display(),
    );
    fs::write(&file, text)?;
    Ok(file)
}
