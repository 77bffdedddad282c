"""Policies as stores keep them."""

from __future__ import annotations

from ctypes import c_uint64, c_void_p
from dataclasses import dataclass

from ._call import Owned, lent, number, owned, text, u64
from ._native import lib
from .policy import Policy


@dataclass(frozen=True)
class CachedPolicy:
    """A policy as a store keeps it."""

    policy: Policy
    """The policy."""
    id: str
    """The id that the TXT record announced when it was fetched: 1 to 32 letters and digits."""
    fetched_at_ms: int
    """When it was fetched, in Unix milliseconds."""
    last_used_ms: int
    """When the domain was last asked for, in Unix milliseconds."""

    @property
    def expires_at_ms(self) -> int:
        """The last moment at which the policy governs, in Unix milliseconds."""
        return number(c_uint64, lib.mtasts_cached_expires_at, self._made())

    def _made(self) -> Owned:
        """The same for the library."""
        return owned(
            lib.mtasts_cached_free,
            lib.mtasts_cached_new,
            self.policy,
            *text(self.id),
            u64(self.fetched_at_ms, "fetched_at_ms"),
            u64(self.last_used_ms, "last_used_ms"),
        )


def read_cached(cached: c_void_p) -> CachedPolicy:
    """What the library lends."""
    return CachedPolicy(
        Policy(owned(lib.mtasts_policy_free, lib.mtasts_cached_policy, cached)),
        lent(lib.mtasts_cached_id, cached),
        number(c_uint64, lib.mtasts_cached_fetched_at, cached),
        number(c_uint64, lib.mtasts_cached_last_used, cached),
    )
