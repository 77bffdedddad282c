//! What survives the end of the process.

use core::time::Duration;
use std::{
    sync::mpsc,
    thread,
    time::{SystemTime, UNIX_EPOCH},
};

use mtasts_core::{CachedPolicy, Policy, PolicyDomain, PolicyId, UnixMillis};
use mtasts_net::store::{Sqlite, Store as _};
use testkit::{
    answers::{DnsAnswer, HttpAnswer, HttpFail},
    world::{World, enforce},
};

use crate::daemon::{Daemon, wait};

/// ARCHITECTURE.md, promise 1: never downgraded by a restart, although nobody answers any more.
#[test]
fn policies_survive_a_restart() {
    let world = World::start_blocking();
    world.publish("good.test", "1", &enforce(&["mx.good.test"]));
    let daemon = Daemon::start(&world, "");
    assert!(daemon.ask("postfix good.test").starts_with("OK secure"));
    let directory = daemon.stop();
    world.set_dns("_mta-sts.good.test", DnsAnswer::Timeout);
    world.set_https("mta-sts.good.test", HttpAnswer::fail(HttpFail::Timeout));
    let daemon = Daemon::start_in(directory, &world, "");
    assert!(daemon.ask("postfix good.test").starts_with("OK secure"));
}

//= https://www.rfc-editor.org/rfc/rfc8461#section-3.3
//= type=test
//# MTAs SHOULD alert administrators (through the use of logs or similar) when such attempts fail
#[test]
fn a_stored_policy_that_cannot_be_refreshed_is_told() {
    let world = World::start_blocking();
    let directory = tempfile::tempdir().unwrap();
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap();
    let now = UnixMillis::from_secs(now.as_secs());
    let stored = CachedPolicy {
        policy: Policy::parse(enforce(&["mx.good.test"])).unwrap().policy.into(),
        id: PolicyId::parse("1").unwrap(),
        fetched_at: now.minus(Duration::from_secs(2 * 86_400)),
        last_used: now,
    };
    let store = Sqlite::open(directory.path().join("mtasts.db")).unwrap();
    let domain = PolicyDomain::from_lookup_key("good.test").unwrap();
    wait(store.store(domain, stored)).unwrap();
    drop(store);

    let mut daemon = Daemon::start_in(directory, &world, "");
    let event = daemon.wait_for_log("cannot be refreshed");
    assert_eq!(event["level"], "WARN");
    assert_eq!(event["domain"], "good.test");
    assert!(daemon.ask("postfix good.test").starts_with("OK secure"));
}

/// docs/peers.md, tlspol defect 13: `kill -9` loses up to ten minutes.
#[test]
fn tlspol_13_kill_9_loses_nothing_that_was_answered() {
    const DOMAINS: usize = 400;
    const CLIENTS: usize = 8;
    let world = World::start_blocking();
    let name = |number: usize| format!("d{number}.test");
    for number in 0..DOMAINS {
        world.publish(&name(number), "1", &enforce(&[&format!("mx.{}", name(number))]));
    }
    let daemon = Daemon::start(&world, "");
    let (answered, answers) = mpsc::channel();
    let clients: Vec<_> = (0..CLIENTS)
        .map(|client| {
            let mut connection = daemon.connect();
            let answered = answered.clone();
            thread::spawn(move || {
                for number in (client..DOMAINS).step_by(CLIENTS) {
                    // The daemon is killed meanwhile: then there is no reply, and no promise.
                    let Some(reply) = connection.try_ask(format!("postfix d{number}.test")) else {
                        return;
                    };
                    assert!(reply.starts_with("OK secure"), "{reply}");
                    answered.send(number).unwrap();
                }
            })
        })
        .collect();
    let mut promised: Vec<usize> = answers.iter().take(DOMAINS / 4).collect();
    let directory = daemon.kill();
    for client in clients {
        client.join().unwrap();
    }
    drop(answered);
    promised.extend(answers.iter());
    assert!(promised.len() < DOMAINS, "killed too late to prove anything");

    for number in 0..DOMAINS {
        world.set_dns(&format!("_mta-sts.{}", name(number)), DnsAnswer::txt("v=spf1 -all"));
    }
    let daemon = Daemon::start_in(directory, &world, "");
    let mut client = daemon.connect();
    for number in promised {
        let reply = client.ask(format!("postfix d{number}.test"));
        assert!(reply.starts_with(&format!("OK secure match=mx.d{number}.test")), "{reply}");
    }
}
