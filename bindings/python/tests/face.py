"""The face of the Python package: answers the requests of vectors/FACES.md, one a line.

It goes through the package and so through the C library.
"""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from typing import Callable, TypeVar

import mtasts

NONE = "none"
W = TypeVar("W", mtasts.Cert, mtasts.Dane)


class MisuseError(Exception):
    """A request that the protocol does not know."""


def octets(token: str) -> bytes:
    if not token.startswith("x"):
        raise MisuseError(f"{token} are no octets")
    return bytes.fromhex(token[1:])


def hexed(text: str) -> str:
    return "x" + text.encode().hex()


def maybe(token: str) -> bytes | None:
    return None if token == "-" else octets(token)


def word(value: object) -> str:
    return "-" if value is None else str(value)


class Face:
    """The answers to requests."""

    def __init__(self) -> None:
        self.engine: mtasts.Engine | None = None
        self.last: mtasts.Decision | None = None

    def answer(self, line: str) -> str:
        verb, *tokens = line.split(" ")
        try:
            answers: Callable[..., str] = getattr(self, f"on_{verb}")
        except AttributeError:
            return f"bad no request {verb}"
        try:
            return answers(*tokens)
        except (mtasts.EngineError, mtasts.DomainError, mtasts.ArgumentError) as error:
            return f"err {error.code}"
        except mtasts.Error as error:
            return f"none {error.code}"
        except (MisuseError, ValueError, TypeError, KeyError) as error:
            return f"bad {error!r}".replace("\n", " ")

    # The pure part.

    def on_face(self) -> str:
        return f"ok name=python version={mtasts.__version__}"

    def on_txt(self, *rrset: str) -> str:
        return f"ok id={hexed(mtasts.StsRecord.select(map(octets, rrset)).id)}"

    def on_tlsrpt(self, *rrset: str) -> str:
        uris = mtasts.TlsRptRecord.select(map(octets, rrset)).rua
        return " ".join(["ok", *(f"rua={hexed(uri)}" for uri in uris)])

    def on_policy(self, body: str) -> str:
        return self.policy(mtasts.Policy.parse(octets(body)), octets(body))

    def on_response(self, status: str, media: str, body: str, max_bytes: str) -> str:
        policy = mtasts.Policy.from_response(
            int(status), maybe(media), octets(body), int(max_bytes)
        )
        return self.policy(policy, octets(body))

    def policy(self, policy: mtasts.Policy, body: bytes) -> str:
        tokens = [f"mode={policy.mode}", f"max_age={policy.max_age}"]
        tokens += [f"mx={hexed(pattern)}" for pattern in policy.mx]
        return " ".join(["ok", *tokens, f"deviations={len(mtasts.diagnose(body))}"])

    def on_mxmatch(self, pattern: str, host: str) -> str:
        return f"ok match={int(mtasts.mx_matches(octets(pattern), octets(host)))}"

    def on_lint(self, publication: str) -> str:
        # Through the typed side of the package, which must leave nothing out.
        report = asdict(mtasts.lint(json.loads(octets(publication))))
        findings = json.dumps(report, ensure_ascii=False, separators=(",", ":"))
        return f"ok findings={hexed(findings)}"

    # The engine.

    def on_engine(self, *settings: str) -> str:
        values = dict(setting.split("=") for setting in settings)
        self.engine = mtasts.Engine(mtasts.Config(store=values["store"] == "1"))
        return "ok"

    @property
    def running(self) -> mtasts.Engine:
        if self.engine is None:
            raise MisuseError("there is no engine")
        return self.engine

    def on_lookup(self, domain: str, now: str) -> str:
        return self.found(self.running.lookup(octets(domain), int(now)))

    def on_peek(self, domain: str, now: str) -> str:
        return self.found(self.running.peek(octets(domain), int(now)))

    def found(self, decision: mtasts.Decision | None) -> str:
        return NONE if decision is None else f"ok {self.decision(decision)}"

    def on_resolve(self, lookup: str, domain: str, deadline: str, now: str) -> str:
        self.running.resolve(int(lookup), octets(domain), int(deadline), int(now))
        return "ok"

    def on_recheck(self, lookup: str, domain: str, deadline: str, now: str) -> str:
        self.running.recheck(int(lookup), octets(domain), int(deadline), int(now))
        return "ok"

    def on_cancel(self, lookup: str, now: str) -> str:
        self.running.cancel(int(lookup), int(now))
        return "ok"

    def on_txt_answer(self, request: str, now: str, how: str, *rest: str) -> str:
        if how == "ok":
            ttl, *rrset = rest
            self.running.txt_answer(int(request), map(octets, rrset), int(ttl), int(now))
        else:
            failures = {failure.code: failure for failure in mtasts.DnsFailure}
            code, detail = rest
            text = octets(detail).decode()
            self.running.txt_failed(int(request), failures[code], int(now), text)
        return "ok"

    def on_fetch_answer(self, request: str, now: str, how: str, *rest: str) -> str:
        if how == "ok":
            status, media, body = rest
            self.running.fetch_answer(
                int(request), int(status), maybe(media), octets(body), int(now)
            )
        else:
            failures = {failure.code: failure for failure in mtasts.FetchFailure}
            code, detail = rest
            text = octets(detail).decode()
            self.running.fetch_failed(int(request), failures[code], int(now), text)
        return "ok"

    def on_loaded(self, request: str, now: str, *kept: str) -> str:
        cached = None if kept == ("-",) else self.cached(*kept)
        self.running.loaded(int(request), cached, int(now))
        return "ok"

    def cached(
        self, name: str, fetched_at: str, last_used: str, policy: str
    ) -> mtasts.CachedPolicy:
        parsed = mtasts.Policy.parse(octets(policy))
        return mtasts.CachedPolicy(parsed, octets(name).decode(), int(fetched_at), int(last_used))

    def on_stored(self, request: str, now: str) -> str:
        self.running.stored(int(request), int(now))
        return "ok"

    def on_restore(self, domain: str, now: str, *kept: str) -> str:
        self.running.restore(octets(domain), self.cached(*kept), int(now))
        return "ok"

    def on_timeout(self, now: str) -> str:
        self.running.handle_timeout(int(now))
        return "ok"

    def on_next(self) -> str:
        wake = self.running.poll_timeout()
        return NONE if wake is None else f"ok at={wake[0]} reason={wake[1]}"

    def on_poll(self) -> str:
        output = self.running.poll_output()
        return NONE if output is None else f"ok {self.output(output)}"

    def output(self, output: mtasts.Output) -> str:
        if isinstance(output, mtasts.QueryTxt):
            return (
                f"kind=query-txt request={output.request} domain={hexed(output.domain)} "
                f"name={hexed(output.name)} deadline={output.deadline_ms}"
            )
        if isinstance(output, mtasts.FetchPolicy):
            return (
                f"kind=fetch-policy request={output.request} domain={hexed(output.domain)} "
                f"host={hexed(output.host)} path={hexed(output.path)} "
                f"deadline={output.deadline_ms} max_bytes={output.max_bytes}"
            )
        if isinstance(output, mtasts.Load):
            return f"kind=load request={output.request} domain={hexed(output.domain)}"
        if isinstance(output, mtasts.Store):
            cached = output.cached
            return (
                f"kind=store request={output.request} domain={hexed(output.domain)} "
                f"id={hexed(cached.id)} fetched_at={cached.fetched_at_ms} "
                f"last_used={cached.last_used_ms} policy={hexed(cached.policy.text)}"
            )
        if isinstance(output, mtasts.Remove):
            return f"kind=remove domain={hexed(output.domain)}"
        if isinstance(output, mtasts.Answer):
            asked = output.bounce is not mtasts.Bounce.NOT_ASKED
            bounce = word(output.bounce if asked else None)
            decision = self.decision(output.decision)
            return f"kind=answer lookup={output.lookup} bounce={bounce} {decision}"
        return f"kind=alert domain={hexed(output.domain)}"

    def decision(self, decision: mtasts.Decision) -> str:
        self.last = decision
        failure = decision.failure
        name = decision.id
        tokens = [
            f"decision={decision.action}",
            f"source={word(decision.source)}",
            f"id={'-' if name is None else hexed(name)}",
            f"fetched_at={word(decision.fetched_at_ms)}",
            f"expires_at={word(decision.expires_at_ms)}",
            *(f"mx={hexed(pattern)}" for pattern in decision.mx),
            f"failure={word(failure and failure.code)}",
            f"failure_at={word(failure and failure.at_ms)}",
            f"result={word(decision.discovery_result)}",
        ]
        return " ".join(tokens)

    def on_judge(self, host: str, starttls: str, cert: str, dane: str) -> str:
        if self.last is None:
            raise MisuseError("there is no decision")
        attempt = self.last.judge(
            octets(host),
            starttls=starttls == "1",
            cert=constant(mtasts.Cert, cert),
            dane=constant(mtasts.Dane, dane),
        )
        return f"ok verdict={attempt.verdict} report={word(attempt.report)}"


def constant(words: type[W], name: str) -> W:
    return next(one for one in words if str(one) == name)


def main() -> None:
    face = Face()
    for line in sys.stdin:
        request = line.rstrip("\n")
        if request == "quit":
            return
        print(face.answer(request), flush=True)


if __name__ == "__main__":
    main()
