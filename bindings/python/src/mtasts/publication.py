"""What is known about a domain: what the linter is given.

A member that is not there says that nobody looked. Octets are given as such, or as `str` for their
UTF-8. Moments are whole seconds since 1970.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Literal, TypedDict, Union, cast

from ._call import Octets

Content = Union[str, Octets]
"""Octets, or a text for its UTF-8."""

TxtRecord = Union[Content, Sequence[Content]]
"""A TXT record: its text, or its character-strings in order."""

DnsFailureWord = Literal["timeout", "servfail", "refused", "failed"]
"""Why a DNS query brought no answer."""

FetchFailureWord = Literal[
    "no-address",
    "dns-timeout",
    "dns-servfail",
    "dns-refused",
    "dns-failed",
    "address-refused",
    "connect",
    "timeout",
    "http",
    "media-type",
    "content-coding",
    "too-large",
    "truncated",
    "busy",
    "tls-name",
    "tls-expired",
    "tls-not-yet-valid",
    "tls-untrusted",
    "tls-certificate",
    "tls-handshake",
]
"""Why a fetch brought no policy."""

TlsVersion = Literal["SSL 3.0", "TLS 1.0", "TLS 1.1", "TLS 1.2", "TLS 1.3"]
"""A version of TLS."""


# What must be there is in classes of its own: `Required` is from Python 3.11 on.


class _OfResolver(TypedDict):
    resolver: str
    """As a person would name it."""


class _OfAddress(TypedDict):
    address: str


class _OfHost(TypedDict):
    host: str
    """The name of the MX host; `.` is the null MX."""


class ResolverAnswer(_OfResolver, total=False):
    """What one more resolver answered to the same query."""

    records: Sequence[TxtRecord]
    failure: DnsFailureWord


class RecordSet(TypedDict, total=False):
    """The answer to a TXT query, or the records that somebody pasted."""

    records: Sequence[TxtRecord]
    """In the order of the answer. None: there is no such record."""
    ttl: int
    """Of the records, in seconds."""
    cname: Sequence[str]
    """The CNAME targets that the query went through, in order."""
    failure: DnsFailureWord
    """Why there is no answer. The records count for nothing then."""
    pasted: bool
    """Whether somebody pasted this: nothing is known about its character-strings."""
    resolvers: Sequence[ResolverAnswer]
    """What further resolvers answered."""


class AddressFacts(_OfAddress, total=False):
    """What came of a request to one address of the policy host."""

    failure: FetchFailureWord
    same_body: bool
    """Whether the body is that of the other addresses."""


class Certificate(TypedDict, total=False):
    """A certificate, as far as it is known."""

    names: Sequence[str]
    """The DNS names among the subject alternative names."""
    common_name: str
    not_after: int
    """The end of its validity."""
    chain_complete: bool
    """Whether the server sent all intermediate certificates."""


class HttpFacts(TypedDict, total=False):
    """How the policy host answered a request for the policy."""

    failure: FetchFailureWord
    """Why there is no complete response."""
    detail: str
    """The caller's words on the failure."""
    status: int
    headers: Sequence[tuple[str, str]]
    """Names and values of the fields, in order."""
    body_length: int
    """The size of the body, in octets."""
    cname: Sequence[str]
    """The CNAME targets that the lookup of the policy host went through."""
    addresses: Sequence[AddressFacts]
    certificate: Certificate
    tls_version: TlsVersion
    duration_ms: int


class SmtpFacts(TypedDict, total=False):
    """What an SMTP session with an MX host showed."""

    failure: str
    """Why there was none, in the caller's words."""
    starttls: bool
    certificate: Literal["valid", "expired", "name-mismatch", "untrusted", "invalid"]
    names: Sequence[str]
    """The DNS names of the certificate."""
    days_left: int
    """Until the certificate expires."""
    tls_version: TlsVersion


class MxHost(_OfHost, total=False):
    """One MX host."""

    preference: int
    cname: str
    """The target, if the name is an alias."""
    has_address: bool
    smtp: SmtpFacts


class MxFacts(TypedDict, total=False):
    """The answer to an MX query, or a list of hosts."""

    hosts: Sequence[MxHost]
    """None: there is no MX record, so the domain itself is the host."""
    failure: DnsFailureWord


class TlsaFacts(_OfHost, total=False):
    """The TLSA records of one MX host."""

    signed: bool
    usages: Sequence[int]
    outcome: Literal["none", "insecure", "pass", "fail", "lookup-error", "unusable"]


class DaneFacts(TypedDict, total=False):
    """What DNS says about DANE for the MX hosts."""

    mx_signed: bool
    """Whether the MX records are signed and validated."""
    tlsa: Sequence[TlsaFacts]


class Previous(TypedDict, total=False):
    """What the domain published when it was looked at before."""

    id: str
    policy: Content
    seen_at: int
    mode_since: int


class Publication(TypedDict, total=False):
    """What is known about a domain."""

    domain: str
    """The Policy Domain, as a lookup key."""
    txt: RecordSet
    """The TXT records at `_mta-sts.` and the domain."""
    policy: Content
    """The policy's text: the body of the HTTPS response, or a file."""
    http: HttpFacts
    """How the policy host answered."""
    mx: MxFacts
    """The domain's MX hosts."""
    tlsrpt: RecordSet
    """The TXT records at `_smtp._tls.` and the domain."""
    dane: DaneFacts
    """TLSA records of the MX hosts."""
    previous: Previous
    """What the domain published before."""
    now: int
    """The time of the check: what expires is judged by it."""


def as_json(publication: Publication) -> str:
    """The publication as the library reads it."""
    return json.dumps(publication, default=_octets, ensure_ascii=False, allow_nan=False)


def _octets(value: object) -> object:
    if isinstance(value, (bytes, bytearray, memoryview)):
        return {"hex": bytes(value).hex()}
    if isinstance(value, Mapping):
        return dict(cast("Mapping[object, object]", value))
    if isinstance(value, Sequence):
        return list(cast("Sequence[object]", value))
    raise TypeError(f"a publication has no {type(value).__name__}")
