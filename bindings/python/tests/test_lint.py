from __future__ import annotations

import json
import sys

import pytest

import mtasts


def test_a_finding_has_its_place_and_its_fix() -> None:
    text = "v=STSv1; id=2026-11-01;"
    report = mtasts.lint({"domain": "example.com", "txt": {"records": [text], "pasted": True}})
    [finding] = report.findings
    assert (finding.code, finding.severity) == ("txt-id-character", "error")
    assert finding.place == mtasts.Place("txt", 0)
    assert finding.span == mtasts.Span(12, 22, 1, 13)
    assert (finding.section[:8], finding.url[:8]) == ("RFC 8461", "https://")
    mended = finding.fixes[0].apply(text)
    assert mended == b"v=STSv1; id=20261101;"
    assert not mtasts.lint({"txt": {"records": [mended], "pasted": True}}).findings


def test_every_fix_of_a_policy_can_be_made() -> None:
    policy = "\ufeffversion: STSv1\nmode: enforce\nmx: mx.bücher.example.\nmax_age: 604800\n"
    findings = mtasts.lint({"policy": policy}).findings
    fixes = [fix for finding in findings for fix in finding.fixes if fix.place.part == "policy"]
    assert fixes
    for fix in fixes:
        assert fix.apply(policy) == fix.apply(policy.encode()) != policy.encode()


def test_the_verdict_judges_each_host() -> None:
    report = mtasts.lint(
        {
            "domain": "example.com",
            "txt": {"records": ["v=STSv1; id=7;"], "ttl": 300},
            "policy": b"version: STSv1\nmode: enforce\nmx: mx1.example.com\nmax_age: 604800\n",
            "http": {"status": 200, "headers": [("Content-Type", "text/plain")]},
            "mx": {
                "hosts": [
                    {"host": "mx1.example.com", "preference": 10},
                    {"host": "mx2.example.com", "preference": 20, "smtp": {"starttls": False}},
                ]
            },
        }
    )
    verdict = report.verdict
    assert (verdict.mail, verdict.protection, verdict.decision) == (
        "restricted",
        "enforced",
        "enforce",
    )
    first, second = verdict.mx
    assert (first.host, first.pattern, first.delivers) == (
        "mx1.example.com",
        "mx1.example.com",
        True,
    )
    assert (second.pattern, second.delivers) == (None, False)
    assert "policy-mx-backup-not-covered" in {finding.code for finding in report.findings}
    assert "tlsrpt" in {unchecked.subject for unchecked in report.unchecked}
    assert str(report.findings[0]).startswith(report.findings[0].severity)


def test_octets_are_taken_in_every_form() -> None:
    octets = b"version: STSv1\nmode: none\nmax_age: 86400\nx: \xff\n"
    forms = (octets, bytearray(octets), memoryview(octets))
    reports = [mtasts.lint({"policy": form}) for form in forms]
    assert reports[0] == reports[1] == reports[2]
    record = b"v=STSv1; id=\xe9;"
    one = mtasts.lint({"txt": {"records": [record]}})
    split = mtasts.lint({"txt": {"records": [[record[:5], record[5:]]]}})
    assert {finding.code for finding in one.findings} <= {
        finding.code for finding in split.findings
    }


@pytest.mark.parametrize(
    ("publication", "words"),
    [
        ({"tx": {}}, "unknown member `tx`"),
        ({"txt": {"records": 7}}, "at line 1 column 21"),
        ({"domain": "a b"}, "not a domain name"),
        ({"http": {"failure": "bad"}}, "unknown word `bad`"),
        ([], "not a publication to check"),
    ],
)
def test_what_is_no_publication_says_where(publication: object, words: str) -> None:
    with pytest.raises(mtasts.ArgumentError) as raised:
        mtasts.lint(publication)  # type: ignore[arg-type]
    assert raised.value.code == "publication-invalid"
    assert words in raised.value.message


def test_what_json_cannot_say_is_refused() -> None:
    for publication in ({"policy": object()}, {"txt": {"records": {1}}}, {"now": 1j}):
        with pytest.raises(TypeError):
            mtasts.lint(publication)  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="JSON"):
        mtasts.lint({"now": float("nan")})  # type: ignore[typeddict-item]
    with pytest.raises(mtasts.ArgumentError):
        mtasts.lint({"domain": "\ud800"})
    nested: list[object] = []
    for _ in range(sys.getrecursionlimit() // 4):
        nested = [nested]
    with pytest.raises((mtasts.ArgumentError, RecursionError)):
        mtasts.lint({"txt": {"records": nested}})  # type: ignore[typeddict-item]


def test_json_says_what_the_classes_say() -> None:
    report = json.loads(mtasts.lint_json('{"policy": "version: STSv1\\n"}'))
    typed = mtasts.lint({"policy": "version: STSv1\n"})
    assert [finding["code"] for finding in report["findings"]] == [
        finding.code for finding in typed.findings
    ]
    assert report["verdict"]["sentence"] == typed.verdict.sentence
