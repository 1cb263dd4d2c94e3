"""Measures training of small networks: one on all cores, one on each core, and each kind of task.

python benchmarks/task_modeling.py            # on a few rooms rendered for it
python benchmarks/task_modeling.py --dry-run  # as small as possible, to test the script
"""

import argparse
import os
import tempfile
import time
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

from taskonomy_kedro.core.preparation.measuring import measure_statistics
from taskonomy_kedro.core.preparation.prepared import PreparedSplit
from taskonomy_kedro.core.preparation.settings import DataSettings, RoomsSettings
from taskonomy_kedro.core.preparation.split_build import build_split
from taskonomy_kedro.core.tasks import TASKS
from taskonomy_kedro.core.training.network_training import guess_average, train_task_network
from taskonomy_kedro.core.training.settings import ComputeSettings, ModelingSettings, TrainingSettings
from taskonomy_kedro.core.training.task_context import TaskContext

_TASKS = (
    "normal",
    "segment_semantic",
    "segment_unsup2d",
    "class_object",
    "fixated_pose",
    "egomotion",
    "jigsaw",
)


def make_splits(folder: Path, rooms: int) -> None:
    """Prepare two splits of a few rooms."""
    counts = RoomsSettings(train=rooms, transfer=8, validation=8, test=8)
    settings = DataSettings(rooms=counts)
    for split in ("train", "validation"):
        build_split(split, settings, folder / split)


def train(folder: Path, task: str, threads: int | None, steps: int) -> tuple[float, float]:
    """Train one network; return images per second while training, and seconds of all its steps."""
    splits = {name: PreparedSplit.open(folder / name) for name in ("train", "validation")}
    settings = ModelingSettings(
        tile_size=32,
        training_pixels=100,
        training=TrainingSettings(steps=steps, learning_rates=((0, 0.003),), validate_every=steps),
        compute=ComputeSettings(threads=threads),
    )
    modeling = TaskContext(TASKS[task], measure_statistics(splits["train"]), settings)
    start = time.perf_counter()
    guess = guess_average(modeling, splits["train"])
    product = train_task_network(modeling, splits["train"], splits["validation"], guess)
    seconds = time.perf_counter() - start
    return float(product.outcome["images_per_second"]), seconds


def main() -> None:
    """Print both tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--dry-run", action="store_true")
    is_dry = parser.parse_args().dry_run
    rooms, steps, cores = (8, 2, 2) if is_dry else (64, 160, os.cpu_count() or 1)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        make_splits(folder, rooms)
        train(folder, "normal", None, 2)  # warm
        print("| task, one network on all cores | images/s | guess, training and validation |")
        print("|---|---|---|")
        for task in _TASKS[:1] if is_dry else _TASKS:
            rate, seconds = train(folder, task, None, steps)
            print(f"| {task} | {rate:,.0f} | {seconds:.1f} s |")
        together, _ = train(folder, "normal", cores, steps)
        with ProcessPoolExecutor(cores, mp_context=get_context("spawn")) as pool:
            runs = [pool.submit(train, folder, "normal", 1, steps) for _ in range(cores)]
            apart = sum(run.result()[0] for run in runs)
    print(f"\none network on {cores} threads: {together:,.0f} images/s; {cores} networks on one thread each:")
    print(f"{apart:,.0f} images/s together, ratio {apart / together:.2f}")


if __name__ == "__main__":
    main()
