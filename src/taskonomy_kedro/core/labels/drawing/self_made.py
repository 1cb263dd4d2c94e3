"""Inputs and labels that an image gives of itself: noise, hole, colours, tiles."""

import warnings

import numpy as np
from skimage.color import lab2rgb, rgb2lab

from taskonomy_kedro.core.labels.colors import COLOR_BINS, color_bins
from taskonomy_kedro.core.labels.drawing.pixels import grey, halves, note_picture, resized, with_caption
from taskonomy_kedro.core.labels.drawing.sketch import Sketch
from taskonomy_kedro.core.labels.self_supervised import (
    PERMUTATIONS,
    noisy_picture,
    picture_with_hole,
    shuffled_tiles,
)

_BADGE = (30, 30, 30)
_TILES_ACROSS = 3


def draw_whole_image(rgb: np.ndarray, size: int) -> np.ndarray:
    """Draw the image, which is its own label."""
    return with_caption(resized(rgb, size), "the image itself")


def draw_denoising(rgb: np.ndarray, image_id: str, size: int, *, seed: int) -> np.ndarray:
    """Draw the left half of the noisy input beside the right half of the clean label."""
    noisy = _bytes(noisy_picture(rgb[None], [image_id], seed=seed)[0])
    return with_caption(halves(resized(noisy, size), resized(rgb, size)), "noisy | clean")


def draw_inpainting(rgb: np.ndarray, size: int) -> np.ndarray:
    """Draw the input with its hole; the label is the whole image."""
    return with_caption(resized(_bytes(picture_with_hole(rgb[None])[0]), size), "whole image wanted")


def draw_colorization(rgb: np.ndarray, size: int) -> np.ndarray:
    """Draw half the grey input beside half of the image coloured by the label's bins."""
    light = grey(rgb2lab(rgb)[..., 0] / 100.0)
    return with_caption(halves(resized(light, size), resized(recolored(rgb), size)), "L | colors of bins")


def recolored(rgb: np.ndarray) -> np.ndarray:
    """Return an image (H, W, 3) uint8 with its own lightness and the mean colours of its bins."""
    bins, weights = color_bins(rgb[None])
    ab = (COLOR_BINS[bins[0]] * weights[0, ..., None]).sum(axis=-2)
    lab = rgb2lab(rgb)
    lab[..., 1:] = ab.repeat(rgb.shape[0] // ab.shape[0], axis=0).repeat(rgb.shape[1] // ab.shape[1], axis=1)
    return _to_rgb(lab)


def draw_jigsaw(rgb: np.ndarray, image_id: str, size: int, *, seed: int) -> np.ndarray:
    """Draw the nine shuffled tiles, each with the number of the cell it comes from."""
    side = size // _TILES_ACROSS
    tiles, classes = shuffled_tiles(rgb[None], [image_id], seed=seed, size=side - 1)
    order = PERMUTATIONS[classes[0]]
    board = np.full((size, size, 3), 255, dtype=np.uint8)
    corners = [(slot // _TILES_ACROSS * side, slot % _TILES_ACROSS * side) for slot in range(len(order))]
    for (top, left), tile in zip(corners, tiles[0], strict=True):
        board[top : top + side - 1, left : left + side - 1] = _bytes(tile)
    sketch = Sketch(board)
    for (top, left), cell in zip(corners, order, strict=True):
        sketch.badge(str(cell), (left, top), _BADGE, tall=max(7.0, size / 11))
    return with_caption(sketch.finished(), f"class {classes[0]} of {len(PERMUTATIONS)}")


def draw_random_projection(size: int) -> np.ndarray:
    """Say that there is nothing to learn."""
    return with_caption(note_picture(("untrained", "encoder:", "nothing to learn"), size), "")


def _bytes(channels_first: np.ndarray) -> np.ndarray:
    """Turn a network's input (3, H, W) in [-1, 1] into a picture (H, W, 3) uint8."""
    return np.rint((np.moveaxis(channels_first, 0, -1) + 1.0) * 127.5).astype(np.uint8)


def _to_rgb(lab: np.ndarray) -> np.ndarray:
    with warnings.catch_warnings():  # a mean colour may lie a little outside what a screen shows
        warnings.simplefilter("ignore", UserWarning)
        return np.rint(np.clip(lab2rgb(lab), 0.0, 1.0) * 255).astype(np.uint8)
