//! The request and the head of the response.

use mtasts_core::{FailureKind, FetchFailure, Response, read_policy};
use mtasts_net::https::{FetchConfig, Phase};
use testkit::world::{POLICY_PATH, Reply, Script, World, enforce};

use crate::{HOST, MAX_BYTES, config, detail, failure, fetch, fetch_from, fetcher, response};

#[tokio::test]
async fn a_policy_is_fetched_and_the_way_to_it_traced() {
    let world = World::start().await;
    let policy = enforce(&["mx.example.com"]);
    world.set_https(HOST, Reply::ok(policy.as_str()));
    let fetch = fetch(&world).await;
    let trace = fetch.trace.clone();
    let expected =
        Response { status: 200, content_type: Some("text/plain".into()), body: policy.into() };
    let response = response(fetch);
    assert_eq!(response, expected);
    assert!(read_policy(&response, MAX_BYTES).is_ok());

    let address = core::net::Ipv4Addr::LOCALHOST;
    assert_eq!(trace.addresses, [address]);
    assert_eq!(trace.address, Some((address, world.https_port()).into()));
    assert_eq!(trace.status, Some(200));
    let phases: Vec<Phase> = trace.phases.iter().map(|(phase, _)| *phase).collect();
    assert_eq!(
        phases,
        [
            Phase::Waiting,
            Phase::Addresses,
            Phase::Connect,
            Phase::Tls,
            Phase::Response,
            Phase::Body
        ]
    );
    assert!(trace.duration(Phase::Tls).unwrap() <= trace.total);
}

//= https://www.rfc-editor.org/rfc/rfc8461#section-3.2
//= type=test
//# served via the HTTPS GET method from the fixed "well-known" [RFC5785] path of
//# ".well-known/mta-sts.txt"
#[tokio::test]
async fn the_request_has_these_fields_and_no_others() {
    let world = World::start().await;
    world.set_https(HOST, Reply::ok("policy"));
    response(fetch(&world).await);
    let request = &world.requests(HOST)[0];
    assert_eq!((request.method.as_str(), request.path.as_str()), ("GET", POLICY_PATH));
    let mut fields: Vec<(String, &str)> = (request.headers.iter())
        .map(|(name, value)| (name.to_ascii_lowercase(), value.as_str()))
        .collect();
    fields.sort_unstable();
    assert_eq!(
        fields,
        [
            ("accept".into(), "text/plain"),
            ("accept-encoding".into(), "identity"),
            ("host".into(), format!("{HOST}:{}", world.https_port()).as_str()),
            ("user-agent".into(), concat!("mtasts/", env!("CARGO_PKG_VERSION"))),
        ]
    );
}

#[tokio::test]
async fn the_user_agent_can_be_chosen() {
    let world = World::start().await;
    world.set_https(HOST, Reply::ok("policy"));
    let user_agent = "mine/1 (+https://example.net)".parse().unwrap();
    let config = FetchConfig { user_agent, ..config(&world) };
    response(fetch_from(&fetcher(&world, config), HOST).await);
    let request = &world.requests(HOST)[0];
    assert_eq!(request.header("User-Agent"), Some("mine/1 (+https://example.net)"));
}

//= https://www.rfc-editor.org/rfc/rfc8461#section-3.3
//= type=test
//# HTTP 3xx redirects MUST NOT be followed
#[tokio::test]
async fn a_redirect_is_not_followed() {
    let world = World::start().await;
    world.set_https("other.example", Reply::ok("policy"));
    world.set_https(HOST, Reply::redirect(&format!("https://other.example{POLICY_PATH}")));
    let response = response(fetch(&world).await);
    assert_eq!(response.status, 302);
    let redirect = Err(FailureKind::Fetch(FetchFailure::Redirect(302)));
    assert_eq!(read_policy(&response, MAX_BYTES), redirect);
    assert_eq!(world.connections("other.example"), 0);
    assert_eq!(world.queries("other.example"), 0);
}

//= https://www.rfc-editor.org/rfc/rfc8461#section-3.3
//= type=test
//# HTTP caching (as specified in [RFC7234]) MUST NOT be used.
//= https://www.rfc-editor.org/rfc/rfc8461#section-8.2
//= type=test
//# Sending MTAs MUST NOT use HTTP caching when fetching policies via HTTPS
#[tokio::test]
async fn nothing_is_taken_from_a_cache() {
    let world = World::start().await;
    let fetcher = fetcher(&world, config(&world));
    for body in ["old", "new"] {
        let reply = Reply::ok(body).field("Cache-Control", "max-age=3600").field("ETag", "\"1\"");
        world.set_https(HOST, reply);
        assert_eq!(response(fetch_from(&fetcher, HOST).await).body, body.as_bytes());
    }
    for request in world.requests(HOST) {
        assert_eq!(request.header("If-None-Match"), None);
    }
    assert_eq!(world.requests(HOST).len(), 2);
}

#[tokio::test]
async fn any_status_passes_through_without_its_body() {
    let world = World::start().await;
    for status in [201, 204, 304, 404, 429, 500] {
        world.set_https(HOST, Reply::new(status).body("not of interest").encoded("brotli"));
        let response = response(fetch(&world).await);
        assert_eq!((response.status, response.body.as_slice()), (status, &b""[..]));
    }
}

#[tokio::test]
async fn the_media_type_passes_through() {
    let world = World::start().await;
    for (media_type, body) in
        [(Some("text/plain; charset=utf-8"), "policy"), (Some("text/html"), ""), (None, "")]
    {
        world.set_https(HOST, Reply::ok("policy").content_type(media_type));
        let response = response(fetch(&world).await);
        assert_eq!(response.content_type.as_deref(), media_type);
        assert_eq!(response.body, body.as_bytes());
    }
}

#[tokio::test]
async fn two_media_types_are_none() {
    let world = World::start().await;
    world.set_https(HOST, Reply::ok("policy").field("Content-Type", "text/html"));
    let response = response(fetch(&world).await);
    assert_eq!(response.content_type.as_deref(), Some("text/plain, text/html"));
    let error = Err(FailureKind::Fetch(FetchFailure::MediaType));
    assert_eq!(read_policy(&response, MAX_BYTES), error);
}

#[tokio::test]
async fn interim_responses_are_passed_over() {
    let world = World::start().await;
    world.set_https(HOST, Reply::ok("policy").preceded_by(Reply::new(103)));
    assert_eq!(response(fetch(&world).await).body, b"policy");
}

#[tokio::test]
async fn an_http_1_0_response_will_do() {
    let world = World::start().await;
    let octets = b"HTTP/1.0 200 OK\r\nContent-Type: text/plain\r\n\r\npolicy";
    world.set_https(HOST, Script::new().send(octets));
    assert_eq!(response(fetch(&world).await).body, b"policy");
}

#[tokio::test]
async fn what_is_no_http_is_no_response() {
    let world = World::start().await;
    world.set_https(HOST, Script::garbage());
    assert_eq!(failure(&fetch(&world).await), FetchFailure::Http);
}

#[tokio::test]
async fn an_endless_head_is_no_response() {
    let world = World::start().await;
    world.set_https(HOST, Script::new().send("HTTP/1.1 200 OK\r\n").repeat("X-Filler: xxxx\r\n"));
    assert_eq!(failure(&fetch(&world).await), FetchFailure::Http);
}

#[tokio::test]
async fn a_connection_closed_without_a_response_is_told() {
    let world = World::start().await;
    for script in [Script::new(), Script::new().cut(), Script::new().reset()] {
        world.set_https(HOST, script);
        let fetch = fetch(&world).await;
        assert_eq!(failure(&fetch), FetchFailure::Truncated);
        assert!(detail(&fetch).starts_with("127.0.0.1:"), "{}", detail(&fetch));
    }
}
