"""How functions of libmtasts are called: arguments in, results and errors out."""

from __future__ import annotations

import enum
import operator
import weakref
from ctypes import (
    Array,
    byref,
    c_char_p,
    c_size_t,
    c_uint16,
    c_uint32,
    c_uint64,
    c_void_p,
    create_string_buffer,
    sizeof,
    string_at,
)
from typing import TYPE_CHECKING, Any, Callable, TypeVar, Union

from . import errors
from ._native import lib

if TYPE_CHECKING:
    from collections.abc import Iterable
    from ctypes import _SimpleCData

    Number = _SimpleCData[int]

Text = Union[str, bytes]
Octets = Union[bytes, bytearray, memoryview]
T = TypeVar("T")

ERR_VALUE = -4
ERR_BUFFER = -5
ERR_ABSENT = -7
ERR_PANIC = -8

WORDS = 1024
"""Room for words on what is wrong."""

# The lowest code of each kind.
_KINDS: tuple[tuple[int, type[errors.Error]], ...] = (
    (-99, errors.ArgumentError),
    (-199, errors.DomainError),
    (-219, errors.RecordError),
    (-299, errors.TlsRptError),
    (-399, errors.PolicyError),
    (-499, errors.Error),
    (-599, errors.FetchError),
    (-699, errors.EngineError),
    (-799, errors.ClientError),
)


class Absent(errors.Error):
    """The object has no such member. Never leaves this package."""


def error(code: int, words: str = "") -> errors.Error:
    """The exception for a code below 0; `words` stand for the library's where there are any."""
    kind = next((kind for lowest, kind in _KINDS if code >= lowest), errors.Error)
    kind = {ERR_ABSENT: Absent, ERR_PANIC: errors.DefectError}.get(code, kind)
    return kind(error_name(code), words or lib.mtasts_error_message(code).decode())


def error_name(code: int) -> str:
    """What a code is called."""
    name: bytes = lib.mtasts_error_name(code)
    return name.decode()


def code_of(function: Callable[..., int], *arguments: object) -> int:
    """What the function returns."""
    # By itself ctypes would wrap what is said about a handle that is closed in an error of its own.
    passed = (value._as_parameter_ if isinstance(value, Handle) else value for value in arguments)
    return function(*passed)


def call(function: Callable[..., int], *arguments: object) -> int:
    """What the function returns, if that is no error."""
    code = code_of(function, *arguments)
    if code < 0:
        raise error(code)
    return code


def octets(value: object) -> tuple[bytes, int]:
    """Two arguments: octets and how many they are."""
    if isinstance(value, (bytearray, memoryview)):
        value = bytes(value)
    if not isinstance(value, bytes):
        raise TypeError(f"octets are wanted, not {type(value).__name__}")
    return value, len(value)


def text(value: object) -> tuple[bytes, int]:
    """Two arguments: a text and its length."""
    if isinstance(value, str):
        # The library says what it thinks of a lone surrogate.
        value = value.encode("utf-8", "surrogatepass")
    if not isinstance(value, bytes):
        raise TypeError(f"a text is wanted, not {type(value).__name__}")
    return value, len(value)


def records(values: Iterable[Text]) -> tuple[Array[c_char_p], Array[c_size_t], int]:
    """Three arguments: TXT records, their lengths, and how many they are."""
    if isinstance(values, (str, bytes)):
        raise TypeError("a sequence of records is wanted, not one")
    texts = [text(value) for value in values]
    count = len(texts)
    pointers = (c_char_p * count)(*(data for data, _ in texts))
    lengths = (c_size_t * count)(*(length for _, length in texts))
    return pointers, lengths, count


def _unsigned(value: object, kind: type[Number], name: str) -> int:
    """A number that fits: ctypes cuts off what does not."""
    number = operator.index(value)  # type: ignore[arg-type] # It says what is no number.
    largest = (1 << 8 * sizeof(kind)) - 1
    if not 0 <= number <= largest:
        raise errors.ArgumentError(error_name(ERR_VALUE), f"{name} is {number}, not 0 to {largest}")
    return number


def u16(value: object, name: str) -> int:
    """An argument of 16 bits."""
    return _unsigned(value, c_uint16, name)


def u32(value: object, name: str) -> int:
    """An argument of 32 bits."""
    return _unsigned(value, c_uint32, name)


def u64(value: object, name: str) -> int:
    """An argument of 64 bits."""
    return _unsigned(value, c_uint64, name)


def size(value: object, name: str) -> int:
    """An argument that is a size."""
    return _unsigned(value, c_size_t, name)


def number(kind: type[Number], function: Callable[..., int], *arguments: object) -> int:
    """A number that the function writes."""
    out = kind()
    call(function, *arguments, byref(out))
    return out.value


def lent(function: Callable[..., int], *arguments: object) -> str:
    """A text that the function lends."""
    out, length = c_void_p(), c_size_t()
    call(function, *arguments, byref(out), byref(length))
    return as_text(out, length)


def as_text(data: c_void_p, length: c_size_t) -> str:
    """A text that is lent."""
    return string_at(data, length.value).decode() if data.value else ""


def written(function: Callable[..., int], *arguments: object, has_words: bool = False) -> str:
    """A text that the function writes to a buffer.

    With `has_words` the function takes another buffer after that, for words on what is wrong.
    """
    needed, words = c_size_t(256), create_string_buffer(WORDS if has_words else 1)
    more = (words, len(words)) if has_words else ()
    while True:
        buffer = create_string_buffer(needed.value)
        code = code_of(function, *arguments, buffer, len(buffer), byref(needed), *more)
        if code != ERR_BUFFER:
            break
    if code < 0:
        raise error(code, words.value.decode(errors="replace"))
    return buffer.raw[: needed.value - 1].decode()


def borrowed(function: Callable[..., int], *arguments: object) -> c_void_p:
    """An object that the function lends, or NULL."""
    out = c_void_p()
    call(function, *arguments, byref(out))
    return out


class Owned(c_void_p):
    """An object of the library, freed with the last reference to this.

    A call that is under way holds one: so what is closed meanwhile is freed when it returns.
    """


def owned(
    free: Callable[[c_void_p], None], function: Callable[..., int], *arguments: object
) -> Owned:
    """An object that the function makes."""
    return own(free, borrowed(function, *arguments))


def own(free: Callable[[c_void_p], None], pointer: c_void_p) -> Owned:
    """An object that has been made."""
    made = Owned(pointer.value)
    # At the interpreter's end other threads may still use it, and nothing need be freed.
    weakref.finalize(made, free, pointer).atexit = False
    return made


def optional(read: Callable[..., T], *arguments: object) -> T | None:
    """What is read, None if it is not there."""
    try:
        return read(*arguments)
    except Absent:
        return None


class Handle:
    """Something that is an object of the library."""

    __slots__ = ("__weakref__", "_object")

    def __init__(self, made: Owned) -> None:
        self._object: Owned | None = made

    @property
    def _as_parameter_(self) -> Owned:
        """What ctypes passes on."""
        if self._object is None:
            raise ValueError(f"the {type(self).__name__} is closed")
        return self._object

    def __reduce__(self) -> Any:  # noqa: ANN401 (its type in `object`)
        raise TypeError(f"a {type(self).__name__} can be neither pickled nor copied")


class Word(enum.Enum):
    """A constant of the library. As a string it is the word for it, such as ``no-policy``."""

    def __str__(self) -> str:
        return self.name.lower().replace("_", "-")

    def __repr__(self) -> str:
        return f"{type(self).__name__}.{self.name}"
