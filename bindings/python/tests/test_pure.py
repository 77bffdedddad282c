from __future__ import annotations

import pickle

import pytest

import mtasts

ENFORCE = "version: STSv1\nmode: enforce\nmx: mx.example.com\nmx: *.example.net\nmax_age: 604800\n"


def test_a_domain_has_its_names() -> None:
    domain = mtasts.PolicyDomain.from_lookup_key("[EXAMPLE.com.]:25")
    assert str(domain) == "example.com"
    assert domain.txt_name == "_mta-sts.example.com"
    assert domain.policy_host == "mta-sts.example.com"
    assert domain.tlsrpt_name == "_smtp._tls.example.com"
    assert mtasts.PolicyDomain.from_lookup_key("bücher.example").name == "xn--bcher-kva.example"


@pytest.mark.parametrize(
    ("key", "code"),
    [(".example.com", "domain-parent"), ("[192.0.2.1]", "domain-address"), (b"\xff", "name-idna")],
)
def test_what_names_no_policy_domain_says_why(key: str | bytes, code: str) -> None:
    with pytest.raises(mtasts.DomainError) as raised:
        mtasts.PolicyDomain.from_lookup_key(key)
    assert raised.value.code == code


def test_records_are_selected() -> None:
    assert mtasts.StsRecord.select(["v=spf1 -all", b"v=STSv1; id=7;"]).id == "7"
    with pytest.raises(mtasts.RecordError) as raised:
        mtasts.StsRecord.select(["v=STSv1; id=1;", "v=STSv1; id=2;"])
    assert raised.value.code == "record-several"
    with pytest.raises(mtasts.RecordError) as raised:
        mtasts.StsRecord.select([])
    assert raised.value.code == "record-missing"
    record = mtasts.TlsRptRecord.select(["v=TLSRPTv1;rua=mailto:a@example.com,https://b.example/"])
    assert record.rua == ("mailto:a@example.com", "https://b.example/")
    with pytest.raises(mtasts.TlsRptError) as raised_tlsrpt:
        mtasts.TlsRptRecord.select(["v=TLSRPTv1; x=y;"])
    assert raised_tlsrpt.value.code == "tlsrpt-rua-missing"


def test_a_policy_is_read() -> None:
    policy = mtasts.Policy.parse(ENFORCE + "x-note: y\n")
    assert (policy.mode, policy.max_age) == (mtasts.Mode.ENFORCE, 604800)
    assert policy.mx == ("mx.example.com", "*.example.net")
    assert policy.extensions == (("x-note", "y"),)
    assert policy.matches("MX.example.com.")
    assert not policy.matches("example.net")
    assert mtasts.Policy.parse(bytearray(ENFORCE, "ascii")) == mtasts.Policy.parse(ENFORCE)
    again = pickle.loads(pickle.dumps(policy))
    assert again == policy
    assert hash(again) == hash(policy)
    assert "enforce" in repr(policy)


def test_what_is_no_policy_says_where() -> None:
    with pytest.raises(mtasts.PolicyError) as raised:
        mtasts.Policy.parse(ENFORCE.replace("enforce", "Enforce"))
    error = raised.value
    assert (error.code, error.line, error.column) == ("policy-mode-invalid", 2, 7)
    assert str(error).startswith("line 2, column 7: ")
    assert pickle.loads(pickle.dumps(error)).args == error.args
    with pytest.raises(mtasts.PolicyError) as raised:
        mtasts.Policy.parse(b"")
    assert raised.value.line is None


def test_responses_are_judged() -> None:
    read = mtasts.Policy.from_response
    assert read(200, "text/plain; charset=utf-8", ENFORCE).mode is mtasts.Mode.ENFORCE
    for status, media, limit, code in [
        (404, "text/plain", 65536, "fetch-status"),
        (302, "text/plain", 65536, "fetch-redirect"),
        (200, None, 65536, "fetch-media-type"),
        (200, "text/plain", 10, "fetch-too-large"),
    ]:
        with pytest.raises(mtasts.FetchError) as raised:
            read(status, media, ENFORCE, limit)
        assert raised.value.code == code


def test_deviations_are_diagnosed() -> None:
    assert mtasts.diagnose(ENFORCE) == ()
    [found] = mtasts.diagnose(ENFORCE + "\n")
    assert (found.code, found.is_error, found.line) == ("deviation-blank-line", False, 6)
    assert str(found).startswith("line 6, column 1: ")


def test_patterns_match() -> None:
    assert mtasts.mx_matches("*.example.com", "mx.example.com")
    assert not mtasts.mx_matches("*.example.com", "a.b.example.com")
    assert not mtasts.mx_matches("*", "example")


def test_arguments_that_cannot_be_are_refused() -> None:
    for status in (-1, 65536):
        with pytest.raises(mtasts.ArgumentError):
            mtasts.Policy.from_response(status, "text/plain", ENFORCE)
    with pytest.raises(TypeError):
        mtasts.Policy.parse(7)  # type: ignore[arg-type]
    with pytest.raises(TypeError):
        mtasts.StsRecord.select("v=STSv1; id=7;")
    with pytest.raises(TypeError):
        mtasts.mx_matches(None, "a.example")  # type: ignore[arg-type]
    assert not mtasts.mx_matches("a.example\0.example", "a.example")
