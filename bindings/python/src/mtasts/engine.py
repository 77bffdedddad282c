"""The engine: discovers, remembers and applies policies, without doing any I/O itself."""

from __future__ import annotations

import threading
from ctypes import byref, c_int32, c_uint64
from typing import TYPE_CHECKING, Any

from ._call import (
    Handle,
    Octets,
    Text,
    Word,
    borrowed,
    call,
    error_name,
    lent,
    octets,
    owned,
    records,
    text,
    u16,
    u32,
    u64,
)
from ._native import lib
from .cached import CachedPolicy, read_cached
from .decision import Decision
from .output import Output, read_output

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from .config import Config

_NEVER = 2**64 - 1


class Wake(Word):
    """Why an engine wants to be woken."""

    LOOKUP_DEADLINE = 1
    """A lookup must be answered."""
    REQUEST_DEADLINE = 2
    """A request got no answer in time."""
    MAINTENANCE = 3
    """A policy is to be refreshed, or something remembered has ended."""


class DnsFailure(Word):
    """Why a TXT query failed. That there are no records is an answer, not a failure."""

    TIMEOUT = -401
    """No resolver answered in time."""
    SERVFAIL = -402
    """The resolver answered SERVFAIL."""
    REFUSED = -403
    """The resolver answered REFUSED or another error."""
    FAILED = -404
    """No query could be sent, or the answers could not be understood."""

    @property
    def code(self) -> str:
        """The word for it in Failure.code."""
        return error_name(self.value)


class FetchFailure(Word):
    """Why a fetch brought no complete response. A response of any status is none of these."""

    NO_ADDRESS = -501
    """The policy host has no address."""
    DNS = -502
    """The policy host's address could not be looked up."""
    ADDRESS_REFUSED = -503
    """Every address of the policy host lies in a range that must not be contacted."""
    CONNECT = -504
    """No TCP connection."""
    TLS_NAME = -505
    """The certificate has no DNS-ID that matches the policy host."""
    TLS_EXPIRED = -506
    """The certificate's validity has ended."""
    TLS_NOT_YET_VALID = -507
    """The certificate's validity has not begun."""
    TLS_UNTRUSTED = -508
    """The certificate does not chain to a trusted root."""
    TLS_CERTIFICATE = -509
    """The certificate is unusable for another reason."""
    TLS_HANDSHAKE = -510
    """The handshake failed before a certificate could be judged."""
    TIMEOUT = -511
    """The deadline passed."""
    HTTP = -512
    """The HTTP response could not be understood."""
    CONTENT_CODING = -516
    """The body has a content coding that cannot be undone."""
    TOO_LARGE = -517
    """The body is larger than the limit."""
    TRUNCATED = -518
    """The response ended before its framing said so."""
    BUSY = -519
    """Too many fetches were waiting."""

    @property
    def code(self) -> str:
        """The word for it in Failure.code."""
        return error_name(self.value)


class Engine(Handle):
    """Discovers, remembers and applies policies, without doing any I/O itself.

    The host gives it inputs, carries out its outputs, and tells it the time: `now_ms`, in Unix
    milliseconds, in each call. Several threads may use it; each call is done as a whole. As a
    context manager it is freed at the end.

    The loop of a host: give an input or call `handle_timeout`; carry out all `outputs()`; wait for
    results, new lookups, or the moment that `poll_timeout()` names, whatever comes first.
    """

    __slots__ = ("_lock",)

    def __init__(self, config: Config | None = None) -> None:
        settings = None if config is None else config._made()  # noqa: SLF001 (of this package)
        super().__init__(owned(lib.mtasts_engine_free, lib.mtasts_engine_new, settings))
        self._lock = threading.Lock()

    # What is known.

    def lookup(self, key: Text, now_ms: int) -> Decision | None:
        """The decision for a lookup key, if it can be given at once; else None: `resolve` it.

        A policy that is due for a check is checked in the background, so carry out outputs
        afterwards.

        Raises DomainError for a key that names no Policy Domain.
        """
        return self._at_once(lib.mtasts_engine_lookup, key, now_ms)

    def peek(self, key: Text, now_ms: int) -> Decision | None:
        """As `lookup`, for a look at what is remembered: counts as no use and starts nothing."""
        return self._at_once(lib.mtasts_engine_peek, key, now_ms)

    def _at_once(self, function: Any, key: Text, now_ms: int) -> Decision | None:  # noqa: ANN401
        arguments = (*text(key), u64(now_ms, "now_ms"))
        with self._lock:
            decision = borrowed(function, self, *arguments)
            if not decision:
                return None
            return Decision(owned(lib.mtasts_decision_free, lib.mtasts_decision_clone, decision))

    # Lookups.

    def resolve(self, lookup: int, key: Text, deadline_ms: int, now_ms: int) -> None:
        """Somebody wants the decision for a lookup key and waits until `deadline_ms`.

        An Answer with this number, which no waiting lookup has, comes by then, if timeouts are
        handled.

        Raises DomainError for a key that names no Policy Domain, and EngineError:
        ``duplicate-lookup``, ``busy``.
        """
        self._ask(lib.mtasts_engine_resolve, lookup, key, deadline_ms, now_ms)

    def recheck(self, lookup: int, key: Text, deadline_ms: int, now_ms: int) -> None:
        """As `resolve`, when mail for the domain is about to be bounced.

        The TXT record is checked first (RFC 8461 section 5.1 step 3); Answer.bounce says what came
        of it.
        """
        self._ask(lib.mtasts_engine_recheck, lookup, key, deadline_ms, now_ms)

    def _ask(self, function: Any, lookup: int, key: Text, deadline_ms: int, now_ms: int) -> None:  # noqa: ANN401
        deadline = u64(deadline_ms, "deadline_ms")
        self._input(function, u32(lookup, "lookup"), *text(key), deadline, u64(now_ms, "now_ms"))

    def cancel(self, lookup: int, now_ms: int) -> None:
        """Nobody waits for this lookup any more; it will not be answered.

        Raises EngineError: ``unknown-lookup``.
        """
        self._input(lib.mtasts_engine_cancel, u32(lookup, "lookup"), u64(now_ms, "now_ms"))

    # Answers to outputs. Each raises EngineError: ``unknown-request``, ``wrong-answer``.

    def txt_answer(self, request: int, rrset: Iterable[Text], ttl: int, now_ms: int) -> None:
        """Answer a QueryTxt.

        `rrset` are the records as for StsRecord.select, none when the name or the type does not
        exist; `ttl` is the smallest TTL of the answer, or the negative TTL, in seconds.
        """
        self._input(
            lib.mtasts_engine_txt_answer,
            u32(request, "request"),
            *records(rrset),
            u32(ttl, "ttl"),
            u64(now_ms, "now_ms"),
        )

    def txt_failed(self, request: int, failure: DnsFailure, now_ms: int, detail: str = "") -> None:
        """A QueryTxt failed; `detail` is what people should read of it besides."""
        self._failed(lib.mtasts_engine_txt_failed, request, failure, detail, now_ms)

    def fetch_answer(
        self,
        request: int,
        status: int,
        content_type: Text | None,
        body: Octets,
        now_ms: int,
    ) -> None:
        """Answer a FetchPolicy with a complete HTTP response, its content coding undone.

        Responses of any status are told this way. `content_type` is the field's value, None where
        there is none.
        """
        self._input(
            lib.mtasts_engine_fetch_answer,
            u32(request, "request"),
            u16(status, "status"),
            *((None, 0) if content_type is None else text(content_type)),
            *octets(body),
            u64(now_ms, "now_ms"),
        )

    def fetch_failed(
        self, request: int, failure: FetchFailure, now_ms: int, detail: str = ""
    ) -> None:
        """A FetchPolicy brought no response; `detail` is what people should read of it besides."""
        self._failed(lib.mtasts_engine_fetch_failed, request, failure, detail, now_ms)

    def _failed(
        self,
        function: Any,  # noqa: ANN401
        request: int,
        failure: DnsFailure | FetchFailure,
        detail: str,
        now_ms: int,
    ) -> None:
        number = u32(request, "request")
        self._input(function, number, failure.value, *text(detail), u64(now_ms, "now_ms"))

    def loaded(self, request: int, cached: CachedPolicy | None, now_ms: int) -> None:
        """Answer a Load: what the store holds, or None if that is nothing, or the store failed."""
        made = None if cached is None else cached._made()  # noqa: SLF001 (of this package)
        self._input(lib.mtasts_engine_loaded, u32(request, "request"), made, u64(now_ms, "now_ms"))

    def stored(self, request: int, now_ms: int) -> None:
        """A Store is durable, or the store gave up on it."""
        self._input(lib.mtasts_engine_stored, u32(request, "request"), u64(now_ms, "now_ms"))

    # Policies from and for elsewhere.

    def restore(self, domain: Text, cached: CachedPolicy, now_ms: int) -> None:
        """Give it a policy that was kept, before anybody has asked.

        It never replaces a newer one, and what has expired is passed over.
        """
        made = cached._made()  # noqa: SLF001 (of this package)
        self._input(lib.mtasts_engine_restore, *text(domain), made, u64(now_ms, "now_ms"))

    def export(self, now_ms: int) -> list[tuple[str, CachedPolicy]]:
        """The policies that govern now, with their domains, in the order of these."""
        now = u64(now_ms, "now_ms")
        with self._lock:
            snapshot = owned(lib.mtasts_snapshot_free, lib.mtasts_engine_export, self, now)
        return [
            (
                lent(lib.mtasts_snapshot_domain, snapshot, index),
                read_cached(borrowed(lib.mtasts_snapshot_cached, snapshot, index)),
            )
            for index in range(call(lib.mtasts_snapshot_count, snapshot))
        ]

    # Time and outputs.

    def handle_timeout(self, now_ms: int) -> None:
        """Do everything that is due. Carry out outputs afterwards."""
        self._input(lib.mtasts_engine_handle_timeout, u64(now_ms, "now_ms"))

    def poll_timeout(self) -> tuple[int, Wake] | None:
        """When `handle_timeout` should be called next, and why; None for never."""
        at_ms, reason = c_uint64(), c_int32()
        with self._lock:
            call(lib.mtasts_engine_poll_timeout, self, byref(at_ms), byref(reason))
        return None if at_ms.value == _NEVER else (at_ms.value, Wake(reason.value))

    def poll_output(self) -> Output | None:
        """The next thing to do; None when there is none."""
        with self._lock:
            while True:
                lent_output = borrowed(lib.mtasts_engine_poll_output, self)
                if not lent_output:
                    return None
                output = read_output(lent_output)
                if output is not None:
                    return output

    def outputs(self) -> Iterator[Output]:
        """All things to do, also those that come up meanwhile."""
        return iter(self.poll_output, None)

    # The rest.

    @property
    def domain_count(self) -> int:
        """How many domains are remembered."""
        with self._lock:
            return call(lib.mtasts_engine_domain_count, self)

    @property
    def waiting_count(self) -> int:
        """How many lookups wait for their answer."""
        with self._lock:
            return call(lib.mtasts_engine_waiting_count, self)

    def reconfigure(self, config: Config) -> None:
        """Replace the settings, for what comes. The seed stays as it is."""
        self._input(lib.mtasts_engine_reconfigure, config._made())  # noqa: SLF001 (of this package)

    def _input(self, function: Any, *arguments: object) -> None:  # noqa: ANN401
        with self._lock:
            call(function, self, *arguments)

    def close(self) -> None:
        """Free it. What it gave out stays valid."""
        with self._lock:
            self._object = None

    def __enter__(self) -> Engine:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def __repr__(self) -> str:
        if self._object is None:
            return "<Engine, closed>"
        return f"<Engine, {self.domain_count} domains, {self.waiting_count} lookups waiting>"
