"""Inputs and labels that an image gives of itself: noise, a hole, shuffled tiles, drawn pixels.

Everything random depends on the seed and the image's id alone, see `core.seeding`.
"""

from collections.abc import Sequence

import numpy as np

from taskonomy_kedro.core.errors import UserError
from taskonomy_kedro.core.labels.input_transforms import TRANSFORMS
from taskonomy_kedro.core.labels.targets import picture
from taskonomy_kedro.core.seeding import image_rng

NOISE_SIGMA = 0.1
"""Of the noise on an image whose values lie in [0, 1]."""
N_TILES = 9
TILE_SHARE = 0.9
"""Side of the crop that becomes a tile, as a share of its cell's."""

_PERMUTATIONS_TEXT = """
652473180 013245678 104326857 230158746 321087465 467801523 548760231 785612304 876534012 012364587
103756824 234508761 325847016 451230678 548671302 670182435 786015243 867423150 013875264 104567382
230784516 341658027 428136705 562013478 657201843 785420631 876342150 014582673 105834267 236157084
342605718 480761532 571048326 623470851 758326140 867213405 012536784 103654827 230147658 321468570
456782013 574801236 685370142 748025361 067213485 812364507 104687253 230175648 341526870 453801726
586740132 728013465 675238014 867452301 021573648 102684753 210836574 358741260 435168027 573402816
647210385 786325401 864057132 152084763 280341576 374652810 027413685 435176028 516708234 608527341
843265107 761830452 120374658 582031764 013425876 201687543 345768012 476850321 764513280 837246105
658102437 210684753 025738164 103425876 354862017 678250431 437516208 581307642 762041385 846173520
067531284 153462807 201374658 318205476 426758031 540687312 782143560 834016725 675820143 270684153
"""

PERMUTATIONS: np.ndarray = np.array(
    [[int(digit) for digit in word] for word in _PERMUTATIONS_TEXT.split()], dtype=np.int64
)
"""(100, 9): row k has the cell, counted by rows, that each of the nine inputs shows for class k.

Source: the released set, docs/method.md, jigsaw.
"""
PERMUTATIONS.flags.writeable = False


def noisy_picture(rgb: np.ndarray, image_ids: Sequence[str], *, seed: int) -> np.ndarray:
    """Return the input of denoising.

    Args:
        rgb: (n, H, W, 3) uint8.
        image_ids: n ids.
        seed: Seed of the run.

    Returns:
        (n, 3, H, W) float32 in [-1, 1]: each image with Gaussian noise of sigma 0.1 of the full
        range added, cut off at black and white.
    """
    _check_ids(rgb, image_ids)
    out = picture(rgb)
    for k, image_id in enumerate(image_ids):
        noise = image_rng(seed, image_id, "denoising").standard_normal(out.shape[1:], dtype=np.float32)
        out[k] += noise * np.float32(2 * NOISE_SIGMA)
    return np.clip(out, -1.0, 1.0, out=out)


def picture_with_hole(rgb: np.ndarray) -> np.ndarray:
    """Return the input of in-painting: (n, 3, H, W) float32 in [-1, 1], the middle quarter set to 0."""
    out = picture(rgb)
    TRANSFORMS["hole"].blank(out)
    return out


def shuffled_tiles(
    rgb: np.ndarray, image_ids: Sequence[str], *, seed: int, size: int | None = None
) -> tuple[np.ndarray, np.ndarray]:
    """Return inputs and labels of the jigsaw task.

    Args:
        rgb: (n, H, W, 3) uint8, sides of at least 6 pixels.
        image_ids: n ids.
        seed: Seed of the run.
        size: Pixels a side of each tile as the network sees it; H if not given.

    Returns:
        Tiles (n, 9, 3, size, size) float32 in [-1, 1], and the rows of `PERMUTATIONS` that were
        drawn, (n,) int64. A tile is a crop at a random place of its cell, resized linearly.
    """
    _check_ids(rgb, image_ids)
    images = picture(rgb)
    cell = min(images.shape[2:]) // 3
    crop = max(1, int(TILE_SHARE * cell))
    side = size or images.shape[2]
    resize = _linear_resize(crop, side)
    tiles = np.empty((len(images), N_TILES, 3, side, side), dtype=np.float32)
    classes = np.empty(len(images), dtype=np.int64)
    for k, image_id in enumerate(image_ids):
        rng = image_rng(seed, image_id, "jigsaw")
        classes[k] = _drawn_class(rng)
        offsets = rng.integers(0, cell - crop + 1, size=(N_TILES, 2))
        for slot, source in enumerate(PERMUTATIONS[classes[k]]):
            top, left = offsets[source] + (source // 3 * cell, source % 3 * cell)
            tile = images[k, :, top : top + crop, left : left + crop]
            tiles[k, slot] = resize @ tile @ resize.T
    return tiles, classes


def tile_classes(image_ids: Sequence[str], *, seed: int) -> np.ndarray:
    """Return the labels alone that `shuffled_tiles` gives, (n,) int64."""
    rngs = (image_rng(seed, image_id, "jigsaw") for image_id in image_ids)
    return np.fromiter((_drawn_class(rng) for rng in rngs), dtype=np.int64, count=len(image_ids))


def sampled_pixels(
    image_ids: Sequence[str], n_pixels: int, *, seed: int, draw: int = 0, n_sampled: int
) -> np.ndarray:
    """Draw the pixels that the loss of the unsupervised segmentations compares.

    Args:
        image_ids: n ids.
        n_pixels: Pixels of an image, H x W.
        seed: Seed of the run.
        draw: Counts how often the image was seen, such as the epoch: other pixels each time.
        n_sampled: How many to draw; at most all of them.

    Returns:
        (n, n_sampled) int64 places in the flattened image, no place twice in a row.
    """
    count = min(n_sampled, n_pixels)
    out = np.empty((len(image_ids), count), dtype=np.int64)
    for k, image_id in enumerate(image_ids):
        rng = image_rng(seed, image_id, f"pixels {draw}")
        out[k] = rng.choice(n_pixels, size=count, replace=False, shuffle=False)
    return out


def _drawn_class(rng: np.random.Generator) -> int:
    return int(rng.integers(len(PERMUTATIONS)))


def _check_ids(rgb: np.ndarray, image_ids: Sequence[str]) -> None:
    if len(rgb) != len(image_ids):
        raise UserError(f"expected one id for each of {len(rgb)} images, got {len(image_ids)}")


def _linear_resize(source: int, target: int) -> np.ndarray:
    """Return the matrix (target, source) that resizes a line linearly, pixel centres kept in place."""
    places = np.clip((np.arange(target) + 0.5) * source / target - 0.5, 0, source - 1)
    low = np.minimum(places.astype(np.int64), max(source - 2, 0))
    share = (places - low).astype(np.float32)
    matrix = np.zeros((target, source), dtype=np.float32)
    rows = np.arange(target)
    matrix[rows, low] = 1 - share
    matrix[rows, np.minimum(low + 1, source - 1)] += share
    return matrix
