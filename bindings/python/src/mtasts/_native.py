"""libmtasts and the signatures of its functions, as include/mtasts.h declares them."""

from __future__ import annotations

import ctypes
import sys
from ctypes import POINTER, c_char_p, c_int32, c_size_t, c_uint16, c_uint32, c_uint64, c_void_p
from pathlib import Path
from typing import Any

_I32 = c_int32
_U16 = c_uint16
_U32 = c_uint32
_U64 = c_uint64
_LEN = c_size_t
# Handles and octets are pointers to what Python does not look into.
_PTR = c_void_p
_STR = c_char_p
_OUT = POINTER(c_void_p)
_BUF = (c_char_p, c_size_t, POINTER(c_size_t))
_CUT = (c_char_p, c_size_t)
_LENT = (POINTER(c_void_p), POINTER(c_size_t))
_OUT_I32 = POINTER(c_int32)
_OUT_U32 = POINTER(c_uint32)
_OUT_U64 = POINTER(c_uint64)
_TEXT = (c_char_p, c_size_t)
_BODY = (c_void_p, c_size_t)
_RECORDS = (POINTER(c_char_p), POINTER(c_size_t), c_size_t)

# The signatures: what comes back, then the arguments. A test compares them with the header.
SIGNATURES: dict[str, tuple[Any, ...]] = {
    "mtasts_version": (_STR,),
    "mtasts_error_name": (_STR, _I32),
    "mtasts_error_message": (_STR, _I32),
    "mtasts_domain": (_I32, *_TEXT, *_BUF),
    "mtasts_domain_txt_name": (_I32, *_TEXT, *_BUF),
    "mtasts_domain_policy_host": (_I32, *_TEXT, *_BUF),
    "mtasts_domain_tlsrpt_name": (_I32, *_TEXT, *_BUF),
    "mtasts_record_select": (_I32, *_RECORDS, *_BUF),
    "mtasts_tlsrpt_select": (_I32, *_RECORDS, _OUT),
    "mtasts_tlsrpt_rua_count": (_I32, _PTR),
    "mtasts_tlsrpt_rua": (_I32, _PTR, _LEN, *_LENT),
    "mtasts_tlsrpt_free": (None, _PTR),
    "mtasts_mx_matches": (_I32, *_TEXT, *_TEXT, _OUT_I32),
    "mtasts_policy_parse": (_I32, *_BODY, _OUT),
    "mtasts_policy_from_response": (_I32, _U16, *_TEXT, *_BODY, _LEN, _OUT),
    "mtasts_policy_mode": (_I32, _PTR),
    "mtasts_policy_max_age": (_I32, _PTR, _OUT_U32),
    "mtasts_policy_mx_count": (_I32, _PTR),
    "mtasts_policy_mx": (_I32, _PTR, _LEN, *_LENT),
    "mtasts_policy_matches": (_I32, _PTR, *_TEXT, _OUT_I32),
    "mtasts_policy_extension_count": (_I32, _PTR),
    "mtasts_policy_extension": (_I32, _PTR, _LEN, *_LENT, *_LENT),
    "mtasts_policy_text": (_I32, _PTR, *_BUF),
    "mtasts_policy_free": (None, _PTR),
    "mtasts_policy_diagnose": (_I32, *_BODY, _OUT),
    "mtasts_diagnostics_count": (_I32, _PTR),
    "mtasts_diagnostics_code": (_I32, _PTR, _LEN, _OUT_I32),
    "mtasts_diagnostics_place": (_I32, _PTR, _LEN, _OUT_U32, _OUT_U32, _OUT_U32, _OUT_U32),
    "mtasts_diagnostics_message": (_I32, _PTR, _LEN, *_LENT),
    "mtasts_diagnostic_name": (_STR, _I32),
    "mtasts_diagnostics_free": (None, _PTR),
    "mtasts_lint_json": (_I32, *_TEXT, *_BUF, *_CUT),
    "mtasts_decision_action": (_I32, _PTR),
    "mtasts_decision_policy": (_I32, _PTR, _OUT),
    "mtasts_decision_matches": (_I32, _PTR, *_TEXT, _OUT_I32),
    "mtasts_decision_source": (_I32, _PTR),
    "mtasts_decision_id": (_I32, _PTR, *_LENT),
    "mtasts_decision_fetched_at": (_I32, _PTR, _OUT_U64),
    "mtasts_decision_expires_at": (_I32, _PTR, _OUT_U64),
    "mtasts_decision_failure": (_I32, _PTR, _OUT_I32),
    "mtasts_decision_failure_at": (_I32, _PTR, _OUT_U64),
    "mtasts_decision_failure_text": (_I32, _PTR, *_BUF),
    "mtasts_decision_judge": (_I32, _PTR, *_TEXT, _I32, _I32, _I32, _OUT_I32, _OUT_I32),
    "mtasts_decision_discovery_result": (_I32, _PTR, _OUT_I32),
    "mtasts_result_name": (_STR, _I32),
    "mtasts_decision_render": (_I32, _PTR, _I32, *_TEXT, *_BUF),
    "mtasts_decision_json": (_I32, _PTR, *_TEXT, _U64, *_BUF),
    "mtasts_decision_explain": (_I32, _PTR, _U64, *_BUF),
    "mtasts_decision_clone": (_I32, _PTR, _OUT),
    "mtasts_decision_free": (None, _PTR),
    "mtasts_config_new": (_I32, _OUT),
    "mtasts_config_set": (_I32, _PTR, _I32, _U64),
    "mtasts_config_free": (None, _PTR),
    "mtasts_engine_new": (_I32, _PTR, _OUT),
    "mtasts_engine_lookup": (_I32, _PTR, *_TEXT, _U64, _OUT),
    "mtasts_engine_peek": (_I32, _PTR, *_TEXT, _U64, _OUT),
    "mtasts_engine_handle_timeout": (_I32, _PTR, _U64),
    "mtasts_engine_poll_output": (_I32, _PTR, _OUT),
    "mtasts_engine_poll_timeout": (_I32, _PTR, _OUT_U64, _OUT_I32),
    "mtasts_engine_domain_count": (_I32, _PTR),
    "mtasts_engine_waiting_count": (_I32, _PTR),
    "mtasts_engine_reconfigure": (_I32, _PTR, _PTR),
    "mtasts_engine_free": (None, _PTR),
    "mtasts_engine_resolve": (_I32, _PTR, _U32, *_TEXT, _U64, _U64),
    "mtasts_engine_recheck": (_I32, _PTR, _U32, *_TEXT, _U64, _U64),
    "mtasts_engine_cancel": (_I32, _PTR, _U32, _U64),
    "mtasts_engine_txt_answer": (_I32, _PTR, _U32, *_RECORDS, _U32, _U64),
    "mtasts_engine_txt_failed": (_I32, _PTR, _U32, _I32, *_TEXT, _U64),
    "mtasts_engine_fetch_answer": (_I32, _PTR, _U32, _U16, *_TEXT, *_BODY, _U64),
    "mtasts_engine_fetch_failed": (_I32, _PTR, _U32, _I32, *_TEXT, _U64),
    "mtasts_engine_loaded": (_I32, _PTR, _U32, _PTR, _U64),
    "mtasts_engine_stored": (_I32, _PTR, _U32, _U64),
    "mtasts_engine_restore": (_I32, _PTR, *_TEXT, _PTR, _U64),
    "mtasts_engine_export": (_I32, _PTR, _U64, _OUT),
    "mtasts_output_kind": (_I32, _PTR),
    "mtasts_output_request": (_I32, _PTR, _OUT_U32),
    "mtasts_output_domain": (_I32, _PTR, *_LENT),
    "mtasts_output_name": (_I32, _PTR, *_LENT),
    "mtasts_output_host": (_I32, _PTR, *_LENT),
    "mtasts_output_path": (_I32, _PTR, *_LENT),
    "mtasts_output_deadline": (_I32, _PTR, _OUT_U64),
    "mtasts_output_max_bytes": (_I32, _PTR, POINTER(c_size_t)),
    "mtasts_output_cached": (_I32, _PTR, _OUT),
    "mtasts_output_lookup": (_I32, _PTR, _OUT_U32),
    "mtasts_output_decision": (_I32, _PTR, _OUT),
    "mtasts_output_bounce": (_I32, _PTR),
    "mtasts_output_message": (_I32, _PTR, *_BUF),
    "mtasts_cached_new": (_I32, _PTR, *_TEXT, _U64, _U64, _OUT),
    "mtasts_cached_policy": (_I32, _PTR, _OUT),
    "mtasts_cached_id": (_I32, _PTR, *_LENT),
    "mtasts_cached_fetched_at": (_I32, _PTR, _OUT_U64),
    "mtasts_cached_last_used": (_I32, _PTR, _OUT_U64),
    "mtasts_cached_expires_at": (_I32, _PTR, _OUT_U64),
    "mtasts_cached_free": (None, _PTR),
    "mtasts_snapshot_count": (_I32, _PTR),
    "mtasts_snapshot_domain": (_I32, _PTR, _LEN, *_LENT),
    "mtasts_snapshot_cached": (_I32, _PTR, _LEN, _OUT),
    "mtasts_snapshot_free": (None, _PTR),
    "mtasts_client_new": (_I32, *_TEXT, _OUT),
    "mtasts_client_set_timeout_ms": (_I32, _PTR, _U32),
    "mtasts_client_lookup_why": (_I32, _PTR, *_TEXT, _OUT, *_CUT),
    "mtasts_client_free": (None, _PTR),
}

_NAMES = {"darwin": ("libmtasts.dylib", "libmtasts.0.dylib"), "win32": ("mtasts.dll",) * 2}
_NAME, _SONAME = _NAMES.get(sys.platform, ("libmtasts.so", "libmtasts.so.0"))


def load() -> ctypes.CDLL:
    """The library in this package or, in a package that was built without one, the system's."""
    ours = Path(__file__).with_name(_NAME)
    path = str(ours) if ours.exists() else _SONAME
    try:
        library = ctypes.CDLL(path)
        for name, (returns, *arguments) in SIGNATURES.items():
            function = getattr(library, name)
            function.restype = returns
            function.argtypes = arguments
    except (OSError, AttributeError) as error:
        raise ImportError(f"libmtasts cannot be used: {error}") from error
    return library


lib = load()
