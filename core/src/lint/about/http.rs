//! How the policy host answers.

use super::{About, Example, facts};
use crate::lint::Lint;

const RIGHT: Example =
    facts(r#""http": {"status": 200, "headers": [["Content-Type", "text/plain"]]}"#);

pub(super) const ABOUT: &[About] = &[
    About::new(
        Lint::HttpNoAddress,
        "The policy host is `mta-sts.` and the domain. It has no address, so that senders cannot fetch the policy, and treat the domain as one without MTA-STS unless they hold an earlier policy.",
        facts(r#""http": {"failure": "no-address"}"#),
        RIGHT,
    ),
    About::new(
        Lint::HttpDns,
        "Senders that cannot look up the policy host do not get the policy. Look at the zone's name servers and at its DNSSEC signatures.",
        facts(r#""http": {"failure": "dns-servfail"}"#),
        RIGHT,
    ),
    About::new(
        Lint::HttpPrivateAddress,
        "The addresses are of a private network, of the machine itself or of another kind that the Internet does not reach. Other networks' senders cannot fetch the policy, and careful ones do not even try.",
        facts(
            r#""http": {"failure": "address-refused", "addresses": [{"address": "10.0.0.7", "failure": "address-refused"}]}"#,
        ),
        RIGHT,
    ),
    About::new(
        Lint::HttpConnect,
        "Senders fetch the policy from port 443 of the policy host. No connection came about: the web server does not run, or a firewall stands before it.",
        facts(r#""http": {"failure": "connect"}"#),
        RIGHT,
    ),
    About::new(
        Lint::HttpTimeout,
        "RFC 8461 proposes that senders wait for a minute at most; many wait for less, since mail waits meanwhile. A policy that comes later counts as none.",
        facts(r#""http": {"failure": "timeout"}"#),
        RIGHT,
    ),
    About::new(
        Lint::HttpMalformed,
        "What the policy host answers is not HTTP. Perhaps another service listens on port 443, or something between changes the answer.",
        facts(r#""http": {"failure": "http"}"#),
        RIGHT,
    ),
    About::new(
        Lint::HttpTruncated,
        "The response ended before the length that it announced. Half a policy could name fewer hosts than the whole, so senders do not use it.",
        facts(r#""http": {"failure": "truncated", "status": 200}"#),
        RIGHT,
    ),
    About::new(
        Lint::HttpStatus,
        "Senders take a policy from a response with status 200 only. With any other they treat the domain as one without a policy, or keep to one that they still hold.",
        facts(r#""http": {"status": 404, "headers": [["Content-Type", "text/plain"]]}"#),
        RIGHT,
    ),
    About::new(
        Lint::HttpRedirect,
        "Senders must not follow redirects, since the target would have another name than the one that the certificate proves. The policy must be served under exactly this host name and path; a CNAME or a reverse proxy can do what a redirect was meant for.",
        facts(r#""http": {"status": 301, "headers": [["Location", "https://www.example.com/"]]}"#),
        RIGHT,
    ),
    About::new(
        Lint::HttpMediaType,
        "Senders should accept a policy only as `text/plain`, so that nobody can pass off something else on the host as one. Many ignore it otherwise.",
        facts(
            r#""http": {"status": 200, "headers": [["Content-Type", "application/octet-stream"]]}"#,
        ),
        RIGHT,
    ),
    About::new(
        Lint::HttpMediaTypeMissing,
        "The response does not say what it is. Senders that demand `text/plain` ignore the policy; configure the media type for `.txt` files.",
        facts(r#""http": {"status": 200, "headers": []}"#),
        RIGHT,
    ),
    About::new(
        Lint::HttpCharset,
        "Policies are read as UTF-8 whatever the response says. The parameter is harmless as long as the policy is US-ASCII, and shows that the web server's default does not fit.",
        facts(
            r#""http": {"status": 200, "headers": [["Content-Type", "text/plain; charset=iso-8859-1"]]}"#,
        ),
        RIGHT,
    ),
    About::new(
        Lint::HttpContentCoding,
        "The response is compressed or coded in a way that senders did not ask for and cannot undo, so that they get no policy. Serve it as it is: it has a few hundred octets.",
        facts(
            r#""http": {"failure": "content-coding", "status": 200, "headers": [["Content-Type", "text/plain"], ["Content-Encoding", "br"]]}"#,
        ),
        RIGHT,
    ),
    About::new(
        Lint::HttpUnaskedCoding,
        "Senders that do not ask for compression, and most do not, may take the response for a damaged policy. Switch compression off for this path.",
        facts(
            r#""http": {"status": 200, "headers": [["Content-Type", "text/plain"], ["Content-Encoding", "gzip"]]}"#,
        ),
        RIGHT,
    ),
    About::new(
        Lint::HttpTooLarge,
        "Senders stop reading at 64 KiB and ignore the policy. A policy has a few lines: probably this is a web page or another file.",
        facts(
            r#""http": {"status": 200, "headers": [["Content-Type", "text/plain"]], "body_length": 70000}"#,
        ),
        RIGHT,
    ),
    About::new(
        Lint::HttpSlow,
        "The response came, after 10 seconds or more. Senders give up after a minute and many earlier, so that some do not get the policy.",
        facts(
            r#""http": {"status": 200, "headers": [["Content-Type", "text/plain"]], "duration_ms": 25000}"#,
        ),
        facts(
            r#""http": {"status": 200, "headers": [["Content-Type", "text/plain"]], "duration_ms": 120}"#,
        ),
    ),
    About::new(
        Lint::HttpCacheControl,
        "Senders must not use HTTP caching for policies, but a proxy or content network in between may. Then a sender that saw the new id gets the old policy, and keeps it under the new id. A minute at most is advised.",
        facts(
            r#""http": {"status": 200, "headers": [["Content-Type", "text/plain"], ["Cache-Control", "max-age=86400"]]}"#,
        ),
        facts(
            r#""http": {"status": 200, "headers": [["Content-Type", "text/plain"], ["Cache-Control", "max-age=60"]]}"#,
        ),
    ),
    About::new(
        Lint::HttpChallenge,
        "The answer is a page that asks a browser to prove that a person is there. Senders are programs and cannot; they get no policy. Except the policy's path from protection against bots.",
        facts(
            r#""http": {"status": 403, "headers": [["Content-Type", "text/html"], ["cf-mitigated", "challenge"]]}"#,
        ),
        RIGHT,
    ),
    About::new(
        Lint::HttpAddressFamily,
        "One of the policy host's addresses does not work, often the IPv6 one. Senders that try it first lose time, and those of that family alone get no policy.",
        facts(
            r#""http": {"status": 200, "headers": [["Content-Type", "text/plain"]], "addresses": [{"address": "192.0.2.80"}, {"address": "2001:db8::80", "failure": "connect"}]}"#,
        ),
        facts(
            r#""http": {"status": 200, "headers": [["Content-Type", "text/plain"]], "addresses": [{"address": "192.0.2.80"}, {"address": "2001:db8::80"}]}"#,
        ),
    ),
    About::new(
        Lint::HttpAddressesDiffer,
        "Which policy a sender gets depends on the address that it asks, and it keeps what it got until the id changes. Update the policy on all servers before you change the id.",
        facts(
            r#""http": {"status": 200, "headers": [["Content-Type", "text/plain"]], "addresses": [{"address": "192.0.2.80"}, {"address": "192.0.2.81", "same_body": false}]}"#,
        ),
        facts(
            r#""http": {"status": 200, "headers": [["Content-Type", "text/plain"]], "addresses": [{"address": "192.0.2.80"}, {"address": "192.0.2.81", "same_body": true}]}"#,
        ),
    ),
    About::new(
        Lint::HttpCname,
        "RFC 8461 allows a provider to serve the policy for a domain that delegates by CNAME. The certificate must be valid for the domain's policy host, not for the provider's name.",
        facts(
            r#""http": {"status": 200, "headers": [["Content-Type", "text/plain"]], "cname": ["sts.provider.example"]}"#,
        ),
        RIGHT,
    ),
];
