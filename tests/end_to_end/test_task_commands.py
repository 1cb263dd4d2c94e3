"""Task modelling as typed: killed and resumed, repeated, with bad parameters."""

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.end_to_end.project_copy import copy_tracked, kedro

pytestmark = pytest.mark.slow

CONFIGURATION = """
data:
  image_size: 32
  processes: 1
  tuples_per_image: 1000.0
  rooms: {train: 1, transfer: 1, validation: 1, test: 1, views_per_room: 14}
task_modeling:
  tasks: [normal, room_layout]
  tile_size: 16
  network: {width: 4, units: 1, decoder_width: 4, hidden: 8}
  training: {steps: 300, batch_size: 8, validate_every: 20, warmup_steps: 0, checkpoint_every: 20}
  readout: {steps: 4, batch_size: 8, validate_every: 2, warmup_steps: 0}
  compute: {device: cpu, threads: 1}
"""
RUN = ("run", "--pipelines=task_modeling")
NETWORKS = "data/06_models/networks"


@pytest.fixture(scope="module")
def fresh(tmp_path_factory) -> Path:
    """A copy of the project with tiny rooms prepared."""
    root = copy_tracked(tmp_path_factory.mktemp("clone"))
    (root / "conf/local").mkdir(exist_ok=True)
    (root / "conf/local/parameters_tiny.yml").write_text(CONFIGURATION)
    done = kedro(root, "run", "--pipelines=data_preparation")
    assert done.returncode == 0, done.stderr
    return root


@pytest.fixture(scope="module")
def unbroken(fresh: Path, tmp_path_factory) -> Path:
    root = tmp_path_factory.mktemp("unbroken") / "clone"
    shutil.copytree(fresh, root)
    done = kedro(root, *RUN)
    assert done.returncode == 0, done.stderr
    return root


def weights(root: Path) -> dict[str, bytes]:
    return {
        path.relative_to(root).as_posix(): path.read_bytes()
        for path in sorted((root / "data/06_models").rglob("weights.pt"))
    }


def marks(root: Path) -> dict[str, tuple[int, int]]:
    """Return inode and time of every file of a product."""
    return {
        path.relative_to(root).as_posix(): (path.stat().st_ino, path.stat().st_mtime_ns)
        for path in sorted((root / "data/06_models").glob("*/**/*"))
        if path.is_file()
    }


def run_and_kill(root: Path, is_time: Callable[[], bool]) -> str:
    """Type the command, and kill it as soon as something is there; return what it said."""
    environment = {
        name: value for name, value in os.environ.items() if not name.startswith(("MLFLOW", "KEDRO"))
    }
    with (root / "out.txt").open("w+") as out:
        process = subprocess.Popen(
            [sys.executable, "-m", "kedro", *RUN], cwd=root, env=environment, stdout=out, stderr=out
        )
        while not is_time():
            assert process.poll() is None, (root / "out.txt").read_text()
            time.sleep(0.01)
        process.send_signal(signal.SIGKILL)
        process.wait()
        return (root / "out.txt").read_text()


@pytest.mark.parametrize("more", [(), ("--only-missing-outputs",)])
def test_a_killed_run_resumes_to_the_bytes_of_an_unbroken_one(fresh, unbroken, tmp_path, more):
    root = tmp_path / "clone"
    shutil.copytree(fresh, root)

    def finished() -> list[str]:
        found = [
            *(root / NETWORKS).glob("normal/*/record.json"),
            *(root / NETWORKS).glob("room_*/*/record.json"),
        ]
        return [path.parts[-3] for path in found if path.parts[-2][0] != "."]

    def is_in_the_middle() -> bool:
        """One network is finished, and the other has a checkpoint."""
        under_way = {path.parts[-3] for path in (root / NETWORKS).glob("*/.*.unfinished/checkpoint.pt")}
        return bool(finished()) and bool(under_way - set(finished()))

    run_and_kill(root, is_in_the_middle)
    (done,) = finished()
    before = {name: mark for name, mark in marks(root).items() if name.startswith(f"{NETWORKS}/{done}/")}
    again = kedro(root, *RUN, *more)
    assert again.returncode == 0, again.stderr
    assert "resuming from" in again.stdout + again.stderr
    after = marks(root)
    assert before
    assert {name: after[name] for name in before} == before
    assert weights(root) == weights(unbroken)
    assert not list((root / "data/06_models").rglob("*.unfinished"))


def test_runs_reuse_networks_and_a_changed_parameter_can_be_changed_back(unbroken):
    before = marks(unbroken)
    for more in ((), ("--only-missing-outputs",)):
        done = kedro(unbroken, *RUN, *more)
        assert done.returncode == 0, done.stderr
        assert "reused: " in done.stdout
        assert marks(unbroken) == before
    done = kedro(unbroken, *RUN, "--params=task_modeling.overrides.normal.batch_size=9")
    assert done.returncode == 0, done.stderr
    after = marks(unbroken)
    assert {name: after[name] for name in before} == before
    assert {name.split("/")[3] for name in after if name not in before} == {"normal"}
    assert "created: 1 networks: normal (training.batch_size was 8, is 9)" in " ".join(done.stdout.split())
    assert kedro(unbroken, *RUN).returncode == 0
    assert {name: mark for name, mark in marks(unbroken).items() if name in after} == after
