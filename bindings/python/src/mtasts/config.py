"""The settings of an engine."""

from __future__ import annotations

from dataclasses import dataclass, fields

from ._call import Owned, Word, call, owned, u64
from ._native import lib


class OnFailure(Word):
    """What to answer when nothing could be discovered and nothing is cached."""

    DELIVER = 0
    """Deliver as though the domain had no policy (RFC 8461 section 3.3)."""
    TEMP_FAIL = 1
    """Hold the mail."""


@dataclass(frozen=True)
class Config:
    """The settings of an engine. What is None has its default, which follows RFC 8461.

    Durations are in milliseconds, ten years at most.
    """

    txt_recheck_ms: int | None = None
    """Age of the last TXT check after which a lookup starts another one. Default 5 minutes."""
    refresh_after_ms: int | None = None
    """Age at which a policy is fetched anew; half of its max_age if that is less. Default a day."""
    refresh_jitter: int | None = None
    """How much earlier a refresh may be, in percent, 0 to 90. Default 20."""
    refresh_idle_ms: int | None = None
    """Policies that nobody looked up for this long are not refreshed. Default 35 days."""
    refresh_retry_max_ms: int | None = None
    """Longest pause between two attempts to refresh after failures. Default an hour."""
    absence_min_ms: int | None = None
    """Shortest time that an absence is remembered. Default a minute."""
    absence_max_ms: int | None = None
    """Longest time that an absence is remembered. Default an hour."""
    fetch_backoff_ms: int | None = None
    """Pause after a failed fetch for the same domain and id. Default 5 minutes."""
    dns_timeout_ms: int | None = None
    """Time allowed for a TXT query. Default 20 seconds."""
    fetch_timeout_ms: int | None = None
    """Time allowed for a fetch. Default a minute."""
    max_body: int | None = None
    """Largest policy body accepted, in octets, 1 to 16 MiB. Default 65536."""
    max_domains: int | None = None
    """Most domains remembered, 1 or more. Default 1000000."""
    max_lookups: int | None = None
    """Most lookups that may wait at one time, 1 or more. Default 10000."""
    max_discoveries: int | None = None
    """Most domains being discovered at one time, 1 to 65535. Default 1000."""
    max_refreshes: int | None = None
    """Most refreshes that nobody waits for under way at one time. Default 16."""
    on_dns_failure: OnFailure | None = None
    """The answer when the TXT query fails and nothing is cached. Default DELIVER."""
    on_fetch_failure: OnFailure | None = None
    """The answer when a policy is announced and cannot be fetched. Default DELIVER."""
    store_timeout_ms: int | None = None
    """Time allowed for a Load or Store. Default 5 seconds."""
    store: bool | None = None
    """Whether the host keeps policies: then there are outputs Load and Store. Default False."""
    seed: int | None = None
    """Seed of jitter and hashes: a number that others cannot guess. Default 0."""

    def _made(self) -> Owned:
        """The same for the library."""
        config = owned(lib.mtasts_config_free, lib.mtasts_config_new)
        for setting, field in enumerate(fields(self), start=1):
            value: int | OnFailure | None = getattr(self, field.name)
            if value is not None:
                value = value.value if isinstance(value, OnFailure) else value
                call(lib.mtasts_config_set, config, setting, u64(value, field.name))
        return config
