"""Policy Domains."""

from __future__ import annotations

from dataclasses import dataclass

from ._call import Text, text, written
from ._native import lib


@dataclass(frozen=True)
class PolicyDomain:
    """A domain that may have a policy, and where to look for it.

    >>> PolicyDomain.from_lookup_key("[EXAMPLE.com.]:25").name
    'example.com'
    """

    name: str
    """In lower case, as A-labels, without root dot."""
    txt_name: str
    """Where the MTA-STS record is: `_mta-sts.` and the name."""
    policy_host: str
    """Where the policy is: `mta-sts.` and the name."""
    tlsrpt_name: str
    """Where the TLSRPT record is: `_smtp._tls.` and the name."""

    @classmethod
    def from_lookup_key(cls, key: Text) -> PolicyDomain:
        """The domain of a lookup key as MTAs write it.

        That is `example.com`, `EXAMPLE.com.`, U-labels, `[host]`, `host:port` or `[host]:port`.

        Raises DomainError for what names no Policy Domain: deliver there as without a policy.
        """
        argument = text(key)
        return cls(
            written(lib.mtasts_domain, *argument),
            written(lib.mtasts_domain_txt_name, *argument),
            written(lib.mtasts_domain_policy_host, *argument),
            written(lib.mtasts_domain_tlsrpt_name, *argument),
        )

    def __str__(self) -> str:
        return self.name
