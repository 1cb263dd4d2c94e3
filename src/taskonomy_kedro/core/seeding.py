"""Seeds and random streams: each from the run's seed and its purpose alone (`rooms` has its own)."""

import hashlib
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import torch

_BITS = 63  # torch takes seeds below 2**63 on every platform


def seed_for(seed: int, *purpose: str) -> int:
    """Return a seed that depends on the run's seed and the purpose alone.

    Args:
        seed: Seed of the run.
        *purpose: What it is for, such as the role and the task: `("weights", "normal")`. Which other
            tasks there are has no influence.

    Returns:
        An integer in [0, 2**63).
    """
    text = "/".join((str(seed), *purpose))
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:8]) >> (64 - _BITS)


def generator_for(seed: int, *purpose: str) -> "torch.Generator":
    """Return a generator on the CPU, seeded with `seed_for` the same arguments."""
    import torch

    return torch.Generator().manual_seed(seed_for(seed, *purpose))


def image_rng(seed: int, image_id: str, purpose: str) -> np.random.Generator:
    """Return the random stream of one image, list of pairs or table for one purpose.

    It depends on the three arguments alone, not on the process or on earlier draws.

    Args:
        seed: Seed of the run, >= 0.
        image_id: Such as `room_00003/4/1`; a list of pairs uses the name of its split.
        purpose: Such as `denoising`; streams of different purposes are independent.

    Raises:
        ValueError: A negative seed.
    """
    if seed < 0:
        raise ValueError(f"the seed must be at least 0, got {seed}")
    key = f"{seed}\x1f{purpose}\x1f{image_id}".encode()
    digest = hashlib.blake2b(key, digest_size=16).digest()
    return np.random.default_rng(int.from_bytes(digest, "little"))
