"""What one picture of a label is drawn from."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from taskonomy_kedro.core.errors import UserError
from taskonomy_kedro.core.labels.point_info import PointInfo


@dataclass(frozen=True, kw_only=True, eq=False)
class LabelExample:
    """The image, pair or triplet that a task reads for one label, in stored form.

    Attributes:
        image_ids: One id for each image, in the order in which the task reads them.
        stored: For each image its stored arrays by domain, `rgb` among them; a domain that the image
            lacks is omitted.
        point_infos: For each image where the camera stood; empty where that is not known.
        is_match: Whether a pair shows one point; None where it is no pair for matching.

    Raises:
        UserError: Not as many arrays or facts as ids, or an image without `rgb`; the message says which.
    """

    image_ids: tuple[str, ...]
    stored: tuple[Mapping[str, np.ndarray], ...]
    point_infos: tuple[PointInfo, ...] = ()
    is_match: bool | None = None

    def __post_init__(self) -> None:
        count = len(self.image_ids)
        if not count:
            raise UserError("a label to draw needs at least one image, got no image id")
        if len(self.stored) != count or len(self.point_infos) not in (0, count):
            raise UserError(
                f"{', '.join(self.image_ids)}: expected stored arrays and facts of {count} images, "
                f"got {len(self.stored)} and {len(self.point_infos)}"
            )
        for image_id, arrays in zip(self.image_ids, self.stored, strict=True):
            if "rgb" not in arrays:
                raise UserError(f"{image_id}: the image itself, domain 'rgb', is missing")

    @property
    def pictures(self) -> tuple[np.ndarray, ...]:
        """The images themselves, each (H, W, 3) uint8."""
        return tuple(arrays["rgb"] for arrays in self.stored)
