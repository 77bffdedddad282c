//! A domain that has everything right.

use serde_json::json;

use crate::domain::{DOMAIN, Domain, codes, report, stdout};

#[test]
fn nothing_is_wrong_with_it() {
    let domain = Domain::new();
    let output = domain.check(&["--json", "--fail-on", "info", DOMAIN]);
    let report = report(&output);
    assert_eq!(codes(&report), Vec::<String>::new(), "{report:#}");
    assert_eq!(output.status.code(), Some(0));
    let told = String::from_utf8(output.stderr).unwrap();
    assert!(!told.contains(DOMAIN), "progress is for terminals: {told}");
    assert_eq!(report["reply"], "OK secure match=mx1.good.test:mx2.good.test servername=hostname");
    assert_eq!(report["verdict"]["protection"], "enforced");
    assert_eq!(report["facts"]["txt"]["records"], json!(["v=STSv1; id=20260101;"]));
    assert_eq!(report["facts"]["http"]["status"], 200);
    assert_eq!(report["facts"]["http"]["certificate"]["names"], json!(["mta-sts.good.test"]));
    assert_eq!(report["facts"]["mx"]["hosts"][1]["smtp"]["certificate"], "valid");
    // The resolver does not validate, so nothing can be said about DANE.
    assert_eq!(report["unchecked"][0]["subject"], "dane", "{}", report["unchecked"]);
    assert_eq!(report["unchecked"].as_array().unwrap().len(), 1);
}

#[test]
fn no_mail_is_sent() {
    let domain = Domain::new();
    assert_eq!(domain.check(&[DOMAIN]).status.code(), Some(0));
    for mx in &domain.mx {
        assert_eq!((mx.sessions(), mx.messages().len()), (1, 0));
        assert_eq!(mx.failed_handshakes(), Vec::<String>::new());
    }
    assert_eq!(domain.world.requests("mta-sts.good.test").len(), 1);
}

#[test]
fn the_report_shows_each_part() {
    let text = stdout(&Domain::new().check(&[DOMAIN]));
    for line in [
        "TXT record  _mta-sts.good.test",
        "  \"v=STSv1; id=20260101;\"  TTL 60 s",
        "Policy host  mta-sts.good.test",
        "  127.0.0.1: TLSv1.3, HTTP status 200, text/plain, ",
        "  certificate for mta-sts.good.test, issued by testkit, ",
        "Policy  mode enforce, kept for 14 days",
        "  | mx: mx1.good.test",
        "MX hosts",
        "  10 mx1.good.test, matches `mx1.good.test`",
        ": STARTTLS, TLSv1.3 TLS13_",
        "TLSRPT record  _smtp._tls.good.test",
        "not checked: TLSA records",
        "reply (postfix): OK secure match=mx1.good.test:mx2.good.test servername=hostname",
        "good.test: no findings",
    ] {
        assert!(text.contains(line), "`{line}` is not in\n{text}");
    }
    assert!(!text.contains('\x1b'), "styles without a terminal");
}
