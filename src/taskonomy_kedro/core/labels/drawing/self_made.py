"""Inputs and labels that an image gives of itself: noise, hole, colours, tiles."""

import warnings
from collections.abc import Iterable

import numpy as np
from skimage.color import lab2rgb, rgb2lab

from taskonomy_kedro.core.labels.colors import COLOR_BINS, color_bins, lightness
from taskonomy_kedro.core.labels.drawing.pixels import (
    Color,
    grey,
    halves,
    note_picture,
    resized,
    thinned,
    with_caption,
)
from taskonomy_kedro.core.labels.drawing.sketch import Sketch
from taskonomy_kedro.core.labels.pixel_range import to_bytes
from taskonomy_kedro.core.labels.self_supervised import (
    PERMUTATIONS,
    noisy_picture,
    picture_with_hole,
    shuffled_tiles,
)

_BADGE: Color = (30, 30, 30)
_RIGHT: Color = (20, 130, 70)
_WRONG: Color = (185, 45, 35)
_TILES_ACROSS = 3


def draw_denoising(rgb: np.ndarray, image_id: str, size: int, *, seed: int) -> np.ndarray:
    """Draw the left half of the noisy input beside the right half of the clean label."""
    noisy = noisy_view(rgb, image_id, seed=seed)
    return with_caption(halves(resized(noisy, size), resized(rgb, size)), "noisy | clean")


def noisy_view(rgb: np.ndarray, image_id: str, *, seed: int) -> np.ndarray:
    """Return the input of denoising as a picture (H, W, 3) uint8."""
    return _bytes(noisy_picture(rgb[None], [image_id], seed=seed)[0])


def holed_view(rgb: np.ndarray) -> np.ndarray:
    """Return the input of in-painting as a picture (H, W, 3) uint8."""
    return _bytes(picture_with_hole(rgb[None])[0])


def draw_colorization(rgb: np.ndarray, size: int) -> np.ndarray:
    """Draw half the grey input beside half of the image coloured by the label's bins."""
    light = lightness_view(rgb)
    return with_caption(halves(resized(light, size), resized(recolored(rgb), size)), "L | colors of bins")


def lightness_view(rgb: np.ndarray) -> np.ndarray:
    """Return the input of colorization as a picture (H, W, 3) uint8."""
    return grey((lightness(rgb[None])[0, 0] + 1.0) / 2.0)


def draw_colored(rgb: np.ndarray, ab: np.ndarray, size: int) -> np.ndarray:
    """Draw a whole image (H, W, 3) with its own lightness and colours (h, w, 2) of the Lab plane."""
    shrunk = resized(rgb, size) if rgb.shape[0] > size else rgb
    return with_caption(resized(with_colors(shrunk, ab), size), "colors of bins")


def recolored(rgb: np.ndarray) -> np.ndarray:
    """Return an image (H, W, 3) uint8 with its own lightness and the mean colours of its bins."""
    return with_colors(rgb, bin_colors(rgb))


def bin_colors(rgb: np.ndarray) -> np.ndarray:
    """Return the mean colours (H / 4, W / 4, 2) of an image's bins, a and b."""
    bins, weights = color_bins(rgb[None])
    means: np.ndarray = (COLOR_BINS[bins[0]] * weights[0, ..., None]).sum(axis=-2)
    return means


def with_colors(rgb: np.ndarray, ab: np.ndarray) -> np.ndarray:
    """Return an image (H, W, 3) uint8 with its own lightness and colours (h, w, 2) laid over it."""
    lab = rgb2lab(rgb)
    lab[..., 1:] = thinned(ab, rgb.shape[0])
    return _to_rgb(lab)


def draw_jigsaw(rgb: np.ndarray, image_id: str, size: int, *, seed: int) -> np.ndarray:
    """Draw the nine shuffled tiles, each with the number of the cell it comes from."""
    tiles, number = _tiles(rgb, image_id, size, seed=seed)
    order = PERMUTATIONS[number]
    board = _tile_board(tiles, range(len(order)), order, [_BADGE] * len(order), size)
    return with_caption(board, f"class {number} of {len(PERMUTATIONS)}")


def draw_solved_jigsaw(
    rgb: np.ndarray, image_id: str, size: int, *, seed: int, predicted: int | None = None
) -> np.ndarray:
    """Draw the tiles put back by a predicted permutation, or by the true one.

    Each has the number of the cell that it comes from, on green if it lies there again.
    """
    tiles, number = _tiles(rgb, image_id, size, seed=seed)
    order, places = PERMUTATIONS[number], PERMUTATIONS[number if predicted is None else predicted]
    is_right = order == places
    board = _tile_board(tiles, places, order, [_RIGHT if right else _WRONG for right in is_right], size)
    text = f"class {number}" if predicted is None else f"{predicted}: {is_right.sum()} of {len(order)} right"
    return with_caption(board, text)


def _tiles(rgb: np.ndarray, image_id: str, size: int, *, seed: int) -> tuple[np.ndarray, int]:
    """Return the tiles for a board of a size, (9, 3, side, side), and the number of their permutation."""
    side = size // _TILES_ACROSS - 1
    tiles, classes = shuffled_tiles(rgb[None], [image_id], seed=seed, size=side)
    return tiles[0], int(classes[0])


def _tile_board(
    tiles: np.ndarray, places: Iterable[int], numbers: Iterable[int], colors: Iterable[Color], size: int
) -> np.ndarray:
    """Lay tiles into the cells `places`, each with a number on a colour."""
    side = size // _TILES_ACROSS
    board = np.full((size, size, 3), 255, dtype=np.uint8)
    corners = [(place // _TILES_ACROSS * side, place % _TILES_ACROSS * side) for place in places]
    for (top, left), tile in zip(corners, tiles, strict=True):
        board[top : top + side - 1, left : left + side - 1] = _bytes(tile)
    sketch = Sketch(board)
    for (top, left), number, color in zip(corners, numbers, colors, strict=True):
        sketch.badge(str(number), (left, top), color, tall=max(7.0, size / 11))
    return sketch.finished()


def draw_random_projection(size: int) -> np.ndarray:
    """Say that there is nothing to learn."""
    return with_caption(note_picture(("untrained", "encoder:", "nothing to learn"), size), "")


def _bytes(channels_first: np.ndarray) -> np.ndarray:
    """Turn a network's input (3, H, W) in [-1, 1] into a picture (H, W, 3) uint8."""
    return to_bytes(np.moveaxis(channels_first, 0, -1))


def _to_rgb(lab: np.ndarray) -> np.ndarray:
    with warnings.catch_warnings():  # a mean colour may lie a little outside what a screen shows
        warnings.simplefilter("ignore", UserWarning)
        return np.rint(np.clip(lab2rgb(lab), 0.0, 1.0) * 255).astype(np.uint8)
