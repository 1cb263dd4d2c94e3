"""Read one image with all its labels from its files into stored form."""

import json
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from taskonomy_kedro.core.directories.data_format import DataFormat
from taskonomy_kedro.core.directories.files import ImageFiles, ImageKey, UnreadableFileError, read_bytes
from taskonomy_kedro.core.directories.formats import POINT_INFO
from taskonomy_kedro.core.directories.index import DirectoryIndex
from taskonomy_kedro.core.directories.resizing import crop_square, resize, resize_known
from taskonomy_kedro.core.errors import UserError
from taskonomy_kedro.core.labels.domains import Domain
from taskonomy_kedro.core.labels.point_info import PointInfo
from taskonomy_kedro.core.labels.quantise import GREATEST_VALID_DEPTH
from taskonomy_kedro.core.labels.stored import STORED_DOMAINS, StoredImage

GREATEST_SIZE = 1024


@dataclass(frozen=True, kw_only=True, eq=False)
class ReadingPlan:
    """How the files of an image are read.

    Attributes:
        size: Pixels a side of the result.
        data_format: How files are decoded.
        formats: Domains to read.
        vector_lengths: Numbers in each vector domain; a file with another number is refused.
    """

    size: int
    data_format: DataFormat
    formats: Mapping[str, Domain]
    vector_lengths: Mapping[str, int]

    def __post_init__(self) -> None:
        if not 1 <= self.size <= GREATEST_SIZE:
            raise UserError(f"the image size must be between 1 and {GREATEST_SIZE}, got {self.size}")

    @classmethod
    def of(cls, index: DirectoryIndex, size: int) -> "ReadingPlan":
        """Return the plan that reads all domains of an index."""
        return cls(
            size=size,
            data_format=index.data_format,
            formats=index.formats,
            vector_lengths=index.vector_lengths,
        )

    def filling(self, name: str) -> np.ndarray:
        """Return the array of a missing label."""
        length = self.vector_lengths.get(name, 1)
        if name in STORED_DOMAINS:
            return STORED_DOMAINS[name].empty(self.size, length)
        return self.formats[name].empty(self.size, length)


def read_image(index: DirectoryIndex, key: ImageKey, *, size: int) -> StoredImage:
    """Read one image of an index.

    Args:
        index: From `index_directory`.
        key: Building, point and view.
        size: Pixels a side. Images that are not square are cropped to the middle square.

    Returns:
        All domains in stored form; those without a label are filled and are not `present`.
        `point_info` is None if the image has no such file.

    Raises:
        KeyError: The index has no such image.
        UnreadableFileError: A file is damaged, or has another bit depth, size or field than the
            data set's; the message has the file, what was expected and what came.
    """
    return read_files(index.files(key), ReadingPlan.of(index, size))


def read_files(files: ImageFiles, plan: ReadingPlan) -> StoredImage:
    """Read the files of one image, each once; see `read_image`."""
    domains: dict[str, np.ndarray] = {}
    known: np.ndarray | None = None
    rgb_shape: tuple[int, ...] = ()
    for name, form in plan.formats.items():  # `rgb` is the first
        path = files.paths.get(name)
        label = None if path is None else plan.data_format.decode(read_bytes(path), form, path)
        if path is None or label is None:
            continue
        if form.kind in ("vector", "number"):
            _check_length(label, form, path, plan)
            domains[name] = label
            continue
        rgb_shape = rgb_shape or label.shape[:2]
        if label.shape[:2] != rgb_shape:
            raise UnreadableFileError(path, _other_size(label, rgb_shape, files.paths["rgb"]))
        square = crop_square(label)
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


def _check_length(label: np.ndarray, form: Domain, path: str, plan: ReadingPlan) -> None:
    expected = plan.vector_lengths.get(form.name, label.size)
    if label.size != expected:
        others = "the task expects" if form.is_custom else f"the others of {form.name} hold"
        remedy = "fix it or the task's `length`" if form.is_custom else "download it again"
        raise UnreadableFileError(path, f"holds {label.size} numbers; {others} {expected}: {remedy}")


def _other_size(pixels: np.ndarray, rgb_shape: tuple[int, ...], rgb_path: str) -> str:
    (height, width), (rgb_height, rgb_width) = pixels.shape[:2], rgb_shape
    return (
        f"is {width}x{height} pixels; expected {rgb_width}x{rgb_height} as {rgb_path}: "
        "download both again, they must come from the same collection"
    )


def _point_info(path: str) -> PointInfo:
    """Read the camera facts; any fault becomes an error of one sentence."""
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
