//! docs/lint-json.md says what is so.

use mtasts_core::lint::{Lint, json};
use serde_json::Value;

const PAGE: &str = include_str!("../../../docs/lint-json.md");

/// The blocks of JSON in the page, in their order.
fn blocks() -> Vec<Value> {
    let blocks = PAGE.split("```json\n").skip(1);
    let blocks = blocks.map(|rest| rest.split("```").next().unwrap_or_default());
    blocks.map(|block| serde_json::from_str(block).expect(block)).collect()
}

fn is_report(block: &Value) -> bool {
    block.get("schema_version").is_some()
}

#[test]
fn inputs_are_read_and_reports_are_as_shown() {
    let blocks = blocks();
    assert!(blocks.len() > 5, "{}", blocks.len());
    let mut reports = 0;
    for (at, block) in blocks.iter().enumerate().filter(|(_, block)| !is_report(block)) {
        let report = json::check(&block.to_string()).expect("a publication");
        if let Some(shown) = blocks.get(at + 1).filter(|next| is_report(next)) {
            let value: Value = serde_json::from_str(&report).unwrap();
            assert_eq!(&value, shown, "the page shows another report than {report}");
            reports += 1;
        }
    }
    assert_eq!(reports, 1);
}

/// `members("http")`: the members in the table under the heading that ends with "`http`".
fn members(heading: &str) -> Vec<&'static str> {
    let start = PAGE.find(&format!("## `{heading}`")).expect(heading);
    let section = PAGE.split_at(start).1.lines().skip(1).take_while(|line| !line.starts_with('#'));
    let rows = section.filter_map(|line| line.strip_prefix("| `")?.split('`').next());
    rows.collect()
}

#[test]
fn every_member_is_in_a_table_and_no_other() {
    for (heading, before, after) in [
        ("publication", "", ""),
        ("txt", r#""txt":{"#, "}"),
        ("txt", r#""tlsrpt":{"#, "}"),
        ("resolvers", r#""txt":{"resolvers":[{"resolver":"r","#, "}]}"),
        ("http", r#""http":{"#, "}"),
        ("addresses", r#""http":{"addresses":[{"address":"192.0.2.1","#, "}]}"),
        ("certificate", r#""http":{"certificate":{"#, "}}"),
        ("mx", r#""mx":{"#, "}"),
        ("hosts", r#""mx":{"hosts":[{"host":"h","#, "}]}"),
        ("smtp", r#""mx":{"hosts":[{"host":"h","smtp":{"#, "}}]}"),
        ("dane", r#""dane":{"#, "}"),
        ("tlsa", r#""dane":{"tlsa":[{"host":"h","#, "}]}"),
        ("previous", r#""previous":{"#, "}"),
    ] {
        // Whoever gives an unknown member is told those that there are.
        let object = format!(r#"{{{before}"?":0{after}}}"#);
        let error = json::read(&object).unwrap_err().to_string();
        let known = error.split_once("expected").expect(&error).1;
        let mut known: Vec<&str> = known.split('`').skip(1).step_by(2).collect();
        let mut listed = members(heading);
        known.sort_unstable();
        listed.sort_unstable();
        assert_eq!(listed, known, "{heading}");
    }
}

/// The words in the line of the page that begins with this.
fn words(start: &str) -> Vec<&'static str> {
    let line = PAGE.lines().find(|line| line.starts_with(start)).expect(start);
    line.split('`').skip(1).step_by(2).collect()
}

#[test]
fn words_are_those_that_are_known() {
    for (start, before, after) in [
        ("* of DNS:", r#"{"txt":{"failure":"#, "}}"),
        ("* of fetching:", r#"{"http":{"failure":"#, "}}"),
        ("* versions of TLS:", r#"{"http":{"tls_version":"#, "}}"),
        ("* of certificates:", r#"{"mx":{"hosts":[{"host":"h","smtp":{"certificate":"#, "}}]}}"),
        ("* of DANE:", r#"{"dane":{"tlsa":[{"host":"h","outcome":"#, "}]}}"),
    ] {
        let read = |word: &str| json::read(&format!("{before}\"{word}\"{after}"));
        let words = words(start);
        for word in &words {
            assert!(read(word).is_ok(), "{start} {word}");
        }
        let error = read("?").unwrap_err().to_string();
        let known = error.matches('`').count() / 2 - 1;
        assert_eq!(known, words.len(), "{start} {error}");
    }
}

#[test]
fn words_of_reports_are_listed() {
    for lint in Lint::ALL {
        assert!(words("* `severity`:").contains(&lint.severity().code()));
    }
}
