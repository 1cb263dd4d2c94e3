"""Servers of the project, each in its own process group, which ends with the test."""

import contextlib
import os
import random
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

READY_SECONDS = 120


def free_port() -> int:
    """Return a free port below 49152, the limit of kedro-viz."""
    for port in random.sample(range(20_000, 32_000), 100):
        with socket.socket() as tried, contextlib.suppress(OSError):
            tried.bind(("127.0.0.1", port))
            return port
    raise RuntimeError("no port between 20000 and 32000 is free")


@contextlib.contextmanager
def serving(command: list[str], folder: Path, address: str, log: Path, **environment: str) -> Iterator[float]:
    """Start a server, wait until an address answers, yield the seconds, and stop all its processes."""
    start = time.monotonic()
    with log.open("w") as output:
        server = subprocess.Popen(
            command,
            cwd=folder,
            env={**os.environ, "DO_NOT_TRACK": "true", **environment},
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,  # its children would outlive it and keep the port
        )
    try:
        while not _answers(address):
            if server.poll() is not None or time.monotonic() - start > READY_SECONDS:
                raise AssertionError(f"{' '.join(command)} is not there: {log.read_text()[-2000:]}")
            time.sleep(0.05)
        yield time.monotonic() - start
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(server.pid, signal.SIGTERM)
        server.wait(timeout=30)


def module(name: str, *arguments: str) -> list[str]:
    return [sys.executable, "-m", name, *arguments]


def _answers(address: str) -> bool:
    try:
        with urllib.request.urlopen(address, timeout=5) as reply:
            return bool(reply.status == 200)
    except (urllib.error.URLError, OSError):
        return False
