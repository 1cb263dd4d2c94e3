"""Maps of numbers: depth, normals, responses, the image itself."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

import numpy as np

from taskonomy_kedro.core.errors import UserError
from taskonomy_kedro.core.labels.domains import STORED_DOMAINS, Domain, Kind
from taskonomy_kedro.core.labels.kinds.label_kind import (
    CustomLabel,
    Drawing,
    LabelKind,
    Stored,
    constants_of,
    file_bits,
)
from taskonomy_kedro.core.labels.quantise import depth_from_log, log_depth
from taskonomy_kedro.core.labels.statistics import LabelStatistics
from taskonomy_kedro.core.labels.summary_rows import WORDS, Blocks, Row, Summary, counted, percentile_rows
from taskonomy_kedro.core.tasks import Label, Task
from taskonomy_kedro.core.tasks.task import Mask

_BLUR_SIZE = 256  # pixels a side of the image that a blur is given for


class RegressionMap(LabelKind):
    """Channels of numbers at each pixel; of custom labels the clipped linear map of a range onto [-1, 1]."""

    name = "regression_map"
    cell = 1
    custom = CustomLabel(
        size_key="channels",
        masks=("label_present", "none", "valid_depth"),
        decoder="dense",
        more_keys=("range", "bits"),
    )

    def custom_label(self, name: str, size: int, entry: Mapping[str, Any], mask: Mask) -> Label:
        ends = _stored_range(name, entry)
        bits = file_bits(name, entry, ends[1], f"the range {list(ends)}")
        if size > (3 if bits == 8 else 1):
            raise UserError(
                f"task {name!r}: channels must be 1, or 2 or 3 in image files of 8 bits, "
                f"got {size} of {bits} bits"
            )
        label = Label(kind=self.name, size=size, value_map="linear", stored_range=ends)
        return replace(label, is_clipped=True, file_bits=bits)

    def domain(self, task: Task) -> Domain:
        kind: Kind = "grey" if task.label.size == 1 else "colour"
        return Domain(name=task.domains[0], kind=kind, bits=task.label.file_bits or 8, is_custom=True)

    def summary(self, task: Task) -> Summary:
        return partial(_summarise, n_channels=task.label.size or 0)

    def values(self, task: Task, array: np.ndarray, statistics: LabelStatistics | None) -> np.ndarray:
        """Return (n, channels, H, W) float32 of stored maps (n, H, W[, channels])."""
        label = task.label
        channels = array[:, None] if array.ndim == 3 else np.moveaxis(array, -1, 1)
        if label.size is None or channels.shape[1] < label.size:
            raise ValueError(f"task {task.name!r} needs {label.size} channels, got an array {array.shape}")
        channels = channels[:, : label.size]
        if label.value_map == "log":
            return log_depth(channels)
        if label.value_map == "standardised":
            standardised = constants_of(task, statistics).apply(np.moveaxis(channels, 1, -1))
            return np.moveaxis(standardised, -1, 1)
        low, high = label.stored_range or (-1.0, 1.0)
        values = channels.astype(np.float32)
        values *= np.float32(2.0 / (high - low))
        values -= np.float32((high + low) / (high - low))
        if label.is_clipped:
            np.clip(values, -1.0, 1.0, out=values)
        return _smoothed(values, label.blur_sigma * values.shape[-1] / _BLUR_SIZE)

    def weights_shape(self, values: tuple[int, ...]) -> tuple[int, ...]:
        return (values[0], 1, *values[2:])

    def parts(self, task: Task, stored: Stored, statistics: LabelStatistics) -> dict[str, np.ndarray]:
        parts = super().parts(task, stored, statistics)
        return parts | {name: part > 0 for name, part in parts.items() if name == "weights"}

    def to_stored(self, task: Task, output: np.ndarray, statistics: LabelStatistics | None) -> np.ndarray:
        """Return depths (H, W) uint16, or other numbers (H, W[, channels]) float32, not rounded."""
        label = task.label
        if label.value_map == "log":
            return depth_from_log(np.clip(output[0], 0.0, 1.0))
        channels = np.moveaxis(output, 0, -1).astype(np.float32)
        if label.value_map == "standardised":
            return constants_of(task, statistics).invert(channels)
        low, high = label.stored_range or (-1.0, 1.0)
        numbers: np.ndarray = low + (np.clip(channels, -1.0, 1.0) + 1.0) * np.float32((high - low) / 2)
        return numbers[..., 0] if numbers.shape[-1] == 1 else numbers

    def draw(self, task: Task, arrays: Stored, to: Drawing) -> np.ndarray:
        from taskonomy_kedro.core.labels.drawing.maps import draw_curvature, draw_depth, draw_number_map
        from taskonomy_kedro.core.labels.drawing.pixels import note_picture, with_caption

        stored = arrays[task.domains[0]]
        if task.label.value_map == "log":
            return draw_depth(stored, to.size, label=to.label)
        mask = arrays.get("mask_valid") if task.mask == "valid_depth" else None
        is_valid = None if mask is None else mask == 255
        if task.name == "curvature":
            known = to.statistics.standardisations if to.statistics else {}
            return draw_curvature(stored, to.size, is_valid=is_valid, constants=known.get(task.name))
        if task.label.stored_range is None:
            return with_caption(note_picture(("cannot be", "drawn"), to.size), task.name)
        ends, is_as_stored = task.label.stored_range, task.is_custom
        return draw_number_map(
            stored, to.size, stored_range=ends, is_valid=is_valid, is_as_stored=is_as_stored
        )

    def as_label(self, task: Task, stored: np.ndarray, label: np.ndarray | None) -> np.ndarray:
        known = STORED_DOMAINS.get(task.domains[0])
        dtype = np.dtype(known.dtype if known else np.float32) if label is None else label.dtype
        if not np.issubdtype(dtype, np.integer):
            return stored
        limits = np.iinfo(dtype)
        return np.rint(np.clip(stored, limits.min, limits.max)).astype(dtype)


def _stored_range(name: str, entry: Mapping[str, Any]) -> tuple[float, float]:
    ends = entry.get("range")
    if not isinstance(ends, list | tuple) or [type(end) in (int, float) for end in ends] != [True, True]:
        raise UserError(
            f"task {name!r}: range must be the two stored values that become -1 and 1, "
            f"such as [0, 255], got {ends!r}"
        )
    if not ends[0] < ends[1] or not math.isfinite(ends[1] - ends[0]):
        raise UserError(f"task {name!r}: range must rise from one number to a greater one, got {ends!r}")
    return float(ends[0]), float(ends[1])


def _smoothed(values: np.ndarray, sigma: float) -> np.ndarray:
    if sigma == 0:
        return values
    from scipy import ndimage  # slow to import, and not for every command

    smooth: np.ndarray = ndimage.gaussian_filter(values, (0, 0, sigma, sigma), mode="nearest")
    return smooth


def _summarise(_: str, blocks: Blocks, __: Sequence[str], *, n_channels: int) -> list[Row]:
    """Summarise percentiles of the stored numbers of each channel."""
    rows: list[Row] = []
    for channel in range(n_channels):
        parts = (block if block.ndim == 3 else block[..., channel] for block in blocks())
        item = f"channel {channel}" if n_channels > 1 else ""
        rows += percentile_rows(counted(parts, WORDS), float, "stored", item)
    return rows
