"""Representations of every image by one encoder."""

import logging
import math
import time
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import torch

from taskonomy_kedro.core.disk import writing
from taskonomy_kedro.core.hashing import files_hash
from taskonomy_kedro.core.labels.colors import lightness
from taskonomy_kedro.core.labels.targets import picture
from taskonomy_kedro.core.networks.building import make_encoder
from taskonomy_kedro.core.networks.encoder import Encoder
from taskonomy_kedro.core.preparation.prepared import PreparedSplit
from taskonomy_kedro.core.tasks import Task
from taskonomy_kedro.core.training.device import Compute, choose_compute
from taskonomy_kedro.core.training.products import Representations, TrainedNetwork
from taskonomy_kedro.core.training.settings import ModelingSettings

_BATCH = 128  # images
_GREATEST = torch.finfo(torch.float16).max

logger = logging.getLogger(__name__)


def encode_splits(
    name: str,
    encoder: Encoder,
    splits: Mapping[str, PreparedSplit],
    *,
    compute: Compute,
    folder: Path,
) -> Representations:
    """Represent every image of some splits, written as they are computed.

    Args:
        name: Name of the source.
        encoder: Reads single pictures: whole, unshuffled images, in colour or lightness alone.
        splits: By name.
        compute: Where.
        folder: Takes a file `{split}.npy` for each split.

    Returns:
        Arrays (n_images, 8, h, w) float16 by split, memory-mapped; numbers beyond half precision are
        clipped to its range, with a warning.

    Raises:
        OSError: There is no space left.
    """
    with writing(folder):
        folder.mkdir(parents=True, exist_ok=True)
    encoder = encoder.to(compute.device, memory_format=torch.channels_last).eval()  # type: ignore[call-overload]
    start = time.monotonic()
    with compute.own_threads():
        arrays = {
            split_name: _encode(name, encoder, split, folder / f"{split_name}.npy", compute)
            for split_name, split in splits.items()
        }
    seconds = time.monotonic() - start
    n_images = sum(len(split) for split in splits.values())
    outcome = {
        "content": files_hash(sorted(folder / f"{split_name}.npy" for split_name in splits)),
        "seconds": seconds,
        "images_per_second": n_images / max(seconds, 1e-9),
        "shape": list(next(iter(arrays.values())).shape[1:]),
    }
    return Representations(task=name, outcome=outcome, arrays=arrays)


def _encode(name: str, encoder: Encoder, split: PreparedSplit, path: Path, compute: Compute) -> np.ndarray:
    cells = split.image_size // encoder.stride
    shape = (len(split), encoder.out_channels, cells, cells)
    header = {
        "descr": np.lib.format.dtype_to_descr(np.dtype(np.float16)),
        "fortran_order": False,
        "shape": shape,
    }
    n_cut = 0
    # a full disk fails a write; a store through a memory map it would kill
    with writing(path), path.open("wb") as file:
        np.lib.format.write_array_header_1_0(file, header)
        for start in range(0, len(split), _BATCH):
            rgb = np.asarray(split.arrays["rgb"][start : start + _BATCH])
            pictures = torch.from_numpy(lightness(rgb) if encoder.in_channels == 1 else picture(rgb))
            with torch.inference_mode(), compute.autocast():
                codes = encoder(pictures.to(compute.device))
            n_cut += int((codes.abs() > _GREATEST).sum())
            halves = codes.clamp(-_GREATEST, _GREATEST).half()
            file.write(halves.cpu().contiguous().numpy().tobytes())
    if n_cut:
        logger.warning(
            "representations by %s, split %s: %d of %d numbers are beyond half precision, clipped to %d; "
            "has the network been trained long enough?",
            name,
            path.stem,
            n_cut,
            math.prod(shape),
            _GREATEST,
        )
    array: np.ndarray = np.load(path, mmap_mode="r")
    return array


def represent_images(
    task: Task,
    settings: ModelingSettings,
    splits: Mapping[str, PreparedSplit],
    network: TrainedNetwork,
    folder: Path,
) -> Representations:
    """Represent the images of some splits by the encoder of a trained network.

    Args:
        task: Whose network.
        settings: Of the networks.
        splits: By name.
        network: The weights.
        folder: Takes the arrays.
    """
    if network.failure:
        return Representations(task=task.name, failure=network.failure)
    image_size = next(iter(splits.values())).image_size
    prefix = "encoder."
    weights = {key.removeprefix(prefix): v for key, v in network.weights.items() if key.startswith(prefix)}
    first = next(value for value in weights.values() if value.ndim == 4)
    # the released encoder of colorization may read three channels
    encoder = make_encoder(settings.network, in_channels=first.shape[1], image_size=image_size)
    encoder.load_state_dict(weights)
    compute = choose_compute(settings.compute)
    return encode_splits(task.name, encoder, splits, compute=compute, folder=folder)
