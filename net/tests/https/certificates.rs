//! The TLS session and the certificate of the policy host (RFC 8461 §3.3).

use mtasts_core::{FetchFailure, TlsFailure, UnixMillis};
use testkit::world::{Certificate, Gate, HandshakeFault, Reply, Site, World};

use crate::{HOST, config, detail, failure, fetch, fetch_from, fetcher, response, roots};

fn site() -> Site {
    Reply::ok("policy").into()
}

/// What comes of a certificate: the failure, and the words on it.
async fn refused(certificate: Certificate) -> (TlsFailure, String) {
    let world = World::start().await;
    world.set_https(HOST, site().certificate(certificate));
    let fetch = fetch(&world).await;
    assert!(world.requests(HOST).is_empty(), "nothing is sent to a host that is not known");
    let FetchFailure::Tls(failure) = failure(&fetch) else { panic!("{fetch:?}") };
    (failure, detail(&fetch).to_owned())
}

//= https://www.rfc-editor.org/rfc/rfc8461#section-7.2
//= type=test
//# MTAs supporting MTA-STS MUST have support for TLS 1.2 [RFC5246] or TLS 1.3 [RFC8446] or higher.
#[tokio::test]
async fn a_valid_certificate_is_accepted_and_traced() {
    let world = World::start().await;
    world.set_https(HOST, site());
    let fetch = fetch(&world).await;
    let tls = fetch.trace.tls.clone().unwrap();
    assert_eq!(response(fetch).body, b"policy");
    assert_eq!(tls.version, "TLSv1.3");
    assert!(tls.cipher_suite.starts_with("TLS13_"), "{tls:?}");
    assert_eq!(tls.certificate.names, [HOST]);
    // 2999-01-01T00:00:00Z
    assert_eq!(tls.certificate.not_after, Some(UnixMillis::from_secs(32_472_144_000)));
}

//= https://www.rfc-editor.org/rfc/rfc8461#section-7.2
//= type=test
//# MTAs supporting MTA-STS MUST have support for TLS 1.2 [RFC5246] or TLS 1.3 [RFC8446] or higher.
//= https://www.rfc-editor.org/rfc/rfc8461#section-7.2
//= type=test
//# The general TLS usage guidance in [RFC7525] SHOULD be followed.
#[tokio::test]
async fn tls_1_2_will_do() {
    let world = World::start().await;
    world.set_https(HOST, site().tls12());
    let fetch = fetch(&world).await;
    let tls = fetch.trace.tls.clone().unwrap();
    assert_eq!(response(fetch).body, b"policy");
    assert_eq!(tls.version, "TLSv1.2");
    assert!(tls.cipher_suite.starts_with("TLS_ECDHE_"), "{tls:?}");
}

//= https://www.rfc-editor.org/rfc/rfc8461#section-3.3
//= type=test
//# DNS domain names in server certificates MAY contain the wildcard character '*' as the complete
//# left-most label within the identifier.
#[tokio::test]
async fn a_wildcard_certificate_is_accepted() {
    let world = World::start().await;
    world.set_https(HOST, site().certificate(Certificate::Wildcard));
    let fetch = fetch(&world).await;
    assert_eq!(fetch.trace.tls.as_ref().unwrap().certificate.names, ["*.example.com"]);
    assert_eq!(response(fetch).status, 200);
}

//= https://www.rfc-editor.org/rfc/rfc8461#section-3.3
//= type=test
//# the Policy Host HTTPS server MUST present an X.509 certificate that is valid for the "mta-sts"
//# DNS-ID [RFC6125] (e.g., "mta-sts.example.com") as described below, chain to a root CA that is
//# trusted by the Sending MTA, and be non-expired.
#[tokio::test]
async fn an_expired_certificate_is_refused() {
    let (failure, detail) = refused(Certificate::Expired).await;
    assert_eq!(failure, TlsFailure::Expired);
    assert!(detail.ends_with("valid until Fri, 01 Jan 2021 00:00:00 GMT"), "{detail}");
}

#[tokio::test]
async fn a_certificate_of_the_future_is_refused() {
    let (failure, detail) = refused(Certificate::NotYetValid).await;
    assert_eq!(failure, TlsFailure::NotYetValid);
    assert!(detail.contains("valid from"), "{detail}");
}

//= https://www.rfc-editor.org/rfc/rfc8461#section-3.3
//= type=test
//# the Policy Host HTTPS server MUST present an X.509 certificate that is valid for the "mta-sts"
//# DNS-ID [RFC6125]
#[tokio::test]
async fn a_certificate_for_another_name_is_refused() {
    let (failure, detail) = refused(Certificate::NameMismatch).await;
    assert_eq!(failure, TlsFailure::NameMismatch);
    let words = "the certificate is for another.invalid, not for mta-sts.example.com";
    assert!(detail.ends_with(words), "{detail}");
}

//= https://www.rfc-editor.org/rfc/rfc8461#section-3.3
//= type=test
//# Matching is performed only against the DNS-ID identifiers.
#[tokio::test]
async fn the_common_name_does_not_count() {
    let (failure, detail) = refused(Certificate::CnOnly).await;
    assert_eq!(failure, TlsFailure::NameMismatch);
    assert!(detail.contains("no DNS name"), "{detail}");
}

//= https://www.rfc-editor.org/rfc/rfc8461#section-3.3
//= type=test
//# chain to a root CA that is trusted by the Sending MTA
#[tokio::test]
async fn a_certificate_from_a_stranger_is_refused() {
    let (failure, detail) = refused(Certificate::Untrusted).await;
    assert_eq!(failure, TlsFailure::Untrusted);
    assert!(detail.starts_with("127.0.0.1:"), "{detail}");
}

#[tokio::test]
async fn a_self_signed_certificate_is_refused() {
    assert_eq!(refused(Certificate::SelfSigned).await.0, TlsFailure::Untrusted);
}

//= https://www.rfc-editor.org/rfc/rfc8461#section-7.2
//= type=test
//# The general TLS usage guidance in [RFC7525] SHOULD be followed.
#[tokio::test]
async fn handshakes_that_come_to_nothing_are_told_apart_from_bad_certificates() {
    let world = World::start().await;
    for fault in [HandshakeFault::Tls11, HandshakeFault::Refused, HandshakeFault::Reset] {
        world.set_https(HOST, site().handshake_fault(fault));
        let fetch = fetch(&world).await;
        assert_eq!(failure(&fetch), FetchFailure::Tls(TlsFailure::Handshake), "{fault:?}");
        assert_eq!(fetch.trace.tls, None);
    }
}

//= https://www.rfc-editor.org/rfc/rfc8461#section-7.1
//= type=test
//# When connecting to an HTTP server to retrieve the MTA-STS Policy, the SNI extension MUST contain
//# the name of the Policy Host (e.g., "mta-sts.example.com").
#[tokio::test]
async fn the_policy_host_is_named_in_sni() {
    let world = World::start().await;
    world.set_https(HOST, site());
    response(fetch(&world).await);
    assert_eq!(world.requests(HOST)[0].sni, HOST);
}

#[tokio::test]
async fn a_root_dot_is_neither_sent_nor_matched() {
    let world = World::start().await;
    world.set_https(HOST, site());
    let fetcher = fetcher(&world, config(&world));
    response(fetch_from(&fetcher, "mta-sts.example.com.").await);
    let request = &world.requests(HOST)[0];
    assert_eq!(request.sni, HOST);
    assert!(request.header("Host").unwrap().starts_with("mta-sts.example.com:"));
}

#[tokio::test]
async fn sessions_are_not_resumed() {
    let world = World::start().await;
    world.set_https(HOST, site());
    let fetcher = fetcher(&world, config(&world));
    response(fetch_from(&fetcher, HOST).await);
    world.set_https(HOST, site().certificate(Certificate::Expired));
    let fetch = fetch_from(&fetcher, HOST).await;
    assert_eq!(failure(&fetch), FetchFailure::Tls(TlsFailure::Expired));
}

#[tokio::test]
async fn roots_can_be_replaced_while_fetches_run() {
    let (world, other) = (World::start().await, World::start().await);
    let gate = Gate::new();
    world.set_https(HOST, Reply::ok("policy").held(&gate));
    let fetcher = fetcher(&world, config(&world));
    let running = tokio::spawn({
        let fetcher = fetcher.clone();
        async move { fetch_from(&fetcher, HOST).await }
    });
    world.wait_for_requests(HOST, 1).await;
    fetcher.set_roots(roots(&other));
    gate.open();
    let untrusted = fetch_from(&fetcher, HOST).await;
    assert_eq!(failure(&untrusted), FetchFailure::Tls(TlsFailure::Untrusted));
    assert_eq!(response(running.await.unwrap()).body, b"policy");
}
