"""The random stream of each image, from the seed, the image's id and the purpose alone."""

import hashlib

import numpy as np


def image_rng(seed: int, image_id: str, purpose: str) -> np.random.Generator:
    """Return the random stream of one image, pair list or table for one purpose.

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
