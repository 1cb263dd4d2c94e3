"""What is done to an image before a network sees it: noise, lightness, a hole, shuffled tiles."""

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np

from taskonomy_kedro.core.labels.label_example import LabelExample
from taskonomy_kedro.core.tasks import Task


class SelfMade(NamedTuple):
    """What is drawn of an image that is its own label.

    Attributes:
        rgb: (H, W, 3) uint8.
        image_id: Of the image.
        size: Pixels a side of the drawing.
        seed: Seed of the run, for noise and tiles.
    """

    rgb: np.ndarray
    image_id: str
    size: int
    seed: int

    @classmethod
    def of(cls, example: LabelExample, size: int, seed: int) -> "SelfMade":
        """Take the first image of an example."""
        return cls(example.pictures[0], example.image_ids[0], size, seed)


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

    def pictures(self, rgb: np.ndarray, ids: Sequence[str], seed: int, tile: int | None) -> np.ndarray | None:
        """Return inputs that are costly to compute, to be held; None if `rgb` is enough.

        Args:
            rgb: (n, H, W, 3) uint8.
            ids: n ids of images.
            seed: Seed of the run.
            tile: Pixels a side of a tile; the image's if None.

        Returns:
            (n, [9,] channels, H, W) float32 in [-1, 1].
        """
        return None

    def blank(self, pictures: Any) -> None:
        """Blank parts of pictures (..., H, W), an array or a tensor, in place."""

    def labels(self, image_ids: Sequence[str], *, seed: int) -> np.ndarray | None:
        """Return the labels (n,) int64 that the transform itself gives; None if it gives none."""
        return None

    def view(self, of: SelfMade) -> tuple[np.ndarray, str]:
        """Return the input as a picture (H, W, 3) uint8, and its caption."""
        return of.rgb, f"{of.rgb.shape[0]} px"

    def draw_input(self, of: SelfMade) -> np.ndarray:
        """Draw the input, with a caption."""
        from taskonomy_kedro.core.labels.drawing.pixels import draw_image

        view, text = self.view(of)
        return draw_image(view, of.size, text)

    def draw_label(self, of: SelfMade) -> np.ndarray:
        """Draw the label that an image gives of itself, beside its input."""
        from taskonomy_kedro.core.labels.drawing.pixels import draw_image

        return draw_image(of.rgb, of.size, "the image itself")

    def draw_answer(self, of: SelfMade, predicted: int | None = None) -> np.ndarray | None:
        """Draw such a label alone, or the class that was predicted; None if the label's kind decides."""
        return None


class Noise(InputTransform):
    """Adds noise: denoising."""

    is_plain = False

    def pictures(self, rgb: np.ndarray, ids: Sequence[str], seed: int, tile: int | None) -> np.ndarray:
        from taskonomy_kedro.core.labels.self_supervised import noisy_picture

        return noisy_picture(rgb, ids, seed=seed)

    def view(self, of: SelfMade) -> tuple[np.ndarray, str]:
        from taskonomy_kedro.core.labels.drawing.self_made import noisy_view

        return noisy_view(of.rgb, of.image_id, seed=of.seed), "noise added"

    def draw_label(self, of: SelfMade) -> np.ndarray:
        from taskonomy_kedro.core.labels.drawing.self_made import draw_denoising

        return draw_denoising(of.rgb, of.image_id, of.size, seed=of.seed)

    def draw_answer(self, of: SelfMade, predicted: int | None = None) -> np.ndarray:
        from taskonomy_kedro.core.labels.drawing.pixels import draw_image

        return draw_image(of.rgb, of.size, "clean")


class Lightness(InputTransform):
    """Keeps the lightness alone, grey: colorization."""

    is_plain = False

    def pictures(self, rgb: np.ndarray, ids: Sequence[str], seed: int, tile: int | None) -> np.ndarray:
        from taskonomy_kedro.core.labels.colors import lightness

        return lightness(rgb)

    def view(self, of: SelfMade) -> tuple[np.ndarray, str]:
        from taskonomy_kedro.core.labels.drawing.self_made import lightness_view

        return lightness_view(of.rgb), "lightness"


class Hole(InputTransform):
    """Sets the middle quarter to 0: in-painting."""

    is_plain = False

    def blank(self, pictures: Any) -> None:
        height, width = pictures.shape[-2:]
        pictures[..., height // 4 : 3 * height // 4, width // 4 : 3 * width // 4] = 0.0

    def view(self, of: SelfMade) -> tuple[np.ndarray, str]:
        from taskonomy_kedro.core.labels.drawing.self_made import holed_view

        return holed_view(of.rgb), "middle left out"

    def draw_label(self, of: SelfMade) -> np.ndarray:
        from taskonomy_kedro.core.labels.drawing.pixels import draw_image

        return draw_image(self.view(of)[0], of.size, "whole image wanted")

    def draw_answer(self, of: SelfMade, predicted: int | None = None) -> np.ndarray:
        from taskonomy_kedro.core.labels.drawing.pixels import draw_image

        return draw_image(of.rgb, of.size, "whole")


class Tiles(InputTransform):
    """Cuts an image into nine shuffled tiles, numbered by their cells: jigsaw."""

    is_plain = False
    has_tile_size = True

    def pictures(self, rgb: np.ndarray, ids: Sequence[str], seed: int, tile: int | None) -> np.ndarray:
        from taskonomy_kedro.core.labels.self_supervised import shuffled_tiles

        return shuffled_tiles(rgb, ids, seed=seed, size=tile)[0]

    def labels(self, image_ids: Sequence[str], *, seed: int) -> np.ndarray:
        """Return the number of each permutation."""
        from taskonomy_kedro.core.labels.self_supervised import tile_classes

        return tile_classes(image_ids, seed=seed)

    def draw_input(self, of: SelfMade) -> np.ndarray:
        from taskonomy_kedro.core.labels.drawing.self_made import draw_jigsaw

        return draw_jigsaw(of.rgb, of.image_id, of.size, seed=of.seed)

    draw_label = draw_input

    def draw_answer(self, of: SelfMade, predicted: int | None = None) -> np.ndarray:
        from taskonomy_kedro.core.labels.drawing.self_made import draw_solved_jigsaw

        return draw_solved_jigsaw(of.rgb, of.image_id, of.size, seed=of.seed, predicted=predicted)


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
