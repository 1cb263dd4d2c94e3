"""Servers of the project, each in a group of processes of its own that ends with the test."""

import contextlib
import os
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
LAST_PORT = 49151


def free_port() -> int:
    """Return a free port that kedro-viz takes: it refuses those above `LAST_PORT`."""
    while True:
        with socket.socket() as taken:
            taken.bind(("127.0.0.1", 0))
            port = int(taken.getsockname()[1])
        if port <= LAST_PORT:
            return port


@contextlib.contextmanager
def serving(command: list[str], folder: Path, address: str, log: Path, **environment: str) -> Iterator[float]:
    """Start a server, wait until an address answers, yield the seconds it took, and end all its processes."""
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
            time.sleep(0.1)
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
