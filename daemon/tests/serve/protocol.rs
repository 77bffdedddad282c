//! How the daemon takes requests.

use testkit::world::{Gate, Reply, World, enforce};

use crate::daemon::{Daemon, netstring, wait};

fn world() -> World {
    let world = World::start_blocking();
    world.publish("good.test", "1", &enforce(&["mx.good.test"]));
    world
}

const OK: &str = "OK secure match=mx.good.test servername=hostname";

#[test]
fn requests_come_in_any_pieces() {
    let world = world();
    let daemon = Daemon::start(&world, "");
    let mut client = daemon.connect();
    client.0.set_nodelay(true).unwrap();
    for byte in netstring("postfix good.test") {
        client.send([byte]);
    }
    assert_eq!(client.reply(), OK);
}

#[test]
fn pipelined_requests_are_answered_in_order() {
    let world = world();
    let gate = Gate::new();
    world.publish("slow.test", "1", "");
    world.set_https("mta-sts.slow.test", Reply::ok(enforce(&["mx.slow.test"])).held(&gate));
    let daemon = Daemon::start(&world, "");
    let mut client = daemon.connect();
    let requests = ["postfix slow.test", "postfix good.test", "nonsense", "postfix absent.test"];
    client.send(requests.map(netstring).concat());
    // The later ones do not wait for the slow one, but for their turn.
    wait(world.wait_for_requests("mta-sts.good.test", 1));
    gate.open();
    assert_eq!(client.reply(), "OK secure match=mx.slow.test servername=hostname");
    assert_eq!(client.reply(), OK);
    assert_eq!(client.reply(), "PERM there is no map `nonsense`");
    assert_eq!(client.reply(), "NOTFOUND ");
}

#[test]
fn a_thousand_pipelined_requests_are_answered() {
    let world = world();
    let daemon = Daemon::start(&world, "");
    let mut client = daemon.connect();
    client.send(netstring("postfix good.test").repeat(1_000));
    for _ in 0..1_000 {
        assert_eq!(client.reply(), OK);
    }
}

/// Exim's `${readsocket}` closes its side after the request and reads to the end.
#[test]
fn a_client_that_sends_no_more_is_answered_and_then_closed() {
    let world = world();
    let daemon = Daemon::start(&world, "");
    let mut client = daemon.connect();
    client.send(netstring("postfix good.test"));
    client.send(netstring("postfix good.test"));
    assert_eq!(client.finish(), format!("{n}:{OK},{n}:{OK},", n = OK.len()));
    assert_eq!(daemon.connect().finish(), "");
}

#[test]
fn what_is_no_request_closes_that_connection_only() {
    let world = world();
    let mut daemon = Daemon::start(&world, "");
    let mut bystander = daemon.connect();
    for nonsense in ["GET / HTTP/1.1\r\n\r\n", "3:abcd", "17:postfix good.test;"] {
        let mut client = daemon.connect();
        client.request("postfix good.test");
        client.send(nonsense);
        // What was asked before is answered.
        assert_eq!(client.reply(), OK);
        assert!(client.was_closed(), "{nonsense}");
        daemon.wait_for_log("malformed request");
    }
    assert_eq!(bystander.ask("postfix good.test"), OK);
}

#[test]
fn requests_that_are_too_long_are_refused_with_a_reason() {
    let world = world();
    let daemon = Daemon::start(&world, "");
    let mut client = daemon.connect();
    let reply = client.ask(format!("postfix {}", "a".repeat(9_993)));
    assert_eq!(reply, "PERM the request has 10001 bytes, and at most 10000 are allowed");
    assert_eq!(client.ask(format!("postfix {}", "a".repeat(9_992))), "NOTFOUND ");
    assert_eq!(client.ask("postfix good.test"), OK);
}

/// docs/peers.md, tlspol defect 9: anybody who can ask can also purge the cache.
#[test]
fn tlspol_9_there_are_no_commands_on_the_socket() {
    let world = world();
    let daemon = Daemon::start(&world, "");
    assert_eq!(daemon.ask("postfix good.test"), OK);
    for command in ["PURGE", "PURGE good.test", "DUMP", "EXPORT"] {
        let name = command.split(' ').next().unwrap();
        assert_eq!(daemon.ask(command), format!("PERM there is no map `{name}`"));
    }
    assert_eq!(daemon.ask("postfix good.test"), OK);
    assert_eq!(world.requests("mta-sts.good.test").len(), 1);
}

/// docs/peers.md, PMSR defect 9 and tlspol defect 12: replies longer than Postfix takes.
#[test]
fn pmsr_9_tlspol_12_no_reply_is_longer_than_postfix_takes() {
    let world = World::start_blocking();
    let hosts: Vec<_> = (0..2_500).map(|host| format!("h{host}.long.test")).collect();
    let hosts: Vec<_> = hosts.iter().map(String::as_str).collect();
    world.publish("long.test", "1", &enforce(&hosts));
    let daemon = Daemon::start(&world, "");
    for map in ["postfix", "postfix-tlsrpt", "sts"] {
        let reply = daemon.ask(&format!("{map} long.test"));
        assert!(reply.starts_with("OK secure match=h0.long.test:h1.") && reply.len() <= 100_000);
    }
}

#[test]
fn a_client_that_goes_away_harms_nobody() {
    let world = world();
    let gate = Gate::new();
    world.publish("slow.test", "1", "");
    world.set_https("mta-sts.slow.test", Reply::ok(enforce(&["mx.slow.test"])).held(&gate));
    let daemon = Daemon::start(&world, "");
    let mut leaver = daemon.connect();
    leaver.request("postfix slow.test");
    wait(world.wait_for_requests("mta-sts.slow.test", 1));
    let mut stayer = daemon.connect();
    stayer.request("postfix slow.test");
    drop(leaver);
    gate.open();
    assert_eq!(stayer.reply(), "OK secure match=mx.slow.test servername=hostname");
}
