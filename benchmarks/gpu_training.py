"""Measures training of the paper's network, and the share of the device's matrix rate it uses.

Encoder `taskonomy_resnet50` with D256, L1 loss, Adam, bf16 autocast, channels-last. torch and NumPy are
enough to run it.

Usage: PYTHONPATH=src python benchmarks/gpu_training.py [--json FILE] [--size 256] [--batch 32] [--steps 30]
       PYTHONPATH=src python benchmarks/gpu_training.py --dry-run      # tiny and small, on the CPU
"""

import argparse
import json
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path

import torch
from gpu_timing import (
    GOAL,
    PAPER_BATCH,
    flops_of,
    forget_peak,
    gpu_or_error,
    matrix_rate,
    name_of,
    peak_gb,
    seconds_per_call,
    wait_for,
)
from torch import Tensor, nn
from torch.profiler import ProfilerActivity, profile

from taskonomy_kedro.core.networks.settings import EncoderName, NetworkSettings
from taskonomy_kedro.core.networks.task_network import make_task_network
from taskonomy_kedro.core.tasks import TASKS

N_NETWORKS = 26
N_STEPS = 121_000  # of 32 images each: 30 epochs of 129,380 images, docs/method.md
TASK = "normal"


@dataclass(frozen=True, kw_only=True)
class Sizes:
    """What is measured.

    Attributes:
        image_size: Pixels a side.
        batch: Images a step.
        steps: Steps timed, after a third as many to warm up.
        matrix_size: Rows of the square matrices that tell the device's rate.
        is_compiled_too: Whether to measure torch.compile too.
        encoder: The paper's, or the small one with its own decoder for a dry run.
    """

    image_size: int = 256
    batch: int = 32
    steps: int = 30
    matrix_size: int = 8192
    is_compiled_too: bool = True
    encoder: EncoderName = "taskonomy_resnet50"


@dataclass(frozen=True, kw_only=True)
class Measured:
    """Training of one kind: images and floating-point operations per second, share of the matrix rate."""

    name: str
    images_per_second: float
    tflops: float
    share_of_matrix_rate: float
    peak_memory_gb: float | None
    first_step_seconds: float
    projected_hours: float


def make_network(sizes: Sizes, device: torch.device) -> nn.Module:
    generator = torch.Generator().manual_seed(0)
    settings = NetworkSettings(encoder=sizes.encoder)
    network = make_task_network(settings, TASKS[TASK], image_size=sizes.image_size, generator=generator)
    return network.to(memory_format=torch.channels_last).to(device)


def draw_batch(sizes: Sizes, device: torch.device) -> tuple[Tensor, Tensor]:
    """Return images (n, 1, 3, H, W) and labels (n, 3, H, W), both channels-last, in [-1, 1]."""
    shape = (sizes.batch, 3, sizes.image_size, sizes.image_size)
    pictures, labels = (
        (torch.rand(shape, device=device) * 2 - 1).contiguous(memory_format=torch.channels_last)
        for _ in range(2)
    )
    return pictures[:, None], labels


def training_step(
    network: nn.Module, forward: Callable[[Tensor], Tensor], sizes: Sizes, device: torch.device
) -> Callable[[], None]:
    """Return one step on a batch that stays on the device: this measures the network, not the disk."""
    pictures, labels = draw_batch(sizes, device)
    optimiser = torch.optim.Adam(network.parameters(), lr=1e-4, fused=device.type == "cuda")

    def step() -> None:
        optimiser.zero_grad(set_to_none=True)
        with torch.autocast(device.type, dtype=torch.bfloat16):
            output = forward(pictures)
        torch.autograd.backward((output.float() - labels).abs().mean())
        optimiser.step()

    return step


def measure(name: str, *, sizes: Sizes, rate: float, flops: int, device: torch.device) -> Measured:
    """Measure training without torch.compile, or with it if the name says so."""
    network = make_network(sizes, device)
    forward = torch.compile(network) if name == "torch.compile" else network
    step = training_step(network, forward, sizes, device)
    forget_peak(device)
    start = time.perf_counter()
    step()
    wait_for(device)
    first = time.perf_counter() - start
    seconds = seconds_per_call(step, sizes.steps, device)
    peak = peak_gb(device)
    images_per_second = sizes.batch / seconds
    return Measured(
        name=name,
        images_per_second=images_per_second,
        tflops=flops / seconds / 1e12,
        share_of_matrix_rate=flops / seconds / rate,
        peak_memory_gb=peak,
        first_step_seconds=first,
        projected_hours=N_NETWORKS * N_STEPS * PAPER_BATCH / images_per_second / 3600,
    )


def profile_rows(
    step: Callable[[], None], n_steps: int, device: torch.device
) -> list[tuple[str, float, float]]:
    """Return kernels (operations on a CPU) by time: name, milliseconds per step, share of the total."""
    on_gpu = device.type == "cuda"
    step()
    wait_for(device)
    activities = [ProfilerActivity.CPU] + ([ProfilerActivity.CUDA] if on_gpu else [])
    with profile(activities=activities) as profiler:
        for _ in range(n_steps):
            step()
        wait_for(device)
    times = [
        (event.key, float(event.self_device_time_total if on_gpu else event.self_cpu_time_total))
        for event in profiler.key_averages()
        # kernels are listed together with the operations that started them, and would count twice
        if event.device_type.name == "CPU" and not event.is_user_annotation
    ]
    whole = sum(microseconds for _, microseconds in times) or 1.0
    largest = sorted(times, key=lambda pair: -pair[1])[:15]
    return [(name, value / 1e3 / n_steps, value / whole) for name, value in largest]


def print_tables(
    results: list[Measured], rows: list[tuple[str, float, float]], *, rate: float, title: str, flops: int
) -> None:
    print(f"## {title}\n")
    print(f"Matrix rate: {rate / 1e12:.3g} TFLOP/s (bf16). One step: {flops / 1e12:.3g} TFLOP.")
    print(
        f"Hours: {N_NETWORKS} networks of {N_STEPS:,} steps of {PAPER_BATCH}. Goal: {GOAL:.0%} of the rate.\n"
    )
    print("| training | images/s | TFLOP/s | share of the rate | peak GB | first step | hours |")
    print("|---|---|---|---|---|---|---|")
    for row in results:
        peak = f"{row.peak_memory_gb:.3g}" if row.peak_memory_gb is not None else "–"
        print(
            f"| {row.name} | {row.images_per_second:.4g} | {row.tflops:.3g} | {row.share_of_matrix_rate:.1%} "
            f"| {peak} | {row.first_step_seconds:.3g} s | {row.projected_hours:.4g} |"
        )
    print("\n| where the time goes (without torch.compile) | ms a step | share |")
    print("|---|---|---|")
    for name, milliseconds, share in rows:
        print(f"| `{name[:90]}` | {milliseconds:.3g} | {share:.1%} |")


def run(sizes: Sizes, device: torch.device, json_file: Path | None) -> list[Measured]:
    """Measure, print a Markdown page and, if a file is given, write the numbers as JSON."""
    rate = matrix_rate(sizes.matrix_size, device)
    network = make_network(sizes, device)
    step = training_step(network, network, sizes, device)
    flops = flops_of(step)
    rows = profile_rows(step, min(5, sizes.steps), device)
    del network, step
    names = ["eager", "torch.compile"] if sizes.is_compiled_too else ["eager"]
    results = [measure(name, sizes=sizes, rate=rate, flops=flops, device=device) for name in names]
    device_name = name_of(device)
    side = sizes.image_size
    title = f"{device_name}: {sizes.encoder}, {side}×{side}, batch {sizes.batch}, torch {torch.__version__}"
    print_tables(results, rows, rate=rate, title=title, flops=flops)
    if json_file:
        page = {
            "device": device_name,
            "torch": torch.__version__,
            "sizes": asdict(sizes),
            "matrix_tflops": rate / 1e12,
            "step_tflop": flops / 1e12,
            "training": [asdict(result) for result in results],
            "profile": [dict(zip(("name", "ms_per_step", "share"), row, strict=True)) for row in rows],
        }
        json_file.write_text(json.dumps(page, indent=2))
    return results


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--size", type=int, default=256, help="image side in pixels")
    parser.add_argument("--batch", type=int, default=32, help="images per step")
    parser.add_argument("--steps", type=int, default=30, help="steps to measure")
    parser.add_argument("--json", type=Path, help="file for the numbers")
    parser.add_argument("--no-compile", action="store_true", help="skip torch.compile")
    parser.add_argument("--dry-run", action="store_true", help="the small network at a tiny size, on the CPU")
    given = parser.parse_args()
    if given.dry_run:
        sizes = Sizes(image_size=32, batch=2, steps=1, matrix_size=64, is_compiled_too=False, encoder="small")
        run(sizes, torch.device("cpu"), given.json)
        return
    device = gpu_or_error(parser)
    sizes = Sizes(
        image_size=given.size, batch=given.batch, steps=given.steps, is_compiled_too=not given.no_compile
    )
    run(sizes, device, given.json)


if __name__ == "__main__":
    main()
