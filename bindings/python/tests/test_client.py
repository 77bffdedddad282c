from __future__ import annotations

import os
import pickle
import sys

import pytest

import mtasts

NOW = 1_790_000_000_000


@pytest.fixture
def daemon() -> str:
    """The address of a daemon that discovers the demonstration's domains."""
    address = os.environ.get("MTASTS_DAEMON")
    if address is None:
        if os.environ.get("CI") == "true":
            raise AssertionError("MTASTS_DAEMON names no daemon")
        print("SKIPPED: the client: MTASTS_DAEMON names no daemon", file=sys.stderr)
        pytest.skip("MTASTS_DAEMON names no daemon")
    return address


def test_a_daemon_is_asked(daemon: str) -> None:
    with mtasts.Client(daemon, timeout=60) as client:
        decision = client.lookup("[enforce.example]:25")
        assert decision.action is mtasts.Action.ENFORCE
        assert decision.mx == ("mx1.example.net", "*.mail.example.net")
        assert client.lookup("absent.example").action is mtasts.Action.NO_POLICY
        assert client.lookup("[192.0.2.1]").action is mtasts.Action.NO_POLICY
        failure = client.lookup("expired.example").failure
        assert failure is not None
        assert failure.code == "fetch-tls-expired"
        again = pickle.loads(pickle.dumps(client))
        assert (again.address, again.timeout) == (daemon, 60)
    # Closing it has left the decision as it was.
    assert decision.matches("a.mail.example.net")
    with pytest.raises(ValueError, match="closed"):
        client.lookup("enforce.example")


def test_a_forked_child_asks_too(daemon: str) -> None:
    client = mtasts.Client(daemon, timeout=60)
    child = os.fork()
    if child == 0:
        enforces = client.lookup("enforce.example").action is mtasts.Action.ENFORCE
        os._exit(0 if enforces else 1)
    assert os.waitpid(child, 0) == (child, 0)


def test_nobody_there_is_an_error() -> None:
    with pytest.raises(mtasts.ClientError) as raised:
        mtasts.Client("/nowhere/at/all", timeout=5).lookup("example.com")
    assert raised.value.code.startswith("client-")
    for address in ("", "example.com", "127.0.0.1:port"):
        with pytest.raises(mtasts.ClientError) as raised:
            mtasts.Client(address)
        assert raised.value.code == "client-address"
    for timeout in (0, -1, float("nan"), 1e10):
        with pytest.raises(mtasts.ArgumentError):
            mtasts.Client("127.0.0.1:8461", timeout=timeout)
