"""The package as a whole: what it says of itself, and of the library."""

from __future__ import annotations

import ctypes
import doctest
import importlib
import re
from ctypes import POINTER, c_char_p, c_int32, c_size_t, c_uint16, c_uint32, c_uint64, c_void_p
from pathlib import Path
from typing import Any

import pytest

import mtasts
from mtasts._native import SIGNATURES

HEADER = Path(__file__).parents[3] / "include/mtasts.h"

TYPES: dict[str, Any] = {
    "void": None,
    "int32_t": c_int32,
    "uint16_t": c_uint16,
    "uint32_t": c_uint32,
    "uint64_t": c_uint64,
    "size_t": c_size_t,
    "int32_t *": POINTER(c_int32),
    "uint32_t *": POINTER(c_uint32),
    "uint64_t *": POINTER(c_uint64),
    "size_t *": POINTER(c_size_t),
    "const size_t *": POINTER(c_size_t),
    "char *": c_char_p,
    "const char *": c_char_p,
    "const char *const *": POINTER(c_char_p),
    "const char **": POINTER(c_void_p),
    "const void *": c_void_p,
}


def declared(c_type: str) -> Any:
    """What a type of the header is in ctypes."""
    if "mtasts_" in c_type:
        return POINTER(c_void_p) if c_type.endswith("**") else c_void_p
    return TYPES[c_type]


def header() -> dict[str, list[str]]:
    """The types of each function: of what comes back, and of the arguments."""
    text = re.sub(r"/\*.*?\*/", "", HEADER.read_text(), flags=re.DOTALL)
    function = re.compile(r"^((?:const )?\w+ \*?)(mtasts_\w+)\(([^)]*)\);", flags=re.MULTILINE)
    functions = {}
    for returns, name, arguments in function.findall(text):
        parameters = [] if arguments == "void" else arguments.split(",")
        types = [re.sub(r"\w+$", "", parameter.strip()).strip() for parameter in parameters]
        functions[name] = [returns.strip(), *types]
    return functions


def test_signatures_are_those_of_the_header() -> None:
    functions = header()
    for name, signature in SIGNATURES.items():
        assert signature == tuple(map(declared, functions[name])), name


def test_everything_public_is_exported_and_explained() -> None:
    assert list(mtasts.__all__) == sorted(mtasts.__all__)
    for name in mtasts.__all__:
        if name != "Output":
            assert getattr(mtasts, name).__doc__, name
    assert mtasts.__version__ == "0.1.0"


def test_examples_print_what_they_say() -> None:
    attempted = 0
    for module in Path(mtasts.__path__[0]).glob("[a-z]*.py"):
        result = doctest.testmod(importlib.import_module(f"mtasts.{module.stem}"))
        assert result.failed == 0, module.stem
        attempted += result.attempted
    assert attempted > 5


def test_a_library_that_is_too_old_is_no_library(monkeypatch: pytest.MonkeyPatch) -> None:
    native = importlib.import_module("mtasts._native")
    monkeypatch.setitem(SIGNATURES, "mtasts_of_tomorrow", (ctypes.c_int32,))
    with pytest.raises(ImportError, match="mtasts_of_tomorrow"):
        native.load()
