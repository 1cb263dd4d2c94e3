"""Hashes of content: 16 hexadecimal digits of SHA-256."""

import hashlib
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from torch import Tensor

_DIGITS = 16
_BLOCK = 1 << 22  # bytes


def text_hash(text: str) -> str:
    """Return a hash of a text."""
    return hashlib.sha256(text.encode()).hexdigest()[:_DIGITS]


def files_hash(paths: Iterable[Path]) -> str:
    """Return a hash of the names and bytes of some files, in order."""
    digest = hashlib.sha256()
    for path in paths:
        digest.update(path.name.encode())
        with path.open("rb") as file:
            while block := file.read(_BLOCK):
                digest.update(block)
    return digest.hexdigest()[:_DIGITS]


def array_hash(array: np.ndarray, labels: Iterable[str] = ()) -> str:
    """Return a hash of an array's type, shape and values, and of labels."""
    digest = hashlib.sha256(f"{array.dtype} {array.shape} {list(labels)}".encode())
    digest.update(np.ascontiguousarray(array).tobytes())
    return digest.hexdigest()[:_DIGITS]


def weights_hash(weights: "Mapping[str, Tensor]") -> str:
    """Return a hash of the names, types, shapes and values of all tensors."""
    import torch

    digest = hashlib.sha256()
    for name in sorted(weights):
        value = weights[name].detach().cpu().contiguous()
        digest.update(f"{name} {value.dtype} {tuple(value.shape)}".encode())
        digest.update(value.reshape(-1).view(torch.uint8).numpy().tobytes())
    return digest.hexdigest()[:_DIGITS]
