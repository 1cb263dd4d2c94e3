"""What an image carries in stored form: the form in which a data set directory holds it.

Rooms and real directories both end here; only `targets` turns stored form into what is learned.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np

from taskonomy_kedro.core.labels.point_info import PointInfo
from taskonomy_kedro.core.tasks import Task, nearest_name_hint

DomainKind = Literal["image", "ids", "vector", "number"]


@dataclass(frozen=True, kw_only=True)
class Domain:
    """How one kind of label is stored.

    Attributes:
        name: Name of the folder in the data set.
        dtype: Type of the numbers.
        kind: `image` is resized smoothly, `ids` by the nearest neighbour, `vector` has no pixels,
            `number` is a single one.
        channels: 0 for a grey image (H, W); 3 for (H, W, 3); a vector has as many as there are classes.
        missing: What fills the array of an image that lacks the label.
    """

    name: str
    dtype: np.dtype
    kind: DomainKind = "image"
    channels: int = 0
    missing: float = 0.0

    def shape(self, image_size: int, n_classes: int = 0) -> tuple[int, ...]:
        """Return the shape of one image's array."""
        if self.kind == "vector":
            return (n_classes,)
        if self.kind == "number":
            return ()
        return (image_size, image_size, *([self.channels] if self.channels else []))

    def empty(self, image_size: int, n_classes: int = 0) -> np.ndarray:
        """Return the array of an image that lacks this label."""
        return np.full(self.shape(image_size, n_classes), self.missing, dtype=self.dtype)


_U8, _U16, _F32 = np.dtype(np.uint8), np.dtype(np.uint16), np.dtype(np.float32)

STORED_DOMAINS: dict[str, Domain] = {
    domain.name: domain
    for domain in (
        Domain(name="rgb", dtype=_U8, channels=3),
        Domain(name="mask_valid", dtype=_U8),
        Domain(name="depth_zbuffer", dtype=_U16, missing=65535),
        Domain(name="depth_euclidean", dtype=_U16, missing=65535),
        Domain(name="normal", dtype=_U8, channels=3, missing=128),
        Domain(name="principal_curvature", dtype=_U8, channels=3),
        Domain(name="edge_texture", dtype=_U16),
        Domain(name="edge_occlusion", dtype=_U16),
        Domain(name="keypoints2d", dtype=_U16),
        Domain(name="keypoints3d", dtype=_U16),
        Domain(name="reshading", dtype=_U8),
        Domain(name="segment_unsup2d", dtype=_U8, kind="ids"),
        Domain(name="segment_unsup25d", dtype=_U8, kind="ids"),
        Domain(name="segment_semantic", dtype=_U8, kind="ids"),
        Domain(name="class_object", dtype=_F32, kind="vector", missing=float("nan")),
        Domain(name="class_scene", dtype=_F32, kind="vector", missing=float("nan")),
    )
}
"""The stored label arrays by name; `point_info` goes beside them as `PointInfo`."""


def custom_domain(task: Task) -> Domain:
    """Return how the label of a user's own task is stored."""
    label, name = task.label, task.domains[0]
    wide = _U16 if label.file_bits == 16 else _U8
    if label.kind == "regression_map":
        return Domain(name=name, dtype=wide, channels=0 if label.size == 1 else 3)
    if label.kind == "class_map":
        return Domain(name=name, dtype=wide, kind="ids")
    if label.kind == "vector":
        return Domain(name=name, dtype=_F32, kind="vector", missing=float("nan"))
    return Domain(name=name, dtype=np.dtype(np.int64), kind="number", missing=-1)


def stored_domains(tasks: Mapping[str, Task]) -> dict[str, Domain]:
    """Return `STORED_DOMAINS` and those that the own tasks of a task dictionary bring."""
    own = [custom_domain(task) for task in tasks.values() if task.is_custom]
    return STORED_DOMAINS | {domain.name: domain for domain in own}


def image_id_of(building: str, point: int, view: int) -> str:
    """Return the id of an image: `building/point/view`."""
    return f"{building}/{point}/{view}"


@dataclass(frozen=True, kw_only=True, eq=False)
class StoredImage:
    """One image with all its labels in stored form.

    Attributes:
        image_id: `building/point/view`.
        building: The room or building; splits are by building.
        point: The point at the image centre.
        view: Counted within the point.
        domains: Arrays by name of `STORED_DOMAINS`, all of them; a user's own come on top.
        point_info: Where the camera stood; None for images of one's own without such facts.
        present: Names of the domains that the image really has; the others hold a filling.

    Raises:
        ValueError: An array is missing, or its type or shape is not the domain's; the message says
            which image and domain, wanted and got.
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
            raise ValueError(f"the image id must be {wanted_id!r}, got {self.image_id!r}")
        for name in self.present - set(self.domains):
            hint = nearest_name_hint(name, self.domains)
            raise ValueError(f"{self.image_id}: {name!r} is said to be present and is not there{hint}")
        if "rgb" not in self.domains:
            raise ValueError(f"{self.image_id}: the image itself, domain 'rgb', is missing")
        size = self.image_size
        for name, domain in STORED_DOMAINS.items():
            if name not in self.domains:
                raise ValueError(f"{self.image_id}: domain {name!r} is missing")
            array = self.domains[name]
            shape = domain.shape(size, array.shape[0] if array.ndim == 1 else 0)
            if array.shape != shape or array.dtype != domain.dtype:
                raise ValueError(
                    f"{self.image_id}: domain {name!r} must be {domain.dtype} of shape {shape}, "
                    f"got {array.dtype} of shape {array.shape}"
                )

    @property
    def image_size(self) -> int:
        """Pixels a side."""
        return int(self.domains["rgb"].shape[0])
