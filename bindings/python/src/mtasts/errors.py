"""What goes wrong, one class per kind."""

from __future__ import annotations

__all__ = [
    "ArgumentError",
    "ClientError",
    "DefectError",
    "DomainError",
    "EngineError",
    "Error",
    "FetchError",
    "PolicyError",
    "RecordError",
    "TlsRptError",
]


class Error(Exception):
    """What all errors of this package are.

    `code` is one word that does not change, such as ``policy-mode-missing``; `message` is for
    people.
    """

    code: str
    message: str

    def __init__(self, code: str, message: str) -> None:
        super().__init__(code, message)
        self.code = code
        self.message = message

    def __str__(self) -> str:
        return self.message


class ArgumentError(Error, ValueError):
    """An argument that cannot be: too long, out of range, or not UTF-8."""


class DomainError(Error, ValueError):
    """A lookup key that names no Policy Domain.

    It is an address literal, a parent domain or no name at all. Such a key has no policy, which is
    an answer: deliver as without one.
    """


class RecordError(Error):
    """TXT records that announce no policy (RFC 8461 section 3.1)."""


class TlsRptError(Error):
    """A TLSRPT record that asks for no reports (RFC 8460 section 3)."""


class PolicyError(Error):
    """A text that is no policy (RFC 8461 section 3.2).

    `line` and `column` count from 1, a column being an octet of the line. They are None where
    something is missing, which is nowhere.
    """

    line: int | None
    column: int | None

    def __init__(
        self, code: str, message: str, line: int | None = None, column: int | None = None
    ) -> None:
        super().__init__(code, message)
        self.args = (code, message, line, column)
        self.line = line
        self.column = column

    def __str__(self) -> str:
        if self.line is None:
            return self.message
        return f"line {self.line}, column {self.column}: {self.message}"


class FetchError(Error):
    """An HTTP response that brings no policy (RFC 8461 section 3.3)."""


class EngineError(Error):
    """An input that the engine refuses, such as ``unknown-request`` or ``busy``.

    It has changed nothing.
    """


class ClientError(Error):
    """The daemon could not be asked, or gave no answer.

    Hold the mail then, for its domain may demand verified TLS.
    """


class DefectError(Error):
    """A defect in libmtasts. The object it happened to answers nothing any more."""
