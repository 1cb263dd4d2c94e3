import threading
import time
from types import SimpleNamespace

import pytest

from taskonomy_kedro.reporting import progress
from taskonomy_kedro.reporting.progress import ProgressTeller


@pytest.fixture
def clock(monkeypatch):
    """A clock that is set by hand; nothing is a terminal."""
    now = SimpleNamespace(seconds=100.0)
    monkeypatch.setattr(progress, "time", SimpleNamespace(monotonic=lambda: now.seconds))
    monkeypatch.setattr(
        "sys.stdout", SimpleNamespace(isatty=lambda: False, write=lambda text: None, flush=lambda: None)
    )
    return now


def told(caplog) -> list[str]:
    return [record.getMessage() for record in caplog.records]


def test_a_line_now_and_then_with_the_rate_and_the_time_left(clock, caplog):
    caplog.set_level("INFO")
    with ProgressTeller("network normal", "steps") as tell:
        for done in range(1, 161):
            tell(done, 160, 320 * done)
            clock.seconds += 0.25
    assert told(caplog) == [
        "network normal: 41 of 160 steps, 1,280 images/s, 30 s left",
        "network normal: 81 of 160 steps, 1,280 images/s, 20 s left",
        "network normal: 121 of 160 steps, 1,280 images/s, 10 s left",
    ]


def test_what_an_earlier_run_had_done_took_no_time_of_this_one(clock, caplog):
    caplog.set_level("INFO")
    with ProgressTeller("network normal", "steps") as tell:
        tell(1000, 4000, 32_000)
        clock.seconds += 10
        tell(1010, 4000, 32_320)
    assert told(caplog) == ["network normal: 1010 of 4000 steps, 32 images/s, 50 min left"]


def test_work_that_counts_no_images_tells_none(clock, caplog):
    caplog.set_level("INFO")
    with ProgressTeller("split train") as tell:
        tell(0, 100)
        clock.seconds += 20
        tell(10, 100)
        tell(11, 100)
    assert told(caplog) == ["split train: 10 of 100, 3 min left"]


def test_two_threads_share_the_picture_of_a_terminal(monkeypatch, caplog):
    monkeypatch.setattr(
        "sys.stdout", SimpleNamespace(isatty=lambda: True, write=lambda text: None, flush=lambda: None)
    )
    failures = []

    def work(name: str) -> None:
        try:
            with ProgressTeller(name, "steps") as tell:
                for done in range(1, 6):
                    tell(done, 5, 32 * done)
                    time.sleep(0.01)
        except Exception as error:
            failures.append(error)

    threads = [threading.Thread(target=work, args=(name,)) for name in ("a", "b")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failures
    assert progress._bars._picture is None
    assert not caplog.records
