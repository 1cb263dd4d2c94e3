"""Shared by the GPU scripts: synchronisation, operation counts, the matrix rate. Needs only torch."""

import argparse
import time
from collections.abc import Callable

import torch
from torch.utils.flop_counter import FlopCounterMode

PAPER_BATCH = 32
GOAL = 0.4  # share of the matrix rate


def wait_for(device: torch.device) -> None:
    if device.type == "cuda":
        torch.cuda.synchronize(device)


def seconds_per_call(work: Callable[[], object], n: int, device: torch.device) -> float:
    """Return the mean seconds of n calls, after n / 3 calls for warming up."""
    for _ in range(max(1, n // 3)):
        work()
    wait_for(device)
    start = time.perf_counter()
    for _ in range(n):
        work()
    wait_for(device)
    return (time.perf_counter() - start) / n


def matrix_rate(size: int, device: torch.device) -> float:
    """Return the floating-point operations per second of a large bf16 matrix product."""
    left, right = (torch.randn(size, size, device=device).to(torch.bfloat16) for _ in range(2))
    return 2 * size**3 / seconds_per_call(lambda: left @ right, 20, device)


def flops_of(step: Callable[[], None]) -> int:
    """Return the floating-point operations of convolutions and products in one step, forward and backward."""
    with FlopCounterMode(display=False) as counter:
        step()
    return int(counter.get_total_flops())


def forget_peak(device: torch.device) -> None:
    """Reset `peak_gb`."""
    if device.type == "cuda":
        torch.cuda.reset_peak_memory_stats(device)


def peak_gb(device: torch.device) -> float | None:
    """Return the peak memory of the GPU since `forget_peak`; None on a CPU."""
    return torch.cuda.max_memory_allocated(device) / 1024**3 if device.type == "cuda" else None


def name_of(device: torch.device) -> str:
    return torch.cuda.get_device_name(device) if device.type == "cuda" else "processor"


def gpu_or_error(parser: argparse.ArgumentParser, name: str = "cuda") -> torch.device:
    """Return the device of a name, ready for measuring; exit with a message if it does not exist."""
    device = torch.device(name)
    if device.type == "cuda":
        if not torch.cuda.is_available():
            parser.error("no GPU was found; --dry-run tries the script on the processor")
        torch.backends.cudnn.benchmark = True
    return device
