"""The only place where a seed is made: from the run's seed and what it is for."""

import hashlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import torch

_BITS = 63  # torch takes seeds below 2**63 on every platform


def seed_for(seed: int, *purpose: str) -> int:
    """Return a seed that depends on the run's seed and the purpose alone.

    Args:
        seed: Seed of the run.
        *purpose: What it is for, such as the role and the task: `("weights", "normal")`. What other
            tasks there are has no influence.

    Returns:
        A whole number in [0, 2**63).
    """
    text = "/".join((str(seed), *purpose))
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:8]) >> (64 - _BITS)


def generator_for(seed: int, *purpose: str) -> "torch.Generator":
    """Return a generator on the CPU under `seed_for` the same arguments."""
    import torch

    return torch.Generator().manual_seed(seed_for(seed, *purpose))
