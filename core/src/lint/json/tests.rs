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
    for (input, told) in [
        ("", "EOF while parsing"),
        ("[]", "expected struct"),
        (r#"{"txt":{"recods":[]}}"#, "unknown field `recods`"),
        (r#"{"policy":{"hex":"0"}}"#, "pairs of hexadecimal digits"),
        (r#"{"policy":{"b64":"0"}}"#, "unknown field `b64`"),
        (r#"{"policy":{}}"#, "missing field `hex`"),
        (r#"{"domain":"a b"}"#, "not a domain name"),
        (r#"{"http":{"failure":"bad"}}"#, "unknown variant `bad`"),
        (r#"{"mx":{"hosts":[{"host":1}]}}"#, "invalid type: integer"),
    ] {
        let error = check(input).unwrap_err();
        assert!(alloc::string::ToString::to_string(&error).contains(told), "{error}");
        assert!(input.is_empty() || error.place().0 == 1);
    }
}
