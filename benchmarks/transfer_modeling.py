"""Measures readouts trained together and one by one, and growth with orders, tasks and images.

python benchmarks/transfer_modeling.py            # on a few rooms rendered for it
python benchmarks/transfer_modeling.py --dry-run  # as small as possible, to test the script
"""

import argparse
import tempfile
import time
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from taskonomy_kedro.core.preparation.measuring import measure_statistics
from taskonomy_kedro.core.preparation.prepared import PreparedSplit
from taskonomy_kedro.core.preparation.settings import SPLITS, DataSettings
from taskonomy_kedro.core.preparation.split_build import build_split
from taskonomy_kedro.core.readouts.readout_training import (
    guess_for_transfers,
    train_first_order,
    train_higher_order,
)
from taskonomy_kedro.core.readouts.settings import TransferSettings
from taskonomy_kedro.core.readouts.sources import Sources, gather_sources
from taskonomy_kedro.core.readouts.target_context import TargetContext
from taskonomy_kedro.core.tasks import TASKS
from taskonomy_kedro.core.training.products import Representations
from taskonomy_kedro.core.training.settings import ModelingSettings

_TARGETS = ("normal", "depth_zbuffer", "segment_semantic", "fixated_pose")
_USED = ("transfer", "validation", "test")


@dataclass(frozen=True, kw_only=True)
class Sizes:
    """How much work is measured."""

    rooms: int = 8
    image_size: int = 64
    steps: int = 20
    sources: int = 26
    fewer_sources: tuple[int, ...] = (6, 13)
    more_rooms: tuple[int, ...] = (16, 32)
    orders: tuple[int, ...] = (1, 2, 3, 4)
    targets: tuple[str, ...] = _TARGETS


def make_splits(folder: Path, sizes: Sizes) -> dict[str, PreparedSplit]:
    """Prepare the splits of a few rooms."""
    rooms = {"train": 2, **dict.fromkeys(_USED, sizes.rooms), "views_per_room": 8}
    settings = DataSettings.model_validate({"image_size": sizes.image_size, "rooms": rooms})
    for split in SPLITS:
        build_split(split, settings, folder / split)
    return {split: PreparedSplit.open(folder / split) for split in SPLITS}


def draw_sources(splits: dict[str, PreparedSplit], n_sources: int) -> Sources:
    """Return random representations: time does not depend on their values."""
    rng, names = np.random.default_rng(0), list(TASKS)[:n_sources]
    used = {name: splits[name] for name in _USED}
    cells = splits["test"].image_size // 8
    products = [
        Representations(
            task=name,
            outcome={"content": name},
            arrays={
                split: rng.random((len(prepared), 8, cells, cells)).astype(np.float16)
                for split, prepared in used.items()
            },
        )
        for name in names
    ]
    return gather_sources(names, products, used)


def seconds_of(
    splits: dict[str, PreparedSplit], sources: Sources, target: str, sizes: Sizes, stack_size: int | None
) -> dict[int, tuple[float, int]]:
    """Return seconds and number of readouts of each order."""
    training = {
        "steps": sizes.steps, "batch_size": 16, "validate_every": sizes.steps, "learning_rates": 3e-3,
    }  # fmt: skip
    settings: dict[str, Any] = {
        "training": training,
        "decoder": {"decoder_width": 32, "hidden": 48},
        "training_cells": 8,
        "training_pixels": 64,
        "stack_size": stack_size,
    }
    used = {name: splits[name] for name in _USED}
    modeling = TargetContext(
        TASKS[target], measure_statistics(splits["train"]), ModelingSettings(), TransferSettings(**settings)
    )
    guess = guess_for_transfers(modeling, used["transfer"])
    first = train_first_order(modeling, used, sources, guess)
    found = {1: first}
    for order in sizes.orders:
        if order > 1:
            found[order] = train_higher_order(modeling, used, sources, guess, first, order)
    return {order: (made.outcome["seconds"], len(made.transfer_ids)) for order, made in found.items()}


def run(sizes: Sizes, folder: Path) -> dict[str, float]:
    """Print both tables; return the speed-up of a stack, by target."""
    splits = make_splits(folder, sizes)
    sources = draw_sources(splits, sizes.sources)
    seconds_of(splits, sources, sizes.targets[0], Sizes(steps=1, orders=(1,)), None)  # warm
    print(f"| target, {sizes.steps} steps | together | one by one | ratio |")
    print("|---|---|---|---|")
    ratios, growth = {}, {}
    for target in sizes.targets:
        growth[target] = seconds_of(splits, sources, target, sizes, None)
        together = growth[target][1][0]
        apart = seconds_of(splits, sources, target, Sizes(steps=sizes.steps, orders=(1,)), 1)[1][0]
        ratios[target] = apart / together
        print(f"| {target} | {together:.1f} s | {apart:.1f} s | {ratios[target]:.2f} |")
    print("\n| target | order | readouts | seconds | seconds per readout |")
    print("|---|---|---|---|---|")
    for target, orders in growth.items():
        for order, (seconds, n_readouts) in orders.items():
            each = seconds / max(1, n_readouts)
            print(f"| {target} | {order} | {n_readouts} | {seconds:.1f} | {each:.2f} |")
    print("\n| order 1 of normal: sources | test images | seconds | seconds per readout |")
    print("|---|---|---|---|")
    target, smaller = sizes.targets[0], Sizes(steps=sizes.steps, orders=(1,))
    for n_sources in sizes.fewer_sources:
        _print_growth(splits, draw_sources(splits, n_sources), target, smaller)
    _print_growth(splits, sources, target, smaller)
    for rooms in sizes.more_rooms:
        larger = make_splits(folder / f"{rooms}_rooms", replace(sizes, rooms=rooms))
        _print_growth(larger, draw_sources(larger, sizes.sources), target, smaller)
    return ratios


def _print_growth(splits: dict[str, PreparedSplit], sources: Sources, target: str, sizes: Sizes) -> None:
    seconds, n_readouts = seconds_of(splits, sources, target, sizes, None)[1]
    print(f"| {n_readouts} | {len(splits['test'])} | {seconds:.1f} | {seconds / n_readouts:.3f} |")


def main() -> None:
    """Run the benchmark."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--dry-run", action="store_true")
    dry = Sizes(
        rooms=8,
        image_size=32,
        steps=2,
        sources=4,
        orders=(1, 2),
        targets=("normal",),
        fewer_sources=(2,),
        more_rooms=(9,),
    )
    start = time.monotonic()
    with tempfile.TemporaryDirectory() as name:
        run(dry if parser.parse_args().dry_run else Sizes(), Path(name))
    print(f"\nin all {time.monotonic() - start:.0f} s")


if __name__ == "__main__":
    main()
