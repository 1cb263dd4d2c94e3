"""Measures the tournament and the eigenvector against a plain NumPy double loop.

Usage: python benchmarks/normalization.py [--quick]
"""

import argparse
import resource
import statistics
import time
from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from taskonomy_kedro.core.affinity import affinity_from_win_rates, play_tournament


def plain_double_loop(losses: NDArray[np.float32]) -> NDArray[np.float64]:
    """Return win rates by a plain double loop, the baseline."""
    n = len(losses)
    win_rates = np.empty((n, n))
    for i in range(n):
        for j in range(n):
            both = ~np.isnan(losses[i]) & ~np.isnan(losses[j])
            a, b = losses[i, both], losses[j, both]
            win_rates[i, j] = np.mean((a < b) + 0.5 * (a == b))
    return win_rates


def draw_losses(n_candidates: int, n_images: int, seed: int) -> NDArray[np.float32]:
    rng = np.random.default_rng(seed)
    losses = rng.random((n_candidates, n_images), dtype=np.float32) + rng.random(
        (n_candidates, 1), dtype=np.float32
    )
    losses[:, rng.random(n_images) < 0.01] = np.nan
    losses[0, 0] = 0.5  # one image that only one candidate has: the slower way of counting
    return losses


def normalise(losses: NDArray[np.float32]) -> NDArray[np.float64]:
    labels = [str(number) for number in range(len(losses))]
    return affinity_from_win_rates(play_tournament(losses, labels).win_rates)


def seconds_of(work: Callable[[], Any]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def time_all_targets(repeats: int) -> None:
    targets = [draw_losses(83, 17_000, seed) for seed in range(22)]
    ours = [seconds_of(lambda: [normalise(losses) for losses in targets]) for _ in range(repeats)]
    one = seconds_of(lambda: affinity_from_win_rates(plain_double_loop(targets[0])))
    median = statistics.median(ours)
    print(f"22 targets x 83 candidates x 17,000 images: {median:.2f} s (median of {repeats}; goal 3 s)")
    print(f"  plain double loop: {22 * one:.1f} s (22 times one target, {one:.2f} s)")
    print(f"  ratio {22 * one / median:.0f}")


def time_one_large_target() -> None:
    losses = draw_losses(1000, 17_000, seed=0)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    ours = seconds_of(lambda: normalise(losses))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024**2
    # the loop is quadratic in the candidates: a tenth of them costs a hundredth
    part = seconds_of(lambda: plain_double_loop(losses[:100]))
    print(f"1,000 candidates x 17,000 images: {ours:.1f} s (goal 60 s), peak {peak:.2f} GB (goal 1.5 GB), ")
    print(f"  of which {before / 1024**2:.2f} GB before; plain double loop: {100 * part:.0f} s")
    print(f"  (100 times that of 100 candidates, {part:.1f} s); ratio {100 * part / ours:.0f}")


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--quick", action="store_true", help="one repeat, without the large target")
    quick = parser.parse_args().quick
    time_all_targets(repeats=1 if quick else 5)
    if not quick:
        time_one_large_target()


if __name__ == "__main__":
    main()
