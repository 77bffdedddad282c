"""What an engine asks of its host, and what it answers."""

from __future__ import annotations

from ctypes import c_size_t, c_uint32, c_uint64, c_void_p
from dataclasses import dataclass
from typing import Callable, Union

from ._call import Word, borrowed, call, lent, number, owned, written
from ._native import lib
from .cached import CachedPolicy, read_cached
from .decision import Decision


class Bounce(Word):
    """Whether a message may now be failed permanently (RFC 8461 section 5.1)."""

    NOT_ASKED = 0
    """The lookup was no recheck."""
    ALLOWED = 1
    """No newer policy is announced: the ordinary rules for retries apply."""
    FORBIDDEN = 2
    """A newer policy may be there, or DNS could not tell: try again later."""


@dataclass(frozen=True)
class QueryTxt:
    """Ask DNS for the TXT records at `name`, following CNAMEs.

    Answer with Engine.txt_answer or Engine.txt_failed.
    """

    request: int
    domain: str
    name: str
    deadline_ms: int
    """When an answer is no longer of use, in Unix milliseconds."""


@dataclass(frozen=True)
class FetchPolicy:
    """GET `https://{host}{path}`, without following redirects or using an HTTP cache.

    `host` is the SNI, and the name that the certificate must be valid for. Answer with
    Engine.fetch_answer or Engine.fetch_failed.
    """

    request: int
    domain: str
    host: str
    path: str
    deadline_ms: int
    """When an answer is no longer of use, in Unix milliseconds."""
    max_bytes: int
    """Stop reading the body beyond this many octets."""


@dataclass(frozen=True)
class Load:
    """Look for a stored policy. Answer with Engine.loaded."""

    request: int
    domain: str


@dataclass(frozen=True)
class Store:
    """Keep a policy, replacing an older one. Answer with Engine.stored once it is durable."""

    request: int
    domain: str
    cached: CachedPolicy


@dataclass(frozen=True)
class Remove:
    """The stored policy of this domain governs nothing any more."""

    domain: str


@dataclass(frozen=True)
class Answer:
    """The answer to a lookup."""

    lookup: int
    """Its number."""
    decision: Decision
    bounce: Bounce


@dataclass(frozen=True)
class Alert:
    """Something that an administrator should know."""

    domain: str
    message: str
    """A sentence without its full stop."""


Output = Union[QueryTxt, FetchPolicy, Load, Store, Remove, Answer, Alert]
"""One of them."""

_QUERY_TXT, _FETCH_POLICY, _LOAD, _STORE, _REMOVE, _ANSWER, _ALERT = range(1, 8)


def read_output(output: c_void_p) -> Output | None:
    """What the library lends; None for a kind that this version does not know."""
    read = _READ.get(call(lib.mtasts_output_kind, output))
    return None if read is None else read(output)


def _request(output: c_void_p) -> int:
    return number(c_uint32, lib.mtasts_output_request, output)


def _domain(output: c_void_p) -> str:
    return lent(lib.mtasts_output_domain, output)


def _deadline(output: c_void_p) -> int:
    return number(c_uint64, lib.mtasts_output_deadline, output)


def _query_txt(output: c_void_p) -> QueryTxt:
    name = lent(lib.mtasts_output_name, output)
    return QueryTxt(_request(output), _domain(output), name, _deadline(output))


def _fetch_policy(output: c_void_p) -> FetchPolicy:
    return FetchPolicy(
        _request(output),
        _domain(output),
        lent(lib.mtasts_output_host, output),
        lent(lib.mtasts_output_path, output),
        _deadline(output),
        number(c_size_t, lib.mtasts_output_max_bytes, output),
    )


def _load(output: c_void_p) -> Load:
    return Load(_request(output), _domain(output))


def _store(output: c_void_p) -> Store:
    cached = read_cached(borrowed(lib.mtasts_output_cached, output))
    return Store(_request(output), _domain(output), cached)


def _remove(output: c_void_p) -> Remove:
    return Remove(_domain(output))


def _answer(output: c_void_p) -> Answer:
    decision = borrowed(lib.mtasts_output_decision, output)
    return Answer(
        number(c_uint32, lib.mtasts_output_lookup, output),
        Decision(owned(lib.mtasts_decision_free, lib.mtasts_decision_clone, decision)),
        Bounce(call(lib.mtasts_output_bounce, output)),
    )


def _alert(output: c_void_p) -> Alert:
    return Alert(_domain(output), written(lib.mtasts_output_message, output))


_READ: dict[int, Callable[[c_void_p], Output]] = {
    _QUERY_TXT: _query_txt,
    _FETCH_POLICY: _fetch_policy,
    _LOAD: _load,
    _STORE: _store,
    _REMOVE: _remove,
    _ANSWER: _answer,
    _ALERT: _alert,
}
