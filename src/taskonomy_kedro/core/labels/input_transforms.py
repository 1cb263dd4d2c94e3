"""What is done to an image before a network sees it: noise, lightness, a hole, shuffled tiles."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from taskonomy_kedro.core.tasks import Task


class InputTransform:
    """Leaves images as they are; each subclass is one transform, with one entry in `TRANSFORMS`.

    Attributes:
        is_plain: Whether networks see images in colour, whole and without noise.
        has_tile_size: Whether what they see has the size of a tile.
    """

    is_plain: bool = True
    has_tile_size: bool = False

    def picture_size(self, image_size: int, tile_size: int | None) -> int:
        """Return the pixels a side of what the network sees."""
        return tile_size or image_size if self.has_tile_size else image_size

    def pictures(
        self, rgb: np.ndarray, image_ids: Sequence[str], *, seed: int, tile_size: int | None
    ) -> np.ndarray | None:
        """Return inputs that are costly to compute, to be held; None if `rgb` is enough.

        Args:
            rgb: (n, H, W, 3) uint8.
            image_ids: n ids.
            seed: Seed of the run.
            tile_size: Pixels a side of a tile; the image's if None.

        Returns:
            (n, [9,] channels, H, W) float32 in [-1, 1].
        """
        return None

    def blank(self, pictures: Any) -> None:
        """Blank parts of pictures (..., H, W), an array or a tensor, in place."""

    def labels(self, image_ids: Sequence[str], *, seed: int) -> np.ndarray | None:
        """Return the labels (n,) int64 that the transform itself gives; None if it gives none."""
        return None

    def view(self, rgb: np.ndarray, image_id: str, *, seed: int) -> tuple[np.ndarray, str]:
        """Return the input as a picture (H, W, 3) uint8, and its caption."""
        return rgb, f"{rgb.shape[0]} px"

    def draw_input(self, rgb: np.ndarray, image_id: str, size: int, *, seed: int) -> np.ndarray:
        """Draw the input, with a caption."""
        from taskonomy_kedro.core.labels.drawing.pixels import draw_image

        view, text = self.view(rgb, image_id, seed=seed)
        return draw_image(view, size, text)

    def draw_label(self, rgb: np.ndarray, image_id: str, size: int, *, seed: int) -> np.ndarray:
        """Draw the label that an image gives of itself, beside its input."""
        from taskonomy_kedro.core.labels.drawing.self_made import draw_whole_image

        return draw_whole_image(rgb, size)

    def draw_answer(
        self, rgb: np.ndarray, image_id: str, size: int, *, seed: int, predicted: int | None = None
    ) -> np.ndarray | None:
        """Draw such a label alone, or the class that was predicted; None if the label's kind decides."""
        return None


class Noise(InputTransform):
    """Adds noise: denoising."""

    is_plain = False

    def pictures(
        self, rgb: np.ndarray, image_ids: Sequence[str], *, seed: int, tile_size: int | None
    ) -> np.ndarray:
        """Return noisy pictures."""
        from taskonomy_kedro.core.labels.self_supervised import noisy_picture

        return noisy_picture(rgb, image_ids, seed=seed)

    def view(self, rgb: np.ndarray, image_id: str, *, seed: int) -> tuple[np.ndarray, str]:
        """Return the noisy picture."""
        from taskonomy_kedro.core.labels.drawing.self_made import noisy_view

        return noisy_view(rgb, image_id, seed=seed), "noise added"

    def draw_label(self, rgb: np.ndarray, image_id: str, size: int, *, seed: int) -> np.ndarray:
        """Draw half the noisy input beside half the clean label."""
        from taskonomy_kedro.core.labels.drawing.self_made import draw_denoising

        return draw_denoising(rgb, image_id, size, seed=seed)

    def draw_answer(
        self, rgb: np.ndarray, image_id: str, size: int, *, seed: int, predicted: int | None = None
    ) -> np.ndarray:
        """Draw the clean image."""
        from taskonomy_kedro.core.labels.drawing.pixels import draw_image

        return draw_image(rgb, size, "clean")


class Lightness(InputTransform):
    """Keeps the lightness: colorization."""

    is_plain = False

    def pictures(
        self, rgb: np.ndarray, image_ids: Sequence[str], *, seed: int, tile_size: int | None
    ) -> np.ndarray:
        """Return the lightness."""
        from taskonomy_kedro.core.labels.colors import lightness

        return lightness(rgb)

    def view(self, rgb: np.ndarray, image_id: str, *, seed: int) -> tuple[np.ndarray, str]:
        """Return the lightness as grey."""
        from taskonomy_kedro.core.labels.drawing.self_made import lightness_view

        return lightness_view(rgb), "lightness"


class Hole(InputTransform):
    """Blanks the middle: in-painting."""

    is_plain = False

    def blank(self, pictures: Any) -> None:
        """Set the middle quarter of pictures (..., H, W) to 0."""
        height, width = pictures.shape[-2:]
        pictures[..., height // 4 : 3 * height // 4, width // 4 : 3 * width // 4] = 0.0

    def view(self, rgb: np.ndarray, image_id: str, *, seed: int) -> tuple[np.ndarray, str]:
        """Return the picture with its hole."""
        from taskonomy_kedro.core.labels.drawing.self_made import holed_view

        return holed_view(rgb), "middle left out"

    def draw_label(self, rgb: np.ndarray, image_id: str, size: int, *, seed: int) -> np.ndarray:
        """Draw the input with its hole."""
        from taskonomy_kedro.core.labels.drawing.self_made import draw_inpainting

        return draw_inpainting(rgb, size)

    def draw_answer(
        self, rgb: np.ndarray, image_id: str, size: int, *, seed: int, predicted: int | None = None
    ) -> np.ndarray:
        """Draw the whole image."""
        from taskonomy_kedro.core.labels.drawing.pixels import draw_image

        return draw_image(rgb, size, "whole")


class Tiles(InputTransform):
    """Cuts an image into nine shuffled tiles: jigsaw."""

    is_plain = False
    has_tile_size = True

    def pictures(
        self, rgb: np.ndarray, image_ids: Sequence[str], *, seed: int, tile_size: int | None
    ) -> np.ndarray:
        """Return the tiles."""
        from taskonomy_kedro.core.labels.self_supervised import shuffled_tiles

        return shuffled_tiles(rgb, image_ids, seed=seed, size=tile_size)[0]

    def labels(self, image_ids: Sequence[str], *, seed: int) -> np.ndarray:
        """Return the number of each permutation."""
        from taskonomy_kedro.core.labels.self_supervised import tile_classes

        return tile_classes(image_ids, seed=seed)

    def draw_input(self, rgb: np.ndarray, image_id: str, size: int, *, seed: int) -> np.ndarray:
        """Draw the shuffled tiles with the numbers of their cells."""
        from taskonomy_kedro.core.labels.drawing.self_made import draw_jigsaw

        return draw_jigsaw(rgb, image_id, size, seed=seed)

    draw_label = draw_input

    def draw_answer(
        self, rgb: np.ndarray, image_id: str, size: int, *, seed: int, predicted: int | None = None
    ) -> np.ndarray:
        """Draw the tiles put back."""
        from taskonomy_kedro.core.labels.drawing.self_made import draw_solved_jigsaw

        return draw_solved_jigsaw(rgb, image_id, size, seed=seed, predicted=predicted)


TRANSFORMS: dict[str, InputTransform] = {
    "none": InputTransform(),
    "noise": Noise(),
    "lightness": Lightness(),
    "hole": Hole(),
    "tiles": Tiles(),
}
"""By the name that `Reads.transform` of a task has."""


def transform_of(task: Task) -> InputTransform:
    """Return what is done to the images of a task."""
    return TRANSFORMS[task.reads.transform]
