"""The stored labels: how each domain lies on disk and in memory, in one table."""

from dataclasses import dataclass
from typing import Literal

import numpy as np

from taskonomy_kedro.core.labels.quantise import NO_DEPTH, NO_NORMAL

Kind = Literal["colour", "grey", "depth", "ids", "mask", "vector", "number"]


@dataclass(frozen=True, kw_only=True)
class Domain:
    """How one kind of label is stored, in files and as an array.

    Attributes:
        name: The domain; also its folder in the official download.
        kind: How it is decoded and resized. `colour` and `grey` are averaged, `depth` is averaged as
            a logarithm, `ids` take the nearest pixel, `mask` keeps only pixels known as a whole,
            `vector` is not an image, nor is `number`, a single integer, -1 if unknown.
        bits: Of the stored form, 8 or 16; float32 for `vector`, int64 for `number`.
        fill: What fills the pixels of a map that an image lacks.
        other_folders: Names of the folder in earlier versions of the data.
        suffix: Follows `_domain_` in the name of an exported file, if it is not the name.
        may_be_narrower: An 8-bit file is widened where 16 bits are stored.
        averages_channels: A colour file is averaged where one channel is stored.
        n_ids: Ids at or above this one are refused; None accepts any.
        length: Numbers of a vector; None if the files decide.
        is_custom: Of a custom task, not of the data set.
        is_missing_when_tiny: A file of a few bytes stands for a missing label.
    """

    name: str
    kind: Kind
    bits: Literal[8, 16] = 8
    fill: int = 0
    other_folders: tuple[str, ...] = ()
    suffix: str = ""
    may_be_narrower: bool = False
    averages_channels: bool = False
    n_ids: int | None = None
    length: int | None = None
    is_custom: bool = False
    is_missing_when_tiny: bool = False

    @property
    def dtype(self) -> np.dtype:
        """Type of the stored numbers."""
        of_kind = {"vector": np.float32, "number": np.int64}
        return np.dtype(of_kind.get(self.kind, np.uint16 if self.bits == 16 else np.uint8))

    @property
    def n_channels(self) -> int:
        """Channels of the stored form; a vector and a number have none."""
        return {"colour": 3, "vector": 0, "number": 0}.get(self.kind, 1)

    @property
    def file_suffix(self) -> str:
        """What follows `_domain_` in the name of an exported file."""
        return self.suffix or self.name

    @property
    def extensions(self) -> tuple[str, ...]:
        """File extensions that are read; the first is written."""
        if self.n_channels == 0:
            return (".npy",)
        return (".png", ".jpg", ".jpeg") if self.kind in ("colour", "grey") else (".png",)

    @property
    def folders(self) -> tuple[str, ...]:
        """All names the folder may have."""
        return (self.name, *self.other_folders)

    def shape(self, image_size: int, length: int = 0) -> tuple[int, ...]:
        """Return the shape of one image's array: (H, W, 3) of colours, (length,), (), or (H, W)."""
        shapes = {"colour": (image_size, image_size, 3), "vector": (length,), "number": ()}
        return shapes.get(self.kind, (image_size, image_size))

    def empty(self, image_size: int, length: int = 0) -> np.ndarray:
        """Return the array of an image that lacks this label: nan in a vector, -1 as a number."""
        fill = {"vector": np.nan, "number": -1}.get(self.kind, self.fill)
        return np.full(self.shape(image_size, length), fill, dtype=self.dtype)


STORED_DOMAINS: dict[str, Domain] = {
    domain.name: domain
    for domain in (
        Domain(name="rgb", kind="colour"),
        Domain(name="mask_valid", kind="mask", other_folders=("mask",)),
        Domain(name="depth_zbuffer", kind="depth", bits=16, fill=NO_DEPTH, other_folders=("depth",)),
        Domain(name="depth_euclidean", kind="depth", bits=16, fill=NO_DEPTH, other_folders=("mist",)),
        Domain(name="normal", kind="colour", fill=NO_NORMAL),
        Domain(name="principal_curvature", kind="colour", other_folders=("curvature",)),
        Domain(name="edge_texture", kind="grey", bits=16, other_folders=("edge2d",), may_be_narrower=True),
        Domain(
            name="edge_occlusion",
            kind="grey",
            bits=16,
            other_folders=("edge", "edge3d"),
            may_be_narrower=True,
        ),
        Domain(
            name="keypoints2d",
            kind="grey",
            bits=16,
            other_folders=("keypoint2d", "keypoint_2d", "keypoint_unsup2d"),
            may_be_narrower=True,
        ),
        Domain(
            name="keypoints3d",
            kind="grey",
            bits=16,
            other_folders=("keypoint", "keypoint3d", "keypoint_unsup25d"),
            may_be_narrower=True,
        ),
        Domain(name="reshading", kind="grey", other_folders=("reshade",), averages_channels=True),
        Domain(name="segment_unsup2d", kind="ids", other_folders=("segment2d",)),
        Domain(name="segment_unsup25d", kind="ids", other_folders=("segment25d",)),
        Domain(
            name="segment_semantic",
            kind="ids",
            other_folders=("segmentsemantic",),
            suffix="segmentsemantic",
            n_ids=18,
            is_missing_when_tiny=True,
        ),
        Domain(
            name="class_object",
            kind="vector",
            other_folders=("softmax_1000", "softmax1000", "class_1000"),
            is_missing_when_tiny=True,
        ),
        Domain(
            name="class_scene",
            kind="vector",
            other_folders=("places", "class_places"),
            suffix="class_places",
            is_missing_when_tiny=True,
        ),
    )
}
"""The stored label arrays by name; `point_info` goes beside them as `PointInfo`."""
