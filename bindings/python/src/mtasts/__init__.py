"""MTA-STS (RFC 8461): the engine that mail servers run, for Python.

Times are Unix milliseconds where a name ends in `_ms`; other units are named where they are.
"""

from ._native import lib as _lib
from .cached import CachedPolicy
from .client import Client
from .config import Config, OnFailure
from .decision import (
    Action,
    Attempt,
    Cert,
    Dane,
    Decision,
    Failure,
    Format,
    Source,
    Verdict,
)
from .domain import PolicyDomain
from .engine import DnsFailure, Engine, FetchFailure, Wake
from .errors import (
    ArgumentError,
    ClientError,
    DefectError,
    DomainError,
    EngineError,
    Error,
    FetchError,
    PolicyError,
    RecordError,
    TlsRptError,
)
from .linter import (
    Edit,
    Finding,
    Fix,
    LintReport,
    LintVerdict,
    MxVerdict,
    Place,
    Publication,
    Span,
    Unchecked,
    lint,
    lint_json,
)
from .output import (
    Alert,
    Answer,
    Bounce,
    FetchPolicy,
    Load,
    Output,
    QueryTxt,
    Remove,
    Store,
)
from .policy import Diagnostic, Mode, Policy, diagnose, mx_matches
from .records import StsRecord, TlsRptRecord

__version__: str = _lib.mtasts_version().decode()

__all__ = [
    "Action",
    "Alert",
    "Answer",
    "ArgumentError",
    "Attempt",
    "Bounce",
    "CachedPolicy",
    "Cert",
    "Client",
    "ClientError",
    "Config",
    "Dane",
    "Decision",
    "DefectError",
    "Diagnostic",
    "DnsFailure",
    "DomainError",
    "Edit",
    "Engine",
    "EngineError",
    "Error",
    "Failure",
    "FetchError",
    "FetchFailure",
    "FetchPolicy",
    "Finding",
    "Fix",
    "Format",
    "LintReport",
    "LintVerdict",
    "Load",
    "Mode",
    "MxVerdict",
    "OnFailure",
    "Output",
    "Place",
    "Policy",
    "PolicyDomain",
    "PolicyError",
    "Publication",
    "QueryTxt",
    "RecordError",
    "Remove",
    "Source",
    "Span",
    "Store",
    "StsRecord",
    "TlsRptError",
    "TlsRptRecord",
    "Unchecked",
    "Verdict",
    "Wake",
    "diagnose",
    "lint",
    "lint_json",
    "mx_matches",
]
