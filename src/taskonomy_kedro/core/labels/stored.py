"""What an image carries in stored form: the form in which a data set directory holds it.

Rooms and real directories both end here; only `targets` turns stored form into what is learned.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from taskonomy_kedro.core.errors import UserError
from taskonomy_kedro.core.labels.domains import STORED_DOMAINS, Domain
from taskonomy_kedro.core.labels.kinds import kind_of
from taskonomy_kedro.core.labels.point_info import PointInfo
from taskonomy_kedro.core.tasks import Task, nearest_name_hint

__all__ = ["STORED_DOMAINS", "Domain", "StoredImage", "image_id_of", "split_image_id", "stored_domains"]


def stored_domains(tasks: Mapping[str, Task]) -> dict[str, Domain]:
    """Return `STORED_DOMAINS` and those of the custom tasks of a task dictionary."""
    custom = [kind_of(task).domain(task) for task in tasks.values() if task.is_custom]
    return STORED_DOMAINS | {domain.name: domain for domain in custom}


def image_id_of(building: str, point: int, view: int) -> str:
    """Return the id of an image: `building/point/view`."""
    return f"{building}/{point}/{view}"


def split_image_id(image_id: str) -> tuple[str, int, int]:
    """Return the building, point and view of an id, the inverse of `image_id_of`."""
    building, point, view = image_id.rsplit("/", 2)
    return building, int(point), int(view)


@dataclass(frozen=True, kw_only=True, eq=False)
class StoredImage:
    """One image with all its labels in stored form.

    Attributes:
        image_id: `building/point/view`.
        building: The room or building; splits are by building.
        point: The point at the image centre.
        view: Counted within the point.
        domains: Arrays by name of `STORED_DOMAINS`, all of them, and those of custom tasks.
        point_info: Where the camera stood; None for custom images without such facts.
        present: Names of the domains that the image really has; the others hold a filling.

    Raises:
        UserError: An array is missing, or its type or shape is not the domain's; the message says
            which image and domain, what was expected and what came.
    """

    image_id: str
    building: str
    point: int
    view: int
    domains: Mapping[str, np.ndarray]
    point_info: PointInfo | None
    present: frozenset[str]

    def __post_init__(self) -> None:
        wanted_id = image_id_of(self.building, self.point, self.view)
        if self.image_id != wanted_id:
            raise UserError(f"the image id must be {wanted_id!r}, got {self.image_id!r}")
        for name in self.present - set(self.domains):
            hint = nearest_name_hint(name, self.domains)
            raise UserError(f"{self.image_id}: {name!r} is said to be present and is not there{hint}")
        if "rgb" not in self.domains:
            raise UserError(f"{self.image_id}: the image itself, domain 'rgb', is missing")
        size = self.image_size
        for name, domain in STORED_DOMAINS.items():
            if name not in self.domains:
                raise UserError(f"{self.image_id}: domain {name!r} is missing")
            array = self.domains[name]
            shape = domain.shape(size, array.shape[0] if array.ndim == 1 else 0)
            if array.shape != shape or array.dtype != domain.dtype:
                raise UserError(
                    f"{self.image_id}: domain {name!r} must be {domain.dtype} of shape {shape}, "
                    f"got {array.dtype} of shape {array.shape}"
                )

    @property
    def image_size(self) -> int:
        """Pixels a side."""
        return int(self.domains["rgb"].shape[0])
