"""Losses per image of every candidate of one target, with both axes labelled."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from taskonomy_kedro.core.errors import UserError


@dataclass(frozen=True, kw_only=True)
class ImageLosses:
    """Loss of each candidate on each test image.

    Attributes:
        values: Loss, shape (n_candidates, n_images), float32, lower is better; NaN if a candidate
            has no loss for an image.
        transfer_ids: Label of each row, as `Candidate.transfer_id` writes it.
        image_ids: Label of each column.

    Raises:
        UserError: The labels do not fit the array, or one of them occurs twice.

    Example:
        >>> losses = ImageLosses(
        ...     values=np.array([[0.1, 0.4]], dtype=np.float32),
        ...     transfer_ids=("normal->reshading",),
        ...     image_ids=("room_00000/0/0", "room_00000/0/1"),
        ... )
        >>> losses.values.shape
        (1, 2)
    """

    values: NDArray[np.float32]
    transfer_ids: tuple[str, ...]
    image_ids: tuple[str, ...]

    def __post_init__(self) -> None:
        wanted = (len(self.transfer_ids), len(self.image_ids))
        if self.values.shape != wanted:
            raise UserError(
                f"losses of {wanted[0]} transfers on {wanted[1]} images have shape "
                f"{self.values.shape}, expected {wanted}"
            )
        for axis, labels in (("transfer", self.transfer_ids), ("image", self.image_ids)):
            if len(set(labels)) < len(labels):
                twice = next(label for label in labels if labels.count(label) > 1)
                raise UserError(f"the {axis} {twice!r} occurs twice")
