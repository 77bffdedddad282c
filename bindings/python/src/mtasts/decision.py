"""Decisions: what a sender should do with mail for a domain."""

from __future__ import annotations

from ctypes import byref, c_int32, c_uint64
from dataclasses import dataclass

from ._call import (
    Handle,
    Text,
    Word,
    call,
    error_name,
    lent,
    number,
    optional,
    owned,
    text,
    u64,
    written,
)
from ._native import lib
from .policy import Policy

_NOTHING = 0


class Action(Word):
    """What to do."""

    ENFORCE = 1
    """Deliver only over verified TLS to a host that the policy names (RFC 8461 section 5)."""
    TESTING = 2
    """Deliver as without a policy, and report what ENFORCE would have refused."""
    NONE = 3
    """Deliver as without a policy: the domain's policy says `mode: none`."""
    NO_POLICY = 4
    """Deliver as without a policy: there is none, or none could be discovered."""
    TEMP_FAIL = 5
    """Hold the mail and ask again later."""


class Source(Word):
    """Where a policy comes from."""

    LIVE = 1
    """Fetched to answer this lookup."""
    CACHED = 2
    """Kept from before."""


class Cert(Word):
    """What became of an MX host's certificate."""

    VALID = 1
    """It is valid for the MX host name and chains to a trusted root."""
    EXPIRED = 2
    """It has expired."""
    NAME_MISMATCH = 3
    """No DNS-ID matches the MX host name."""
    UNTRUSTED = 4
    """It does not chain to a trusted root."""
    INVALID = 5
    """It is unusable for another reason, or the handshake failed."""


class Dane(Word):
    """What DANE says of an MX host."""

    NONE = 0
    """There are no TLSA records, or nobody looked."""
    INSECURE = 1
    """The TLSA records are not signed: DANE does not apply."""
    PASS = 2
    """A usable TLSA record matches."""
    FAIL = 3
    """Usable TLSA records are there and none matches."""
    LOOKUP_ERROR = 4
    """The TLSA lookup failed."""
    UNUSABLE = 5
    """TLSA records are there but none is usable."""


class Verdict(Word):
    """What to do with an MX host."""

    DELIVER = 1
    """Go on with the delivery."""
    SKIP_MX = 2
    """Treat the host as unreachable and go on to the next candidate (RFC 8461 section 8.4)."""


class Format(Word):
    """How a MTA reads a decision."""

    POSTFIX = 1
    """The reply for `smtp_tls_policy_maps`: `OK secure match=…`, `NOTFOUND ` or `TEMP …`."""
    POSTFIX_TLSRPT = 2
    """As POSTFIX, with the attributes for TLSRPT that Postfix takes from 3.10 on."""
    SENDMAIL = 3
    """The reply for Sendmail's `sts` map."""


@dataclass(frozen=True)
class Attempt:
    """What comes of an attempt to deliver to an MX host."""

    verdict: Verdict
    """What to do."""
    report: str | None
    """What to report through TLSRPT: a result type of RFC 8460 section 4.3."""


@dataclass(frozen=True)
class Failure:
    """What went wrong with a discovery or refresh."""

    code: str
    """One word that does not change: ``fetch-tls-expired``, ``dns-servfail``."""
    message: str
    """For people."""
    at_ms: int
    """When it came to be known, in Unix milliseconds."""


class Decision(Handle):
    """What a sender should do with mail for a Policy Domain, and why. Immutable."""

    __slots__ = ()

    @property
    def action(self) -> Action:
        """What to do."""
        return Action(call(lib.mtasts_decision_action, self))

    @property
    def policy(self) -> Policy | None:
        """The policy that governs or, for Action.NONE, says that nothing does."""
        policy = optional(owned, lib.mtasts_policy_free, lib.mtasts_decision_policy, self)
        return None if policy is None else Policy(policy)

    @property
    def source(self) -> Source | None:
        """Where the policy comes from; None without one."""
        source = optional(call, lib.mtasts_decision_source, self)
        return None if source is None else Source(source)

    @property
    def id(self) -> str | None:
        """The id under which the policy was fetched; None without one."""
        return optional(lent, lib.mtasts_decision_id, self)

    @property
    def fetched_at_ms(self) -> int | None:
        """When the policy was fetched, in Unix milliseconds; None without one."""
        return optional(number, c_uint64, lib.mtasts_decision_fetched_at, self)

    @property
    def expires_at_ms(self) -> int | None:
        """The last moment at which the policy governs, in Unix milliseconds; None without one."""
        return optional(number, c_uint64, lib.mtasts_decision_expires_at, self)

    @property
    def failure(self) -> Failure | None:
        """What went wrong last with the domain's discovery or refresh; None if nothing did."""
        code = number(c_int32, lib.mtasts_decision_failure, self)
        if code >= 0:
            return None
        return Failure(
            error_name(code),
            written(lib.mtasts_decision_failure_text, self),
            number(c_uint64, lib.mtasts_decision_failure_at, self),
        )

    @property
    def discovery_result(self) -> str | None:
        """The TLSRPT result type that the state of discovery calls for (RFC 8461 section 6)."""
        return _result(number(c_int32, lib.mtasts_decision_discovery_result, self))

    @property
    def mx(self) -> tuple[str, ...]:
        """The policy's MX patterns; none without one."""
        policy = self.policy
        return () if policy is None else policy.mx

    def matches(self, host: Text) -> bool:
        """Whether one of the policy's MX patterns matches an MX host; False without a policy."""
        return bool(number(c_int32, lib.mtasts_decision_matches, self, *text(host)))

    def judge(
        self, host: Text, *, starttls: bool, cert: Cert = Cert.INVALID, dane: Dane = Dane.NONE
    ) -> Attempt:
        """Judge the attempt to deliver to an MX host, by what the sender saw of it.

        `cert` is of no importance without STARTTLS.
        """
        verdict, result = c_int32(), c_int32()
        call(
            lib.mtasts_decision_judge,
            self,
            *text(host),
            bool(starttls),
            cert.value,
            dane.value,
            byref(verdict),
            byref(result),
        )
        return Attempt(Verdict(verdict.value), _result(result.value))

    def render(self, domain: Text, form: Format) -> str:
        """The decision for `domain` (a lookup key) as a MTA reads it."""
        return written(lib.mtasts_decision_render, self, form.value, *text(domain))

    def to_json(self, domain: Text, now_ms: int) -> str:
        """The decision for `domain` (a lookup key) as a JSON object. Its times are in seconds.

        `now_ms` is the time in Unix milliseconds. Of a decision that a daemon has made, this is
        what the daemon wrote.
        """
        return written(lib.mtasts_decision_json, self, *text(domain), u64(now_ms, "now_ms"))

    def explain(self, now_ms: int) -> str:
        """The decision in a sentence: which policy, from where, how old, and what failed.

        `now_ms` is the time in Unix milliseconds.
        """
        return written(lib.mtasts_decision_explain, self, u64(now_ms, "now_ms"))

    def __repr__(self) -> str:
        policy = self.policy
        return (
            f"<Decision {self.action}>"
            if policy is None
            else f"<Decision {self.action}: {policy!r}>"
        )


def _result(result: int) -> str | None:
    if result == _NOTHING:
        return None
    name: bytes = lib.mtasts_result_name(result)
    return name.decode()
