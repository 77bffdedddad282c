"""The linter: what is wrong with a domain's MTA-STS, where, and how to mend it.

What goes in is in `mtasts.publication`. Publications and reports are those of every language that
the linter is used from.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from ._call import text, written
from ._native import lib
from .publication import Publication, as_json

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ._call import Octets, Text

__all__ = [
    "Edit",
    "Finding",
    "Fix",
    "LintReport",
    "LintVerdict",
    "MxVerdict",
    "Place",
    "Publication",
    "Span",
    "Unchecked",
    "lint",
    "lint_json",
]


@dataclass(frozen=True)
class Span:
    """A part of a text."""

    start: int
    """Offset of the first octet."""
    end: int
    """Offset after the last octet."""
    line: int
    """Of the first octet, from 1."""
    column: int
    """Of the first octet in its line, from 1, in octets."""


@dataclass(frozen=True)
class Place:
    """What a finding is about."""

    part: Literal["txt", "policy", "http", "certificate", "mx", "tlsrpt", "dane", "previous"]
    index: int | None
    """Which record or host, from 0 in the order of the publication. None: the part as a whole."""


@dataclass(frozen=True)
class Edit:
    """A part of a text and what to put in its place."""

    span: Span
    replacement: str


@dataclass(frozen=True)
class Fix:
    """A change that mends a text. Its edits are all made, or none."""

    label: str
    """What the change does: ``Remove the byte order mark``."""
    place: Place
    """The text that the edits are made in."""
    edits: tuple[Edit, ...]
    """In order and without overlap."""

    def apply(self, to: str | Octets) -> bytes:
        """The text with the edits made. It must be the one that was checked."""
        octets = to.encode() if isinstance(to, str) else bytes(to)
        for edit in reversed(self.edits):
            span = edit.span
            octets = octets[: span.start] + edit.replacement.encode() + octets[span.end :]
        return octets


@dataclass(frozen=True)
class Finding:
    """One thing that is wrong or worth knowing."""

    code: str
    """Which lint it is, in one word that does not change: ``txt-id-character``."""
    severity: Literal["error", "warning", "info"]
    """With an `error`, senders ignore what is published, or defer mail."""
    place: Place
    """What it is about."""
    span: Span | None
    """Where in the text of the record or policy. None: the whole, or no text."""
    message: str
    """What is wrong, in one sentence."""
    help: str | None
    """What to do."""
    fixes: tuple[Fix, ...]
    """Changes of the text that mend it."""
    section: str
    """The section that demands it, such as ``RFC 8461 §3.1``."""
    url: str
    """Where that is."""

    def __str__(self) -> str:
        part, index, span = self.place.part, self.place.index, self.span
        place = part if index is None else f"{part} {index + 1}"
        if span is not None:
            place += f", line {span.line}, column {span.column}"
        return f"{self.severity}: {place}: {self.message} [{self.code}]"


@dataclass(frozen=True)
class Unchecked:
    """Something that could not be checked: nothing speaks for it being right."""

    subject: Literal["txt", "policy", "http", "certificate", "mx", "smtp", "tlsrpt", "dane"]
    message: str
    """What was not looked at, in one sentence."""
    command: str
    """A command that checks it."""


@dataclass(frozen=True)
class MxVerdict:
    """What a sender makes of one MX host."""

    host: str
    pattern: str | None
    """The first MX pattern that matches. None: none does, or no policy is known."""
    delivers: bool
    """Whether mail goes there. What is not known about the host's TLS is taken to be right."""
    report: str | None
    """What is reported through TLSRPT: a result type of RFC 8460 section 4.3."""


@dataclass(frozen=True)
class LintVerdict:
    """What senders do with mail for the domain now."""

    sentence: str
    """In one sentence."""
    mail: Literal["delivered", "restricted", "delayed", "unknown"]
    """Whether mail of senders that follow MTA-STS arrives."""
    protection: Literal["enforced", "reported", "none", "unknown"]
    """Whether mail is protected on its way."""
    decision: Literal["enforce", "testing", "none", "no-policy", "temp-fail"] | None
    """What a sender decides that knows nothing from before. None: too little is known."""
    mx: tuple[MxVerdict, ...]
    """The MX hosts, in order."""


@dataclass(frozen=True)
class LintReport:
    """What a check found."""

    schema_version: Literal[1]
    """Of the report in JSON. Rises when a member changes its meaning."""
    findings: tuple[Finding, ...]
    """By place, and within a text from its start to its end."""
    unchecked: tuple[Unchecked, ...]
    """What nobody looked at."""
    verdict: LintVerdict
    """What comes of it all."""


def lint(publication: Publication) -> LintReport:
    """Check what is known about a domain.

    Raises ArgumentError: ``publication-invalid``, when a member is unknown or of another type.

    >>> report = lint({"txt": {"records": ["v=STSv1; id=2026-11-01;"], "pasted": True}})
    >>> print(report.findings[0])
    error: txt 1, line 1, column 13: the `id` `2026-11-01` has `-`, where only letters and digits are allowed [txt-id-character]
    >>> report.findings[0].fixes[0].apply("v=STSv1; id=2026-11-01;")
    b'v=STSv1; id=20261101;'
    """  # noqa: E501 (what is printed is on one line)
    return _report(json.loads(lint_json(as_json(publication))))


def lint_json(publication: Text) -> str:
    """As `lint`, from a JSON object to a JSON object: docs/lint-json.md describes both."""
    return written(lib.mtasts_lint_json, *text(publication), has_words=True)


# JSON objects become dataclasses by their members' names: what the library says and a class does
# not know, or the other way round, is a TypeError.

_Json = Any


def _report(report: Mapping[str, _Json]) -> LintReport:
    parts: dict[str, _Json] = {
        "findings": tuple(map(_finding, report["findings"])),
        "unchecked": tuple(Unchecked(**unchecked) for unchecked in report["unchecked"]),
        "verdict": _verdict(report["verdict"]),
    }
    return LintReport(**{**report, **parts})


def _finding(finding: Mapping[str, _Json]) -> Finding:
    span = finding["span"]
    parts: dict[str, _Json] = {
        "place": Place(**finding["place"]),
        "span": None if span is None else Span(**span),
        "fixes": tuple(map(_fix, finding["fixes"])),
    }
    return Finding(**{**finding, **parts})


def _fix(fix: Mapping[str, _Json]) -> Fix:
    edits = tuple(Edit(Span(**edit["span"]), edit["replacement"]) for edit in fix["edits"])
    parts: dict[str, _Json] = {"place": Place(**fix["place"]), "edits": edits}
    return Fix(**{**fix, **parts})


def _verdict(verdict: Mapping[str, _Json]) -> LintVerdict:
    parts: dict[str, _Json] = {"mx": tuple(MxVerdict(**host) for host in verdict["mx"])}
    return LintVerdict(**{**verdict, **parts})
