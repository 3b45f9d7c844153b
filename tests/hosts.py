"""Hosts of our own, for what crosses a network: a namespace each, on one switch, whose cables can be pulled.

Nothing of it is in the network of the machine. Who calls `Network.on` lends a thread to the host: sockets, threads and
processes that are made there are the host's.
"""

import ctypes
import os
import subprocess
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from shutil import which
from typing import TypeVar

T = TypeVar("T")
_CLONE_NEWNET = 0x40000000
SWITCH = "switch"  # a host as well, the first


def why_not() -> str | None:
    """Why hosts cannot be made here; None where they can."""
    if which("ip") is None:
        return "no `ip` on this machine (Debian: iproute2)"
    try:
        with a_network("a") as network:  # some kernels have namespaces, but no cables to part them by
            network.on("a", lambda: None)
    except subprocess.CalledProcessError as error:
        return f"hosts cannot be made here: {error.stderr.strip()}"
    return None


class Network:
    """Hosts on one switch."""

    def __init__(self, hosts: list[str]) -> None:
        self._addresses = {name: f"10.83.0.{number}" for number, name in enumerate([SWITCH, *hosts], start=1)}

    def address(self, host: str) -> str:
        """Where a host is reached by the others."""
        return self._addresses[host]

    def on(self, host: str, do: Callable[[], T]) -> T:
        """What a function gives that runs on the host."""
        given: list[T] = []

        def lent() -> None:
            _enter(_namespace(host))
            given.append(do())

        thread = threading.Thread(target=lent)
        thread.start()
        thread.join()
        assert given, f"failed on {host}"
        return given[0]

    def cut(self, host: str) -> None:
        """Pull the cable: nothing passes, and nobody is told."""
        _ip("-n", _namespace(SWITCH), "link", "set", "dev", host, "down")

    def mend(self, host: str) -> None:
        """Plug it in again."""
        _ip("-n", _namespace(SWITCH), "link", "set", "dev", host, "up")

    def _make(self) -> None:
        switch = _namespace(SWITCH)
        for name, address in self._addresses.items():
            _ip("netns", "add", _namespace(name))
            _ip("-n", _namespace(name), "link", "set", "lo", "up")
            if name == SWITCH:
                _ip("-n", switch, "link", "add", "eth0", "type", "bridge")
            else:
                peer = ("peer", "name", "eth0", "netns", _namespace(name))
                _ip("-n", switch, "link", "add", "name", name, "type", "veth", *peer)
                _ip("-n", switch, "link", "set", "dev", name, "master", "eth0", "up")
            _ip("-n", _namespace(name), "address", "add", f"{address}/24", "dev", "eth0")
            _ip("-n", _namespace(name), "link", "set", "eth0", "up")

    def _remove(self) -> None:
        for name in reversed(self._addresses):
            if (Path("/run/netns") / _namespace(name)).exists():
                _ip("netns", "delete", _namespace(name))


@contextmanager
def a_network(*hosts: str) -> Iterator[Network]:
    """A switch and hosts, for as long as the block runs."""
    network = Network(list(hosts))
    try:
        network._make()
        yield network
    finally:
        network._remove()


def _namespace(host: str) -> str:
    return f"sov{os.getpid()}-{host}"


def _ip(*words: str) -> None:
    subprocess.run(["ip", *words], check=True, capture_output=True, text=True)


def _enter(namespace: str) -> None:
    """Move the calling thread there; it cannot come back."""
    with (Path("/run/netns") / namespace).open("rb") as file:
        if ctypes.CDLL(None, use_errno=True).setns(file.fileno(), _CLONE_NEWNET):
            number = ctypes.get_errno()
            raise OSError(number, os.strerror(number))
