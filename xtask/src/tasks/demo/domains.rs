//! The domains of the demonstration, and what they publish.

use testkit::{
    answers::{DnsAnswer, HttpAnswer, HttpFail},
    world::{Reply, World, enforce},
};

pub(crate) struct Domain {
    pub(crate) name: &'static str,
    /// What it publishes.
    pub(crate) story: &'static str,
}

/// Publishes all of them.
pub(crate) fn publish(world: &World) -> [Domain; 10] {
    let policy = enforce(&["mx1.example.net", "*.mail.example.net"]);
    let id = "20260101T000000";
    let domain = |name, story| Domain { name, story };

    world.publish("enforce.example", id, &policy);
    world.publish("testing.example", id, &policy.replace("enforce", "testing"));
    world.publish("none.example", id, "version: STSv1\nmode: none\nmax_age: 86400\n");

    world.set_cname("_mta-sts.delegated.example", "_mta-sts.provider.example");
    world.set_dns("_mta-sts.provider.example", DnsAnswer::txt("v=STSv1; id=7;"));
    world.set_https("mta-sts.delegated.example", Reply::ok(policy.clone()));

    let records = ["v=STSv1; id=1;", "v=STSv1; id=2;"].map(|record| vec![record.into()]).to_vec();
    world.set_dns("_mta-sts.two-records.example", DnsAnswer::Txt { records, ttl: 60 });

    world.publish("expired.example", id, &policy);
    world.set_https("mta-sts.expired.example", HttpAnswer::fail(HttpFail::TlsExpired));
    world.publish("moved.example", id, &policy);
    world.set_https("mta-sts.moved.example", Reply::redirect("https://www.example.com/"));
    world.publish("typing-error.example", id, &policy.replace("mode", "Mode"));
    world.publish(
        "hostile.example",
        id,
        &(enforce(&["mx.example.net servername=evil", "mx1.example.net"]) + "x: } ciphers=low {\n"),
    );

    [
        domain("enforce.example", "demands verified TLS to the MX hosts of its policy"),
        domain("testing.example", "wants reports, but no mail held"),
        domain("none.example", "has withdrawn its policy"),
        domain("absent.example", "publishes nothing"),
        domain("delegated.example", "lets its provider publish, by CNAME"),
        domain("two-records.example", "has two TXT records, so none counts"),
        domain("expired.example", "has a policy host with an expired certificate"),
        domain("moved.example", "redirects from its policy host, which is not followed"),
        domain("typing-error.example", "wrote `Mode` for `mode`, so there is no policy"),
        domain("hostile.example", "tries to smuggle attributes into the reply"),
    ]
}
