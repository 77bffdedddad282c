//! Reloading and ending.

use nix::sys::signal::Signal;
use testkit::{
    answers::DnsAnswer,
    world::{Gate, Reply, World, enforce},
};

use crate::daemon::{Daemon, wait};

const OK: &str = "OK secure match=mx.good.test servername=hostname";

fn world() -> World {
    let world = World::start_blocking();
    world.publish("good.test", "1", &enforce(&["mx.good.test"]));
    world
}

/// docs/peers.md, PMSR defect 8: SIGHUP kills.
#[test]
fn pmsr_8_sighup_reloads_without_dropping_a_connection() {
    let world = world();
    let mut daemon = Daemon::start(&world, "");
    let mut client = daemon.connect();
    assert_eq!(client.ask("mine good.test"), "PERM there is no map `mine`");
    daemon.rewrite_config(&world, "[maps]\nmine = \"postfix\"");
    daemon.signal(Signal::SIGHUP);
    daemon.wait_for_log("the configuration is read again");
    assert_eq!(client.ask("mine good.test"), OK);
}

#[test]
fn a_bad_configuration_is_not_taken_over() {
    let world = world();
    let mut daemon = Daemon::start(&world, "");
    daemon.rewrite_config(&world, "[maps]\npostfix = \"sendmial\"");
    daemon.signal(Signal::SIGHUP);
    daemon.wait_for_log("the configuration stays as it is");
    assert_eq!(daemon.ask("postfix good.test"), OK);
}

#[test]
fn a_reload_brings_new_servers_and_certificates() {
    let (old, new) = (World::start_blocking(), world());
    let mut daemon = Daemon::start(&old, "");
    daemon.rewrite_config(&new, "");
    daemon.signal(Signal::SIGHUP);
    daemon.wait_for_log("the configuration is read again");
    assert_eq!(daemon.ask("postfix good.test"), OK);
}

/// docs/peers.md, tlspol: INT, TERM and QUIT drop connections.
#[test]
fn sigterm_lets_requests_be_answered() {
    let world = world();
    let gate = Gate::new();
    world.set_https("mta-sts.good.test", Reply::ok(enforce(&["mx.good.test"])).held(&gate));
    let mut daemon = Daemon::start(&world, "");
    let idle = daemon.connect();
    let mut waiting = daemon.connect();
    waiting.request("postfix good.test");
    wait(world.wait_for_requests("mta-sts.good.test", 1));
    daemon.signal(Signal::SIGTERM);
    daemon.wait_for_log("ending");
    assert!(idle.was_closed());
    gate.open();
    assert_eq!(waiting.reply(), OK);
    let (status, _) = daemon.wait();
    assert!(status.success());
}

#[test]
fn draining_ends_in_time_whatever_is_waited_for() {
    let world = world();
    world.set_dns("_mta-sts.silent.test", DnsAnswer::Timeout);
    let mut daemon = Daemon::start(&world, "[socketmap]\ndrain_timeout = \"100ms\"");
    let mut waiting = daemon.connect();
    waiting.request("postfix silent.test");
    wait(world.dns().wait_for_queries("_mta-sts.silent.test", 1));
    daemon.signal(Signal::SIGINT);
    daemon.wait_for_log("requests go unanswered");
    let (status, _) = daemon.wait();
    assert!(status.success());
}
