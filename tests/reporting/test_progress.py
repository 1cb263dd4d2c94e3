import threading
import time
from types import SimpleNamespace

import pytest

from taskonomy_kedro.reporting import progress
from taskonomy_kedro.reporting.progress import report_progress


@pytest.fixture(autouse=True)
def own_bars():
    """Bars that are made for what `sys.stdout` is in a test."""
    progress._bars.cache_clear()
    yield
    progress._bars.cache_clear()


@pytest.fixture
def clock(monkeypatch):
    """A clock that is set by hand; standard output is not a terminal."""
    now = SimpleNamespace(seconds=100.0)
    monkeypatch.setattr(progress, "time", SimpleNamespace(monotonic=lambda: now.seconds))
    monkeypatch.setattr(
        "sys.stdout", SimpleNamespace(isatty=lambda: False, write=lambda text: None, flush=lambda: None)
    )
    return now


def lines(caplog) -> list[str]:
    return [record.getMessage() for record in caplog.records]


def test_a_line_every_ten_seconds_has_the_rate_and_the_time_left(clock, caplog):
    caplog.set_level("INFO")
    with report_progress("network normal", "steps") as report:
        for done in range(1, 161):
            report(done, 160, 320 * done)
            clock.seconds += 0.25
    assert lines(caplog) == [
        "network normal: 41 of 160 steps, 1,280 images/s, 30 s left",
        "network normal: 81 of 160 steps, 1,280 images/s, 20 s left",
        "network normal: 121 of 160 steps, 1,280 images/s, 10 s left",
    ]


def test_the_work_of_an_earlier_run_does_not_count_for_the_rate(clock, caplog):
    caplog.set_level("INFO")
    with report_progress("network normal", "steps") as report:
        report(1000, 4000, 32_000)
        clock.seconds += 10
        report(1010, 4000, 32_320)
    assert lines(caplog) == ["network normal: 1010 of 4000 steps, 32 images/s, 50 min left"]


def test_work_without_images_has_no_rate(clock, caplog):
    caplog.set_level("INFO")
    with report_progress("split train") as report:
        report(0, 100)
        clock.seconds += 20
        report(10, 100)
        report(11, 100)
    assert lines(caplog) == ["split train: 10 of 100, 3 min left"]


def test_two_threads_share_the_display_of_a_terminal(monkeypatch, caplog):
    monkeypatch.setattr(
        "sys.stdout", SimpleNamespace(isatty=lambda: True, write=lambda text: None, flush=lambda: None)
    )
    failures = []

    def work(name: str) -> None:
        try:
            with report_progress(name, "steps") as report:
                for done in range(1, 6):
                    report(done, 5, 32 * done)
                    time.sleep(0.01)
        except Exception as error:
            failures.append(error)

    threads = [threading.Thread(target=work, args=(name,)) for name in ("a", "b")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failures
    assert not progress._bars().tasks
    assert not progress._bars().live.is_started
    assert not caplog.records
