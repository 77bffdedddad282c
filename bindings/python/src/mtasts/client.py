"""The client of the daemon."""

from __future__ import annotations

from ctypes import byref, c_void_p, create_string_buffer

from . import errors
from ._call import (
    ERR_VALUE,
    WORDS,
    Handle,
    Text,
    call,
    code_of,
    error,
    error_name,
    own,
    owned,
    text,
)
from ._native import lib
from .decision import Decision

_LARGEST_MS = 2**32 - 1


class Client(Handle):
    """Asks a running daemon.

    It is an address and a time limit: each lookup opens a connection and closes it, and nothing
    else is kept. So it may be used after a fork, and by several threads at a time, none of which
    keeps the others waiting. As a context manager it is freed at the end.
    """

    __slots__ = ("_address", "_timeout")

    def __init__(self, address: str, timeout: float = 100.0) -> None:
        """Open nothing yet.

        `address` is the path of a Unix socket (with a `/` in it), or a host and a port:
        `127.0.0.1:8461`, `[::1]:8461`. `timeout` is the time for each lookup as a whole, in
        seconds, 0.001 to 4294967; the daemon's own limit (`socketmap.lookup_timeout`) should be
        shorter.

        Raises ClientError: ``client-address``.
        """
        millis = _millis(timeout)
        try:
            super().__init__(owned(lib.mtasts_client_free, lib.mtasts_client_new, *text(address)))
        except errors.ClientError as wrong:
            raise type(wrong)(wrong.code, f"`{address}`: {wrong.message}") from None
        call(lib.mtasts_client_set_timeout_ms, self, millis)
        self._address = address
        self._timeout = timeout

    @property
    def address(self) -> str:
        """Where the daemon listens."""
        return self._address

    @property
    def timeout(self) -> float:
        """The time for each lookup as a whole, in seconds."""
        return self._timeout

    def lookup(self, key: Text) -> Decision:
        """The daemon's decision for a lookup key as MTAs write it.

        That is `example.com`, `[host]`, `host:port` or `[host]:port`. A key that names no Policy
        Domain has no policy, which is an answer.

        Raises ClientError: hold the mail then, for its domain may demand verified TLS.
        """
        decision, words = c_void_p(), create_string_buffer(WORDS)
        arguments = (*text(key), byref(decision), words, WORDS)
        code = code_of(lib.mtasts_client_lookup_why, self, *arguments)
        if code < 0:
            raise error(code, words.value.decode(errors="replace"))
        return Decision(own(lib.mtasts_decision_free, decision))

    def close(self) -> None:
        """Free it. Lookups that are under way come to their end."""
        self._object = None

    def __enter__(self) -> Client:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def __repr__(self) -> str:
        closed = ", closed" if self._object is None else ""
        return f"<Client of {self._address}, timeout {self._timeout} s{closed}>"

    def __reduce__(self) -> tuple[object, ...]:
        return Client, (self._address, self._timeout)


def _millis(timeout: float) -> int:
    millis = round(timeout * 1000) if 0 < timeout <= _LARGEST_MS / 1000 else 0
    if millis == 0:
        message = f"timeout is {timeout} s, not 0.001 to {_LARGEST_MS // 1000}"
        raise errors.ArgumentError(error_name(ERR_VALUE), message)
    return millis
