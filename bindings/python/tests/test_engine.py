from __future__ import annotations

import copy

import pytest

import mtasts
from mtasts._native import lib

NOW = 1_790_000_000_000
DAY = 86_400_000
POLICY = b"version: STSv1\nmode: enforce\nmx: mx.example.com\nmax_age: 604800\n"


def discover(engine: mtasts.Engine, lookup: int = 1) -> mtasts.Decision:
    """Plays the host of an engine that has a store: everything is there and works."""
    engine.resolve(lookup, "example.com", NOW + 60_000, NOW)
    for output in engine.outputs():
        if isinstance(output, mtasts.Load):
            engine.loaded(output.request, None, NOW)
        elif isinstance(output, mtasts.QueryTxt):
            assert output.name == "_mta-sts.example.com"
            engine.txt_answer(output.request, ["v=STSv1; id=7;"], 300, NOW)
        elif isinstance(output, mtasts.FetchPolicy):
            assert output.host + output.path == "mta-sts.example.com/.well-known/mta-sts.txt"
            engine.fetch_answer(output.request, 200, "text/plain", POLICY, NOW)
        elif isinstance(output, mtasts.Store):
            assert output.cached.id == "7"
            engine.stored(output.request, NOW)
        elif isinstance(output, mtasts.Answer):
            assert (output.lookup, output.bounce) == (lookup, mtasts.Bounce.NOT_ASKED)
            return output.decision
    raise AssertionError("no answer")


def test_a_discovery_and_what_is_decided() -> None:
    with mtasts.Engine(mtasts.Config(store=True, seed=1)) as engine:
        assert engine.lookup("example.com", NOW) is None
        decision = discover(engine)
        assert decision.action is mtasts.Action.ENFORCE
        assert decision.source is mtasts.Source.LIVE
        assert (decision.id, decision.fetched_at_ms) == ("7", NOW)
        assert decision.expires_at_ms == NOW + 7 * DAY
        assert decision.mx == ("mx.example.com",)
        assert decision.failure is None
        assert decision.discovery_result is None

        cached = engine.lookup("EXAMPLE.com.", NOW + 1)
        assert cached is not None
        assert cached.source is mtasts.Source.CACHED
        assert engine.domain_count == 1
        wake = engine.poll_timeout()
        assert wake is not None
        assert wake[0] > NOW
        [(domain, kept)] = engine.export(NOW)
    # What an engine gave out outlives it.
    assert (domain, kept.id, kept.expires_at_ms) == ("example.com", "7", NOW + 7 * DAY)
    reply = cached.render("example.com", mtasts.Format.POSTFIX)
    assert reply == "OK secure match=mx.example.com servername=hostname"
    assert '"enforce"' in cached.to_json("example.com", NOW)
    assert "enforce" in cached.explain(NOW)
    with mtasts.Engine() as other:
        other.restore("example.com", kept, NOW + DAY)
        assert other.peek("example.com", NOW + DAY) is not None
        assert other.peek("example.com", NOW + 7 * DAY + 1) is None


def test_attempts_are_judged() -> None:
    decision = discover(mtasts.Engine(mtasts.Config(store=True)))
    attempt = decision.judge("mx.example.com", starttls=True, cert=mtasts.Cert.VALID)
    assert attempt == mtasts.Attempt(mtasts.Verdict.DELIVER, None)
    attempt = decision.judge("mx.example.com", starttls=True, cert=mtasts.Cert.EXPIRED)
    assert attempt == mtasts.Attempt(mtasts.Verdict.SKIP_MX, "certificate-expired")
    attempt = decision.judge("mx.example.com", starttls=False)
    assert attempt.report == "starttls-not-supported"


def test_failures_are_told() -> None:
    engine = mtasts.Engine(mtasts.Config(on_dns_failure=mtasts.OnFailure.TEMP_FAIL))
    engine.resolve(1, "example.com", NOW + 60_000, NOW)
    query = engine.poll_output()
    assert isinstance(query, mtasts.QueryTxt)
    engine.txt_failed(query.request, mtasts.DnsFailure.SERVFAIL, NOW, "of 192.0.2.53")
    answer = engine.poll_output()
    assert isinstance(answer, mtasts.Answer)
    assert answer.decision.action is mtasts.Action.TEMP_FAIL
    failure = answer.decision.failure
    assert failure is not None
    assert (failure.code, failure.at_ms) == ("dns-servfail", NOW)
    assert "192.0.2.53" in failure.message


def test_inputs_that_do_not_fit_change_nothing() -> None:
    engine = mtasts.Engine()
    with pytest.raises(mtasts.EngineError) as raised:
        engine.stored(7, NOW)
    assert raised.value.code == "unknown-request"
    with pytest.raises(mtasts.EngineError) as raised:
        engine.cancel(7, NOW)
    assert raised.value.code == "unknown-lookup"
    engine.resolve(1, "example.com", NOW + 1, NOW)
    with pytest.raises(mtasts.EngineError) as raised:
        engine.resolve(1, "example.net", NOW + 1, NOW)
    assert raised.value.code == "duplicate-lookup"
    with pytest.raises(mtasts.DomainError):
        engine.resolve(2, "[192.0.2.1]", NOW + 1, NOW)
    with pytest.raises(mtasts.ArgumentError):
        engine.handle_timeout(-1)
    with pytest.raises(mtasts.ArgumentError):
        mtasts.Engine(mtasts.Config(max_domains=0))
    assert engine.waiting_count == 1


def test_a_closed_engine_says_so() -> None:
    engine = mtasts.Engine()
    engine.close()
    with pytest.raises(ValueError, match="closed"):
        engine.lookup("example.com", NOW)
    assert repr(engine) == "<Engine, closed>"
    with pytest.raises(TypeError):
        copy.copy(engine)


def test_a_defect_stays_with_its_object() -> None:
    engine, other = mtasts.Engine(), mtasts.Engine()
    lib.mtasts_inject_panic()
    for _ in range(2):
        with pytest.raises(mtasts.DefectError):
            engine.lookup("example.com", NOW)
    assert other.lookup("example.com", NOW) is None
