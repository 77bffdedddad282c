use alloc::string::ToString as _;

use super::*;

#[test]
fn a_report_has_all_members() {
    let input = r#"{"domain":"example.com","txt":{"records":["v=STSv1; id=a-b"]}}"#;
    let output = check(input).unwrap();
    let start = r#"{"schema_version":1,"findings":[{"code":"txt-id-character","severity":"error","place":{"part":"txt","index":0},"span":{"start":12,"end":15,"line":1,"column":13},"message":"the `id` `a-b` has `-`, where only letters and digits are allowed","help":"Without those characters it reads `id=ab`.","fixes":[{"label":"Keep letters and digits only","place":{"part":"txt","index":0},"edits":[{"span":{"start":12,"end":15,"line":1,"column":13},"replacement":"ab"}]}],"section":"RFC 8461 §3.1","url":"https://www.rfc-editor.org/rfc/rfc8461#section-3.1"}],"unchecked":[{"subject":"policy","#;
    assert!(output.starts_with(start), "{output}");
    let end = r#""decision":"no-policy","mx":[]}}"#;
    assert!(output.ends_with(end), "{output}");
}

#[test]
fn octets_are_text_or_hexadecimal_digits() {
    for record in [
        r#""v=STSv1;id=1""#,
        r#"{"hex":"763d53545376313b69643d31"}"#,
        r#"["v=STSv1;",{"hex":"69643d31"}]"#,
    ] {
        let read = read(&alloc::format!(r#"{{"txt":{{"records":[{record}]}}}}"#)).unwrap();
        assert_eq!(read.txt.unwrap().records[0].joined(), b"v=STSv1;id=1", "{record}");
    }
}

#[test]
fn what_is_no_publication_is_told_with_its_place() {
    assert_eq!(check("{\n  \"policy\": 1\n}").unwrap_err().place(), (2, 13));
    for (input, told) in [
        ("", "the text ends, expected an object at line 1 column 1"),
        ("[]", "expected an object at line 1 column 1"),
        (
            r#"{"txt":{"recods":[]}}"#,
            "unknown member `recods`, expected `records`, `ttl`, `cname`, `failure`, `pasted`, \
             `resolvers` at line 1 column 9",
        ),
        (r#"{"now":1,"now":1}"#, "a second `now` at line 1 column 10"),
        (r#"{"policy":{"hex":"0"}}"#, "pairs of hexadecimal digits at line 1 column 18"),
        (r#"{"policy":{"b64":"0"}}"#, "unknown member `b64`"),
        (r#"{"policy":{}}"#, "missing member `hex`"),
        (r#"{"domain":"a b"}"#, "not a domain name"),
        (r#"{"http":{"failure":"bad"}}"#, "unknown word `bad`, expected `no-address`"),
        (r#"{"http":{"addresses":[{"address":"a"}]}}"#, "not an IP address"),
        (r#"{"http":{"headers":[["a"]]}}"#, "its name and its value"),
        (r#"{"mx":{"hosts":[{"host":1}]}}"#, "expected a string at line 1 column 25"),
        (r#"{"mx":{"hosts":[{}]}}"#, "missing member `host`"),
        (r#"{"dane":{"tlsa":[{"host":"a","usages":[256]}]}}"#, "out of its range"),
    ] {
        let error = check(input).unwrap_err();
        assert!(error.to_string().contains(told), "{error}");
    }
}
