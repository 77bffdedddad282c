"""Policies and MX patterns."""

from __future__ import annotations

from ctypes import byref, c_int32, c_size_t, c_uint32, c_void_p
from dataclasses import dataclass

from . import errors
from ._call import (
    Absent,
    Handle,
    Octets,
    Text,
    Word,
    as_text,
    call,
    lent,
    number,
    octets,
    owned,
    size,
    text,
    u16,
    written,
)
from ._native import lib

_DEFAULT_MAX_BYTES = 65536


class Mode(Word):
    """What a policy asks for (RFC 8461 section 5)."""

    ENFORCE = 1
    """Do not deliver to hosts that fail validation."""
    TESTING = 2
    """Deliver, and report."""
    NONE = 3
    """As though there were no policy."""


@dataclass(frozen=True)
class Diagnostic:
    """Something that is wrong with a policy file."""

    code: str
    """One word that does not change: ``policy-mode-missing``, ``deviation-blank-line``."""
    message: str
    """For people."""
    is_error: bool
    """Whether this makes it no policy. Otherwise it is a deviation that does no harm."""
    line: int | None = None
    """From 1. None, as all that follow, where something is missing, which is nowhere."""
    column: int | None = None
    """From 1, in octets."""
    start: int | None = None
    """Offset of the first octet."""
    end: int | None = None
    """Offset after the last octet."""

    def __str__(self) -> str:
        place = "" if self.line is None else f"line {self.line}, column {self.column}: "
        return f"{place}{self.message} [{self.code}]"


class Policy(Handle):
    """A valid policy (RFC 8461 section 3.2). Immutable; equal to others with the same content."""

    __slots__ = ()

    @classmethod
    def parse(cls, body: str | Octets) -> Policy:
        """Read a policy file.

        Deviations from the grammar that can neither weaken nor widen the policy are accepted;
        `diagnose` shows them.

        Raises PolicyError.
        """
        argument = _body(body)
        try:
            return cls(owned(lib.mtasts_policy_free, lib.mtasts_policy_parse, *argument))
        except errors.PolicyError as error:
            raise _placed(error, argument[0]) from None

    @classmethod
    def from_response(
        cls,
        status: int,
        content_type: Text | None,
        body: str | Octets,
        max_bytes: int = _DEFAULT_MAX_BYTES,
    ) -> Policy:
        """Read a complete HTTP response with its content coding undone (RFC 8461 section 3.3).

        `content_type` is the field's value, None where there is none.

        Raises FetchError for a status other than 200, a media type other than `text/plain` and a
        body of more than `max_bytes` octets, and PolicyError.
        """
        media = (None, 0) if content_type is None else text(content_type)
        argument = _body(body)
        try:
            policy = owned(
                lib.mtasts_policy_free,
                lib.mtasts_policy_from_response,
                u16(status, "status"),
                *media,
                *argument,
                size(max_bytes, "max_bytes"),
            )
        except errors.PolicyError as error:
            raise _placed(error, argument[0]) from None
        return cls(policy)

    @property
    def mode(self) -> Mode:
        """What the policy asks for."""
        return Mode(call(lib.mtasts_policy_mode, self))

    @property
    def max_age(self) -> int:
        """How long the policy may be kept after its fetch, in seconds: 0 to 31557600."""
        return number(c_uint32, lib.mtasts_policy_max_age, self)

    @property
    def mx(self) -> tuple[str, ...]:
        """The MX patterns in the order of the policy, in lower case. None only in mode none."""
        count = call(lib.mtasts_policy_mx_count, self)
        return tuple(lent(lib.mtasts_policy_mx, self, index) for index in range(count))

    @property
    def extensions(self) -> tuple[tuple[str, str], ...]:
        """Names and values of the fields that RFC 8461 does not know."""
        count = call(lib.mtasts_policy_extension_count, self)
        return tuple(self._extension(index) for index in range(count))

    def _extension(self, index: int) -> tuple[str, str]:
        name, value = (c_void_p(), c_size_t()), (c_void_p(), c_size_t())
        places = (byref(part) for part in (*name, *value))
        call(lib.mtasts_policy_extension, self, index, *places)
        return as_text(*name), as_text(*value)

    @property
    def text(self) -> str:
        """The policy as a policy file, with LF after each line."""
        return written(lib.mtasts_policy_text, self)

    def matches(self, host: Text) -> bool:
        """Whether one of the MX patterns matches an MX host."""
        return bool(number(c_int32, lib.mtasts_policy_matches, self, *text(host)))

    def __eq__(self, other: object) -> bool:
        return self.text == other.text if isinstance(other, Policy) else NotImplemented

    def __hash__(self) -> int:
        return hash(self.text)

    def __repr__(self) -> str:
        return f"<Policy {self.mode}, max_age {self.max_age}, mx {', '.join(self.mx) or '-'}>"

    def __reduce__(self) -> tuple[object, ...]:
        return Policy.parse, (self.text,)


def mx_matches(pattern: Text, host: Text) -> bool:
    """Whether an MX pattern matches an MX host (RFC 8461 section 4.1).

    What is no pattern matches nothing, and what is no host name is matched by nothing. U-labels in
    the host are converted, and its root dot is ignored.

    >>> mx_matches("*.example.com", "mx.example.com"), mx_matches("*.example.com", "example.com")
    (True, False)
    """
    return bool(number(c_int32, lib.mtasts_mx_matches, *text(pattern), *text(host)))


def diagnose(body: str | Octets) -> tuple[Diagnostic, ...]:
    """What is wrong with a policy file.

    That is the error that makes it no policy or, if it is one, the deviations from the grammar that
    do no harm, 256 of them at most. A text without findings is strictly valid.
    """
    found = owned(lib.mtasts_diagnostics_free, lib.mtasts_policy_diagnose, *_body(body))
    count = call(lib.mtasts_diagnostics_count, found)
    return tuple(_diagnostic(found, index) for index in range(count))


def _diagnostic(found: c_void_p, index: int) -> Diagnostic:
    code = number(c_int32, lib.mtasts_diagnostics_code, found, index)
    name = lib.mtasts_diagnostic_name(code).decode()
    message = lent(lib.mtasts_diagnostics_message, found, index)
    start, end, line, column = c_uint32(), c_uint32(), c_uint32(), c_uint32()
    places = (byref(place) for place in (start, end, line, column))
    try:
        call(lib.mtasts_diagnostics_place, found, index, *places)
    except Absent:
        return Diagnostic(name, message, code < 0)
    return Diagnostic(name, message, code < 0, line.value, column.value, start.value, end.value)


def _placed(error: errors.PolicyError, body: bytes) -> errors.PolicyError:
    """The error with its place."""
    found = next((found for found in diagnose(body) if found.is_error), None)
    if found is None:
        return error
    return errors.PolicyError(error.code, found.message, found.line, found.column)


def _body(body: str | Octets) -> tuple[bytes, int]:
    return text(body) if isinstance(body, str) else octets(body)
