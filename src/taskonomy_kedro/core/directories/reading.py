"""Read one image with all its labels from its files into stored form."""

import json
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from taskonomy_kedro.core.directories.decoding import decode_image, decode_number, decode_vector
from taskonomy_kedro.core.directories.files import ImageFiles, ImageKey, UnreadableFileError, read_bytes
from taskonomy_kedro.core.directories.formats import (
    FEWEST_BYTES,
    POINT_INFO,
    StoredFormat,
)
from taskonomy_kedro.core.directories.index import DirectoryIndex
from taskonomy_kedro.core.directories.resizing import crop_square, resize, resize_known
from taskonomy_kedro.core.labels.point_info import PointInfo
from taskonomy_kedro.core.labels.quantise import GREATEST_VALID_DEPTH
from taskonomy_kedro.core.labels.stored import STORED_DOMAINS, StoredImage

GREATEST_SIZE = 1024


@dataclass(frozen=True, kw_only=True, eq=False)
class ReadingPlan:
    """What is to be made of the files of an image.

    Attributes:
        size: Pixels a side of the result.
        formats: Domains to read.
        vector_lengths: Numbers in each vector domain; a file with another number is refused.
    """

    size: int
    formats: Mapping[str, StoredFormat]
    vector_lengths: Mapping[str, int]

    def __post_init__(self) -> None:
        if not 1 <= self.size <= GREATEST_SIZE:
            raise ValueError(f"the image size must be between 1 and {GREATEST_SIZE}, got {self.size}")

    @classmethod
    def of(cls, index: DirectoryIndex, size: int) -> "ReadingPlan":
        """Return the plan that reads all domains of an index."""
        return cls(size=size, formats=index.formats, vector_lengths=index.vector_lengths)

    def filling(self, name: str) -> np.ndarray:
        """Return what stands for a missing label."""
        length = self.vector_lengths.get(name, 1)
        if name in STORED_DOMAINS:
            return STORED_DOMAINS[name].empty(self.size, length)
        return self.formats[name].empty(self.size, length)


def read_image(index: DirectoryIndex, key: ImageKey, *, size: int) -> StoredImage:
    """Read one image of an index.

    Args:
        index: From `index_directory`.
        key: Building, point and view.
        size: Pixels a side. Images that are not square lose what is beyond the middle square.

    Returns:
        All domains in stored form; those without a label hold a filling and are not `present`.
        `point_info` is None for images of one's own that have none.

    Raises:
        KeyError: The index has no such image.
        UnreadableFileError: A file is damaged, or has another bit depth, size or field than the
            data set's; the message names the file, what was wanted and what came.
    """
    return read_files(index.files(key), ReadingPlan.of(index, size))


def read_files(files: ImageFiles, plan: ReadingPlan) -> StoredImage:
    """Read the files of one image, each once; see `read_image`."""
    rgb = decode_image(read_bytes(files.paths["rgb"]), plan.formats["rgb"], files.paths["rgb"])
    domains = {"rgb": resize(crop_square(rgb), plan.formats["rgb"], plan.size)}
    known: np.ndarray | None = None
    for name, form in plan.formats.items():
        path = files.paths.get(name)
        if name == "rgb" or path is None:
            continue
        content = read_bytes(path)
        if form.is_missing_when_tiny and len(content) < FEWEST_BYTES:
            continue
        if form.kind == "vector":
            domains[name] = _vector(content, form, path, plan)
            continue
        if form.kind == "number":
            if (number := decode_number(content, form, path)) >= 0:
                domains[name] = number
            continue
        pixels = decode_image(content, form, path)
        if pixels.shape[:2] != rgb.shape[:2]:
            raise UnreadableFileError(path, _other_size(pixels, rgb, files.paths["rgb"]))
        square = crop_square(pixels)
        domains[name] = resize(square, form, plan.size)
        if name == "depth_zbuffer":
            known = resize_known(square < GREATEST_VALID_DEPTH, plan.size)
    if known is not None and "mask_valid" in plan.formats:
        domains["mask_valid"] = np.minimum(domains.get("mask_valid", known), known)
    present = frozenset(domains)
    for name in {**STORED_DOMAINS, **plan.formats}:
        if name not in present:
            domains[name] = plan.filling(name)
    point_info = _point_info(files.paths[POINT_INFO]) if POINT_INFO in files.paths else None
    building, point, view = files.key
    return StoredImage(
        image_id=files.key.image_id,
        building=building,
        point=point,
        view=view,
        domains=domains,
        point_info=point_info,
        present=present,
    )


def _vector(content: bytes, form: StoredFormat, path: str, plan: ReadingPlan) -> np.ndarray:
    vector = decode_vector(content, form, path)
    wanted = plan.vector_lengths.get(form.name, len(vector))
    if len(vector) != wanted:
        others = "the task wants" if form.is_custom else f"the others of {form.name} hold"
        remedy = "mend it or the task's `length`" if form.is_custom else "download it again"
        raise UnreadableFileError(path, f"holds {len(vector)} numbers; {others} {wanted}: {remedy}")
    return vector


def _other_size(pixels: np.ndarray, rgb: np.ndarray, rgb_path: str) -> str:
    (height, width), (rgb_height, rgb_width) = pixels.shape[:2], rgb.shape[:2]
    return (
        f"is {width}x{height} pixels; wanted {rgb_width}x{rgb_height} as {rgb_path}: "
        "download both again, they must come from the same collection"
    )


def _point_info(path: str) -> PointInfo:
    """Read the camera facts; whatever is wrong with them is told in one sentence."""
    content = read_bytes(path)
    try:
        record = json.loads(content)
    except ValueError as error:
        raise UnreadableFileError(path, f"is not JSON ({error}): download it again") from error
    try:
        return PointInfo.from_json(record, path=path)
    except (ValueError, TypeError, OverflowError) as error:
        reason = f"{str(error).removeprefix(f'{path}: ')}: download it again"
        raise UnreadableFileError(path, reason) from error
