//! What Postfix's own client reads from the table.

use testkit::{
    answers::{DnsAnswer, Rcode},
    world::enforce,
};

use super::{TABLE, with_daemon};

#[test]
fn postmap_prints_the_value_and_nothing_else() {
    with_daemon("", |world, postfix| {
        world.publish("good.test", "1", &enforce(&["mx.good.test", "*.good.test"]));

        let output = postfix.postmap("good.test", TABLE);

        assert!(output.status.success(), "{output:?}");
        let value = "secure match=mx.good.test:.good.test servername=hostname\n";
        assert_eq!(String::from_utf8_lossy(&output.stdout), value);
        assert_eq!(String::from_utf8_lossy(&output.stderr), "");
    });
}

#[test]
fn postmap_prints_nothing_where_there_is_no_policy() {
    with_daemon("", |world, postfix| {
        let output = postfix.postmap("simple.test", TABLE);

        assert_eq!(output.status.code(), Some(1), "{output:?}");
        assert_eq!((output.stdout, output.stderr), (Vec::new(), Vec::new()));
        assert_eq!(world.queries("_mta-sts.simple.test"), 1);
    });
}

#[test]
fn postmap_fails_with_the_reason_where_there_is_no_answer() {
    with_daemon("[cache]\non_dns_failure = \"temp-fail\"", |world, postfix| {
        let failure = DnsAnswer::Rcode { rcode: Rcode::Servfail, ttl: None };
        world.set_dns("_mta-sts.failing.test", failure);
        for (table, key, reason) in [
            (TABLE, "failing.test", "TXT query failed: the resolver answered SERVFAIL"),
            ("socketmap:inet:127.0.0.1:8461:typo", "good.test", "there is no map `typo`"),
        ] {
            let output = postfix.postmap(key, table);

            assert_eq!(output.status.code(), Some(1), "{output:?}");
            let said = String::from_utf8_lossy(&output.stderr);
            assert!(said.contains(reason), "{said}");
        }
    });
}
