import os
import subprocess
import sys

import pytest

from taskonomy_kedro.tracking.journal import Journal, Span, seconds_of, step_metrics, write_down


def stretch(start: float, end: float, images: float | None = None, step: str = "taxonomy") -> Span:
    return Span(step=step, start=start, end=end, images=images)


@pytest.fixture
def journal():
    journal = Journal()
    yield journal
    journal.close()


def test_other_processes_write_into_the_same_journal(journal):
    write_down(stretch(0, 1))
    code = (
        "from taskonomy_kedro.tracking.journal import Span, write_down\n"
        "write_down(Span(step='taxonomy', start=1, end=3, images=4))\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
    assert journal.stretches() == [stretch(0, 1), stretch(1, 3, 4)]


def test_without_a_journal_nothing_is_written_and_a_closed_one_leaves_nothing(journal):
    journal.close()
    write_down(stretch(0, 1))
    with pytest.raises(FileNotFoundError):
        journal.stretches()
    assert not [name for name in os.environ if name.startswith("TASKONOMY_RUN")]


def test_a_process_that_ends_past_every_hook_leaves_no_journal(tmp_path):
    code = "from taskonomy_kedro.tracking.journal import Journal; Journal(); raise KeyboardInterrupt"
    environment = {**os.environ, "TMPDIR": str(tmp_path)}
    done = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True)
    assert "KeyboardInterrupt" in done.stderr
    assert list(tmp_path.iterdir()) == []


def test_what_happens_at_one_time_counts_once():
    # 0–4 with 1–2 inside it, 3–6 over its end, then 10–11: six seconds and one
    assert seconds_of([stretch(10, 11), stretch(0, 4), stretch(1, 2), stretch(3, 6)]) == 7
    assert seconds_of([]) == 0


def test_a_rate_is_of_the_work_on_images_alone():
    found = step_metrics(
        [
            stretch(0, 10, step="task_modeling"),
            stretch(1, 3, images=100, step="task_modeling"),
            stretch(2, 5, images=60, step="task_modeling"),  # beside it, in another process
            stretch(10, 12),
        ]
    )
    assert found == {
        "seconds/task_modeling": 10,
        "images_per_second/task_modeling": 160 / 4,
        "seconds/taxonomy": 2,
    }
