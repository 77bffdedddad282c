//! What the daemon does when it has too much to do.

use testkit::{
    answers::DnsAnswer,
    world::{World, enforce},
};

use crate::daemon::{Client, Daemon, wait};

fn world() -> World {
    let world = World::start_blocking();
    world.publish("good.test", "1", &enforce(&["mx.good.test"]));
    world
}

const OK: &str = "OK secure match=mx.good.test servername=hostname";

/// docs/peers.md, tlspol defect 10: 512 idle connections starve service.
#[test]
fn tlspol_10_idle_connections_starve_nobody() {
    let world = world();
    let daemon = Daemon::start(&world, "[socketmap]\nmax_connections = 20");
    let mut first = daemon.connect();
    assert_eq!(first.ask("postfix good.test"), OK);
    let idle: Vec<_> = (0..100).map(|_| daemon.connect()).collect();
    let mut last = daemon.connect();
    assert_eq!(last.ask("postfix good.test"), OK);
    // The one that was idle for longest went first.
    assert!(first.was_closed());
    drop(idle);
}

#[test]
fn connections_that_wait_for_an_answer_are_not_idle() {
    let world = world();
    world.set_dns("_mta-sts.silent.test", DnsAnswer::Timeout);
    let daemon = Daemon::start(&world, "[socketmap]\nmax_connections = 2");
    let mut waiting = daemon.connect();
    waiting.request("postfix silent.test");
    wait(world.dns().wait_for_queries("_mta-sts.silent.test", 1));
    for _ in 0..5 {
        assert_eq!(daemon.connect().ask("postfix good.test"), OK);
    }
    world.set_dns("_mta-sts.silent.test", DnsAnswer::txt("v=spf1 -all"));
    assert_eq!(waiting.reply(), "NOTFOUND ");
}

/// ARCHITECTURE.md, promise 5: always answered, by the deadline, whatever the network does.
#[test]
fn an_answer_comes_by_the_deadline() {
    let world = world();
    world.set_dns("_mta-sts.silent.test", DnsAnswer::Timeout);
    let daemon = Daemon::start(&world, "[socketmap]\nlookup_timeout = \"1s\"");
    assert_eq!(daemon.ask("postfix silent.test"), "NOTFOUND ");
}

#[test]
fn too_many_lookups_are_refused_for_now() {
    let world = world();
    world.set_dns("_mta-sts.silent.test", DnsAnswer::Timeout);
    let daemon = Daemon::start(&world, "[cache]\nmax_lookups = 1\nshards = 1");
    let mut waiting = daemon.connect();
    waiting.request("postfix silent.test");
    wait(world.dns().wait_for_queries("_mta-sts.silent.test", 1));
    let reply = daemon.ask("postfix good.test");
    assert!(reply.starts_with("TEMP too many lookups"), "{reply}");
}

#[test]
fn unix_sockets_have_the_mode_and_owner_of_the_configuration() {
    use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _};

    let world = world();
    let directory = tempfile::tempdir().unwrap();
    let socket = directory.path().join("socket");
    let mut extra = format!("[[listen]]\nunix = \"{}\"\nmode = \"0620\"\n", socket.display());
    if nix::unistd::geteuid().is_root() {
        extra += "owner = \"nobody\"\ngroup = 12345\n";
    }
    let daemon = Daemon::start_listening(&world, &extra);
    let metadata = std::fs::metadata(&socket).unwrap();
    assert_eq!(metadata.permissions().mode() & 0o777, 0o620);
    if nix::unistd::geteuid().is_root() {
        let nobody = nix::unistd::User::from_name("nobody").unwrap().unwrap();
        assert_eq!((metadata.uid(), metadata.gid()), (nobody.uid.as_raw(), 12345));
    }
    // A socket that a killed daemon has left is no obstacle.
    drop(daemon.kill());
    assert!(socket.exists());
    let _daemon = Daemon::start_listening(&world, &extra);
    assert_eq!(Client::connect(&socket).ask("postfix good.test"), OK);
}
