"""Measures readouts on a GPU: small ones together and one by one, and those of the paper.

The steps are those of a run: representations through the transfer network and a new decoder, the target's
loss, Adam, bf16 autocast. Batches stay on the device: what is timed is the networks, not the disk. torch
and NumPy are enough to run it.

Usage: PYTHONPATH=src python benchmarks/gpu_readouts.py [--json FILE] [--steps 30] [--device cuda]
       PYTHONPATH=src python benchmarks/gpu_readouts.py --dry-run      # tiny, on the CPU
"""

import argparse
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import torch
from gpu_readout_steps import Work, flops_of_one, make_stack, stack_step
from gpu_timing import (
    GOAL,
    PAPER_BATCH,
    forget_peak,
    gpu_or_error,
    matrix_rate,
    name_of,
    peak_gb,
    seconds_per_call,
)

from taskonomy_kedro.core.tasks import TASKS

# The paper's transfers by regime: steps of each (30 epochs of 16,000 images, 200 of 1,000), and how many of
# each order its published tables have. Orders 5 to 24 are counted as 5.
REGIMES = {
    "1k": (6_250, {1: 594, 2: 220, 3: 232, 4: 350}),
    "16k": (15_000, {1: 594, 2: 216, 3: 226, 4: 340, 5: 360}),
}
DENSE, VECTOR = "normal", "room_layout"
GOAL_RATIO = 10


@dataclass(frozen=True, kw_only=True)
class Sizes:
    """What is measured.

    Attributes:
        steps: Steps timed, after a third as many to warm up.
        matrix_size: Rows of the square matrices that tell the device's rate.
        small_image, small_batch, small_readouts: Of the readouts of `conf/base`.
        small_targets: Whose readouts.
        image, batch: Of the paper's readouts.
        orders, together: Sources of each, and how many are trained together.
    """

    steps: int = 30
    matrix_size: int = 8192
    small_image: int = 64
    small_batch: int = 16
    small_readouts: int = 26
    small_targets: tuple[str, ...] = ("normal", "segment_semantic", "fixated_pose")
    image: int = 256
    batch: int = PAPER_BATCH
    orders: tuple[int, ...] = (1, 2)
    together: tuple[int, ...] = (1, 2, 4)


@dataclass(frozen=True, kw_only=True)
class Ratio:
    """Small readouts together and one by one: milliseconds of one step of all of them."""

    target: str
    readouts: int
    together_ms: float
    one_by_one_ms: float
    ratio: float


@dataclass(frozen=True, kw_only=True)
class Measured:
    """Paper-sized readouts: images of all of them per second, share of the matrix rate."""

    target: str
    order: int
    together: int
    is_side_by_side: bool
    images_per_second: float
    tflops: float
    share_of_matrix_rate: float
    peak_memory_gb: float | None


def compare(target: str, sizes: Sizes, device: torch.device) -> Ratio:
    """Measure one step of all small readouts, together and one by one."""
    work = Work(
        target=target, order=1, encoder="small", image=sizes.small_image, batch=sizes.small_batch,
        device=device,
    )  # fmt: skip
    n = sizes.small_readouts
    together = seconds_per_call(stack_step(work, make_stack(work, n)), sizes.steps, device)
    steps = [stack_step(work, make_stack(work, 1)) for _ in range(n)]
    apart = seconds_per_call(lambda: [step() for step in steps], sizes.steps, device)
    return Ratio(
        target=target,
        readouts=n,
        together_ms=1e3 * together,
        one_by_one_ms=1e3 * apart,
        ratio=apart / together,
    )


def measure(
    target: str, order: int, together: int, *, sizes: Sizes, rate: float, device: torch.device
) -> Measured | None:
    """Measure the paper's readouts; None if they do not fit the device's memory."""
    work = Work(
        target=target, order=order, encoder="taskonomy_resnet50", image=sizes.image, batch=sizes.batch,
        device=device,
    )  # fmt: skip
    flops = together * flops_of_one(work)
    forget_peak(device)
    try:
        stack = make_stack(work, together)
        seconds = seconds_per_call(stack_step(work, stack), sizes.steps, device)
    except torch.OutOfMemoryError:
        return None
    return Measured(
        target=target,
        order=order,
        together=together,
        is_side_by_side=stack._decode is not None,
        images_per_second=together * sizes.batch / seconds,
        tflops=flops / seconds / 1e12,
        share_of_matrix_rate=flops / seconds / rate,
        peak_memory_gb=peak_gb(device),
    )


def project_hours(rates: Mapping[tuple[str, int], float]) -> dict[str, float]:
    """Return the hours of the paper's transfers by regime, from images per second by target and order.

    Targets with an image decoder take the dense target's rate, all others that of the vector; an order
    that was not measured takes the rate of the highest one below it. Orders 5 to 24 are of the targets
    that read one image.
    """
    targets = [task for task in TASKS.values() if not task.is_source_only]
    orders, hours = sorted({order for _, order in rates}), {}
    for regime, (steps, transfers) in REGIMES.items():
        seconds = 0.0
        for order, n_transfers in transfers.items():
            solved = [task for task in targets if order < 5 or task.reads.n_inputs == 1]
            share = sum(task.decoder == "dense" for task in solved) / len(solved)
            known = max(one for one in orders if one <= order)
            seconds_per_image = share / rates[DENSE, known] + (1 - share) / rates[VECTOR, known]
            seconds += n_transfers * steps * PAPER_BATCH * seconds_per_image
        hours[regime] = seconds / 3600
    return hours


def fastest(rows: Sequence[Measured]) -> dict[tuple[str, int], float]:
    """Return images per second by target and order, for the fastest number of readouts together."""
    best: dict[tuple[str, int], float] = {}
    for row in rows:
        key = row.target, row.order
        best[key] = max(best.get(key, 0.0), row.images_per_second)
    return best


def print_tables(ratios: Sequence[Ratio], rows: Sequence[Measured]) -> None:
    print(f"Small readouts (`conf/base`), one step of all of them. Goal: {GOAL_RATIO} times as fast.\n")
    print("| target | readouts | together | one by one | ratio |\n|---|---|---|---|---|")
    for one in ratios:
        times = f"{one.together_ms:.3g} ms | {one.one_by_one_ms:.3g} ms | {one.ratio:.3g}"
        print(f"| {one.target} | {one.readouts} | {times} |")
    print(f"\nThe paper's readouts. Images of all readouts together; goal {GOAL:.0%} of the matrix rate.\n")
    print("| target | order | together | within a step | images/s | TFLOP/s | share of the rate | peak GB |")
    print("|---|---|---|---|---|---|---|---|")
    for row in rows:
        peak = f"{row.peak_memory_gb:.3g}" if row.peak_memory_gb is not None else "–"
        how = "side by side" if row.is_side_by_side else "one after the other"
        form = f"{row.order} | {row.together} | {how if row.together > 1 else '–'}"
        rate = f"{row.images_per_second:.4g} | {row.tflops:.3g} | {row.share_of_matrix_rate:.1%}"
        print(f"| {row.target} | {form} | {rate} | {peak} |")
    print("\n`one after the other`: the stack shares batch and optimiser step; each decoder runs on its own.")


def print_hours(hours: Mapping[str, float]) -> None:
    n_transfers = sum(sum(transfers.values()) for _, transfers in REGIMES.values())
    print(f"\nHours for the paper's {n_transfers:,} transfers: {sum(hours.values()):.4g}")
    for regime, (steps, transfers) in REGIMES.items():
        print(f"- regime {regime}, {sum(transfers.values()):,} of {steps:,} steps: {hours[regime]:.4g}")
    print(
        f"\nTransfers · steps · {PAPER_BATCH} images / images a second, the fastest of the table by target "
        f"and order:\ntargets with an image decoder at the rate of {DENSE}, others at that of {VECTOR}; "
        "higher orders at\nthe highest measured one, which is a little too fast. Without reading, "
        "validation and test."
    )


def run(sizes: Sizes, device: torch.device, json_file: Path | None) -> tuple[list[Ratio], list[Measured]]:
    """Measure, print a Markdown page and, if a file is given, write the numbers as JSON."""
    rate = matrix_rate(sizes.matrix_size, device)
    print(f"## {name_of(device)}: readouts, {sizes.image}×{sizes.image}, torch {torch.__version__}\n")
    print(f"Matrix rate: {rate / 1e12:.3g} TFLOP/s (bf16).\n")
    ratios = [compare(target, sizes, device) for target in sizes.small_targets]
    rows = []
    for target in (DENSE, VECTOR):
        for order in sizes.orders:
            for together in sizes.together:
                row = measure(target, order, together, sizes=sizes, rate=rate, device=device)
                if row is None:
                    print(f"memory does not suffice for {together} readouts of {target}, order {order}")
                else:
                    rows.append(row)
    print_tables(ratios, rows)
    rates = fastest(rows)
    are_known = all((target, order) in rates for target in (DENSE, VECTOR) for order in sizes.orders)
    hours = project_hours(rates) if are_known else {}
    if hours:
        print_hours(hours)
    if json_file:
        page = {
            "device": name_of(device), "torch": torch.__version__, "sizes": asdict(sizes),
            "matrix_tflops": rate / 1e12, "small": [asdict(one) for one in ratios],
            "paper": [asdict(row) for row in rows], "hours": hours,
        }  # fmt: skip
        json_file.write_text(json.dumps(page, indent=2))
    return ratios, rows


DRY = Sizes(
    steps=1, matrix_size=64, small_image=32, small_batch=2, small_readouts=3, image=32, batch=2,
    together=(1, 2),
)  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--steps", type=int, default=30, help="steps to measure")
    parser.add_argument("--device", default="cuda", help="device, such as cuda:1")
    parser.add_argument("--json", type=Path, help="file for the numbers")
    parser.add_argument("--dry-run", action="store_true", help="tiny sizes, on the CPU")
    given = parser.parse_args()
    if given.dry_run:
        run(DRY, torch.device("cpu"), given.json)
        return
    run(Sizes(steps=given.steps), gpu_or_error(parser, given.device), given.json)


if __name__ == "__main__":
    main()
