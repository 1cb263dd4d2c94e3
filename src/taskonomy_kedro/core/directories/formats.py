"""What each folder of a Taskonomy directory holds: names, file suffixes, bit depths."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Literal

from taskonomy_kedro.core.tasks.naming import nearest_name_hint

Kind = Literal["colour", "grey", "depth", "ids", "mask", "vector", "number"]

FEWEST_BYTES = 100  # smaller class and semantic files stand for "no label"
N_SEMANTIC_IDS = 18
N_PLACES = 365
POINT_INFO = "point_info"
NONFIXATED_MATCHES = "nonfixated_matches"


@dataclass(frozen=True, kw_only=True)
class StoredFormat:
    """How one domain lies on disk and in stored form.

    Attributes:
        name: The domain; also its folder in the official download.
        kind: How it is decoded and resized. `colour` and `grey` are averaged, `depth` is averaged as
            a logarithm, `ids` take the nearest pixel, `mask` keeps only pixels known as a whole,
            `vector` is not an image, nor is `number`, a single whole one, -1 where not known.
        bits: Of the stored form, 8 or 16; float32 for `vector`, int64 for `number`.
        other_folders: Names that earlier versions of the data gave the folder.
        suffix: What stands after `_domain_` in an exported file, where it is not the name.
        may_be_narrower: An 8-bit file is widened where 16 bits are stored.
        averages_channels: A colour file is averaged where one channel is stored.
        n_ids: Ids at or above this one are refused; None takes any.
        length: Numbers of a vector; None where the files tell.
        is_custom: A user's own label, not the data set's.
        is_missing_when_tiny: A file of less than `FEWEST_BYTES` bytes stands for a missing label.
    """

    name: str
    kind: Kind
    bits: Literal[8, 16] = 8
    other_folders: tuple[str, ...] = ()
    suffix: str = ""
    may_be_narrower: bool = False
    averages_channels: bool = False
    n_ids: int | None = None
    length: int | None = None
    is_custom: bool = False
    is_missing_when_tiny: bool = False

    @property
    def n_channels(self) -> int:
        """Channels of the stored form; a vector and a number have none."""
        return {"colour": 3, "vector": 0, "number": 0}.get(self.kind, 1)

    @property
    def file_suffix(self) -> str:
        """What an exported file is called after `_domain_`."""
        return self.suffix or self.name

    @property
    def extensions(self) -> tuple[str, ...]:
        """File extensions that are read; the first is written."""
        if self.kind in ("vector", "number"):
            return (".npy",)
        return (".png", ".jpg", ".jpeg") if self.kind in ("colour", "grey") else (".png",)

    @property
    def folders(self) -> tuple[str, ...]:
        """All names the folder may have."""
        return (self.name, *self.other_folders)


def _table(*formats: StoredFormat) -> dict[str, StoredFormat]:
    return {form.name: form for form in formats}


FORMATS: dict[str, StoredFormat] = _table(
    StoredFormat(name="rgb", kind="colour"),
    StoredFormat(name="mask_valid", kind="mask", other_folders=("mask",)),
    StoredFormat(name="depth_zbuffer", kind="depth", bits=16, other_folders=("depth",)),
    StoredFormat(name="depth_euclidean", kind="depth", bits=16, other_folders=("mist",)),
    StoredFormat(name="normal", kind="colour"),
    StoredFormat(name="principal_curvature", kind="colour", other_folders=("curvature",)),
    StoredFormat(name="edge_texture", kind="grey", bits=16, other_folders=("edge2d",), may_be_narrower=True),
    StoredFormat(
        name="edge_occlusion", kind="grey", bits=16, other_folders=("edge", "edge3d"), may_be_narrower=True
    ),
    StoredFormat(
        name="keypoints2d",
        kind="grey",
        bits=16,
        other_folders=("keypoint2d", "keypoint_2d", "keypoint_unsup2d"),
        may_be_narrower=True,
    ),
    StoredFormat(
        name="keypoints3d",
        kind="grey",
        bits=16,
        other_folders=("keypoint", "keypoint3d", "keypoint_unsup25d"),
        may_be_narrower=True,
    ),
    StoredFormat(name="reshading", kind="grey", other_folders=("reshade",), averages_channels=True),
    StoredFormat(name="segment_unsup2d", kind="ids", other_folders=("segment2d",)),
    StoredFormat(name="segment_unsup25d", kind="ids", other_folders=("segment25d",)),
    StoredFormat(
        name="segment_semantic",
        kind="ids",
        other_folders=("segmentsemantic",),
        suffix="segmentsemantic",
        n_ids=N_SEMANTIC_IDS,
        is_missing_when_tiny=True,
    ),
    StoredFormat(
        name="class_object",
        kind="vector",
        other_folders=("softmax_1000", "softmax1000", "class_1000"),
        is_missing_when_tiny=True,
    ),
    StoredFormat(
        name="class_scene",
        kind="vector",
        other_folders=("places", "class_places"),
        suffix="class_places",
        is_missing_when_tiny=True,
    ),
)
ALL_DOMAINS = tuple(FORMATS)

# Folders of JSON files, and the names that earlier versions gave them.
JSON_FOLDERS: dict[str, tuple[str, ...]] = {
    POINT_INFO: (POINT_INFO, "points", "fixatedpose"),
    NONFIXATED_MATCHES: (NONFIXATED_MATCHES, "nonfixated", "nonfixatedpose"),
}


def chosen_formats(
    domains: Iterable[str], custom_formats: Collection[StoredFormat]
) -> dict[str, StoredFormat]:
    """Return the formats of the named domains, `rgb` always the first.

    Args:
        domains: Names of the table above, or of `custom_formats`.
        custom_formats: A user's own label folders.

    Raises:
        ValueError: A domain that neither knows, or a folder of one's own that takes a known name.
    """
    known = dict(FORMATS)
    for form in custom_formats:
        if form.name in FORMATS:
            raise ValueError(
                f"custom_formats names {form.name!r}, which is a domain of the data set; rename it"
            )
        known[form.name] = form
    chosen = {"rgb": known["rgb"]}
    for name in domains:
        if name in JSON_FOLDERS:
            continue
        if name not in known:
            raise ValueError(f"unknown domain {name!r}{nearest_name_hint(name, known)}")
        chosen[name] = known[name]
    return chosen
