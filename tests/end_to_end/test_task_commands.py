"""Task modelling as typed: killed and gone on with, asked again, asked for what it cannot do."""

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from kedro.io import Version
from kedro_datasets.json import JSONDataset
from tests.end_to_end.project_copy import copy_tracked, kedro
from tests.small_models import prepare_splits

from taskonomy_kedro.core.preparation.measuring import measure_statistics

pytestmark = pytest.mark.slow

CONFIGURATION = """
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
    splits = prepare_splits(root / "data/05_model_input/prepared")
    path = root / "data/05_model_input/label_statistics.json"
    version = Version(None, "2026-01-01T00.00.00.000Z")
    JSONDataset(filepath=str(path), version=version).save(measure_statistics(splits["train"]).to_json())
    (root / "conf/local").mkdir(exist_ok=True)
    (root / "conf/local/parameters_tiny.yml").write_text(CONFIGURATION)
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
    """Return inode and time of every file of a product; the lists of names beside them are written anew."""
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
def test_a_killed_run_goes_on_to_the_bytes_of_an_unbroken_one(fresh, unbroken, tmp_path, more):
    root = tmp_path / "clone"
    shutil.copytree(fresh, root)
    finished = [root / NETWORKS / task / "record.json" for task in ("normal", "room_layout")]
    checkpoints = root / "data/06_models/checkpoints"

    def is_in_the_middle() -> bool:
        """One network is finished, and the other has a checkpoint."""
        under_way = {path.stem.removeprefix("network_") for path in checkpoints.glob("network_*.pt")}
        done = {record.parent.name for record in finished if record.exists()}
        return bool(done) and bool(under_way - done)

    run_and_kill(root, is_in_the_middle)
    done = [record for record in finished if record.exists()]
    assert len(done) == 1
    before = {name: mark for name, mark in marks(root).items() if done[0].parent.name in name.split("/")}
    again = kedro(root, *RUN, *more)
    assert again.returncode == 0, again.stderr
    assert "going on from" in again.stdout + again.stderr
    after = marks(root)
    kept = {name: mark for name, mark in before.items() if name.startswith(f"{NETWORKS}/")}
    assert kept
    assert {name: after[name] for name in kept} == kept
    assert weights(root) == weights(unbroken)
    assert not list(checkpoints.iterdir())


def test_asked_again_nothing_is_touched_and_a_changed_parameter_says_what_it_moves(unbroken):
    before = marks(unbroken)
    for more in ((), ("--only-missing-outputs",)):
        done = kedro(unbroken, *RUN, *more)
        assert done.returncode == 0, done.stderr
        assert marks(unbroken) == before
    done = kedro(unbroken, *RUN, "--params=task_modeling.overrides.normal.batch_size=9")
    assert done.returncode == 0, done.stderr
    after = marks(unbroken)
    changed = {name.split("/")[3] for name in after if after[name] != before.get(name)}
    assert changed == {"normal"}
    assert "networks of normal are made anew: training.batch_size was 8, is 9" in " ".join(
        done.stdout.split()
    )


@pytest.mark.parametrize(
    ("params", "sentence"),
    [
        (
            "task_modeling.tasks=normall",
            "Error: task_modeling.tasks: unknown task 'normall'; did you mean 'normal'",
        ),
        ("task_modeling.network.encoder=smal", "did you mean 'small'"),
        ("task_modeling.tile_size=20", "must be a multiple of 8 pixels, got 20; 16 or 24 would do"),
        (
            "task_modeling.network.encoder=taskonomy_resnet50,task_modeling.tile_size=24",
            "must be a multiple of 16",
        ),
    ],
)
def test_bad_input_is_one_sentence_and_touches_nothing(unbroken, params, sentence):
    before = marks(unbroken)
    done = kedro(unbroken, *RUN, f"--params={params}")
    assert done.returncode != 0
    assert sentence in done.stderr
    assert "Traceback" not in done.stderr
    assert marks(unbroken) == before
