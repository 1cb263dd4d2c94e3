"""Several processes: results in order, and none left behind."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from taskonomy_kedro.core.parallel import map_in_order

WORKING_LONG = """
from tests.core.test_parallel import note_and_sleep
from taskonomy_kedro.core.parallel import map_in_order
from functools import partial
from pathlib import Path
import sys

if __name__ == "__main__":
    list(map_in_order(partial(note_and_sleep, folder=Path(sys.argv[1])), range(100), processes=2))
"""


def squared_later(number: int) -> int:
    time.sleep(0.05 if number % 2 else 0.0)
    return number**2


def end_at_three(number: int) -> int:
    if number == 3:
        os.kill(os.getpid(), signal.SIGKILL)
    return number


def note_and_sleep(number: int, *, folder: Path) -> None:
    (folder / f"{os.getpid()}").touch()
    time.sleep(0.1)


def is_running(process: int) -> bool:
    try:
        state = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0]
    except (FileNotFoundError, ProcessLookupError):
        return False
    return state != "Z"


@pytest.mark.parametrize("processes", [1, 2])
def test_results_are_in_the_order_of_the_pieces(processes):
    assert list(map_in_order(squared_later, range(12), processes=processes)) == [n**2 for n in range(12)]


def test_pieces_are_read_only_a_few_ahead_of_the_results():
    taken = []

    def pieces() -> Iterator[int]:
        for number in range(50):
            taken.append(number)
            yield number

    results = map_in_order(squared_later, pieces(), processes=2)
    assert [next(results), len(taken)] == [0, 6]
    results.close()


def test_a_killed_process_is_reported():
    with pytest.raises(RuntimeError, match="a worker process was killed, .* use fewer processes"):
        list(map_in_order(end_at_three, range(8), processes=2))


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="looks at processes through /proc")
def test_no_process_outlives_a_killed_run(tmp_path):
    script = tmp_path / "script.py"
    script.write_text(WORKING_LONG)
    noted = tmp_path / "noted"
    noted.mkdir()
    paths = os.pathsep.join(path for path in sys.path if path)
    root = Path(__file__).parents[2]
    run = subprocess.Popen(
        [sys.executable, script, noted],
        cwd=root,
        env={**os.environ, "PYTHONPATH": f"{root}{os.pathsep}{paths}"},
    )
    until = time.monotonic() + 60
    while len(list(noted.iterdir())) < 2 and time.monotonic() < until:
        time.sleep(0.05)
    workers = [int(path.name) for path in noted.iterdir()]
    assert len(workers) == 2
    run.kill()
    run.wait()
    while any(map(is_running, workers)) and time.monotonic() < until:
        time.sleep(0.05)
    left = [process for process in workers if is_running(process)]
    for process in left:
        os.kill(process, signal.SIGKILL)
    assert left == []
