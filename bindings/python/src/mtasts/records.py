"""TXT records."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ._call import Text, call, lent, owned, records, written
from ._native import lib

if TYPE_CHECKING:
    from collections.abc import Iterable


@dataclass(frozen=True)
class StsRecord:
    """An MTA-STS record (RFC 8461 section 3.1): the domain has a policy.

    >>> StsRecord.select(["v=spf1 -all", "v=STSv1; id=20260801;"])
    StsRecord(id='20260801')
    """

    id: str
    """Changes with the policy: 1 to 32 letters and digits."""

    @classmethod
    def select(cls, rrset: Iterable[Text]) -> StsRecord:
        """The record among all TXT records at `_mta-sts.` and the domain.

        Each is given as its character-strings, joined without anything between them.

        Raises RecordError if there is not exactly one, or it is not valid: no policy is announced.
        """
        return cls(written(lib.mtasts_record_select, *records(rrset)))


@dataclass(frozen=True)
class TlsRptRecord:
    """A TLSRPT record (RFC 8460 section 3): the domain wants reports.

    >>> TlsRptRecord.select(["v=TLSRPTv1; rua=mailto:tls@example.com"])
    TlsRptRecord(rua=('mailto:tls@example.com',))
    """

    rua: tuple[str, ...]
    """Where to: one or more `mailto:` and `https:` URIs, as published."""

    @classmethod
    def select(cls, rrset: Iterable[Text]) -> TlsRptRecord:
        """The record among all TXT records at `_smtp._tls.` and the domain, given as for StsRecord.

        Raises RecordError or TlsRptError: no reports are wanted.
        """
        record = owned(lib.mtasts_tlsrpt_free, lib.mtasts_tlsrpt_select, *records(rrset))
        count = call(lib.mtasts_tlsrpt_rua_count, record)
        return cls(tuple(lent(lib.mtasts_tlsrpt_rua, record, index) for index in range(count)))
