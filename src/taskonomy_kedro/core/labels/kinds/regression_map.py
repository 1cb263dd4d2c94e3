"""Maps of numbers: depth, normals, responses, the image itself."""

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

import numpy as np

from taskonomy_kedro.core.errors import UserError
from taskonomy_kedro.core.labels.domains import STORED_DOMAINS, Domain
from taskonomy_kedro.core.labels.kinds.entry_values import file_bits, stored_range
from taskonomy_kedro.core.labels.kinds.label_kind import (
    CustomLabel,
    DrawingOptions,
    LabelKind,
    Stored,
    constants_of,
)
from taskonomy_kedro.core.labels.quantise import depth_from_log, log_depth
from taskonomy_kedro.core.labels.statistics import LabelStatistics
from taskonomy_kedro.core.labels.summary_rows import WORDS, Blocks, Row, Summary, counted, percentile_rows
from taskonomy_kedro.core.tasks import Label, Task
from taskonomy_kedro.core.tasks.task import Mask

_BLUR_SIZE = 256  # pixels a side of the image that a blur is given for


class RegressionMap(LabelKind):
    """Channels of numbers at each pixel."""

    name = "regression_map"
    cell = 1
    custom = CustomLabel(
        size_key="channels",
        masks=("label_present", "none", "valid_depth"),
        decoder="dense",
        more_keys=("range", "bits"),
    )

    def custom_label(self, name: str, size: int, entry: Mapping[str, Any], mask: Mask) -> Label:
        """Return a clipped linear map of the stored range onto [-1, 1]."""
        ends = stored_range(name, entry)
        bits = file_bits(name, entry, ends[1], f"the range {list(ends)}")
        if size > (3 if bits == 8 else 1):
            raise UserError(
                f"task {name!r}: channels must be 1, or 2 or 3 in image files of 8 bits, "
                f"got {size} of {bits} bits"
            )
        return Label(
            kind=self.name,
            size=size,
            value_map="linear",
            stored_range=ends,
            is_clipped=True,
            file_bits=bits,
        )

    def domain(self, task: Task) -> Domain:
        """Return a grey image of one channel, or a colour image."""
        return Domain(
            name=task.domains[0],
            kind="grey" if task.label.size == 1 else "colour",
            bits=task.label.file_bits or 8,
            is_custom=True,
        )

    def summary(self, task: Task) -> Summary:
        """Summarise percentiles of the stored numbers of each channel."""
        return partial(_summarise, n_channels=task.label.size or 0)

    def values(self, task: Task, array: np.ndarray, statistics: LabelStatistics | None) -> np.ndarray:
        """Return (n, channels, H, W) float32 of stored maps (n, H, W[, channels])."""
        label = task.label
        channels = array[:, None] if array.ndim == 3 else np.moveaxis(array, -1, 1)
        if label.size is None or channels.shape[1] < label.size:
            raise UserError(f"task {task.name!r} needs {label.size} channels, got an array {array.shape}")
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
        """Return (n, 1, H, W)."""
        return (values[0], 1, *values[2:])

    def parts(self, task: Task, stored: Stored, statistics: LabelStatistics) -> dict[str, np.ndarray]:
        """Return the values, and which pixels count."""
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

    def draw(
        self, task: Task, arrays: Stored, size: int, options: DrawingOptions, label: np.ndarray | None = None
    ) -> np.ndarray:
        """Draw depth with its scale, curvature in colours, other numbers as grey or colours."""
        from taskonomy_kedro.core.labels.drawing.maps import draw_curvature, draw_depth, draw_number_map
        from taskonomy_kedro.core.labels.drawing.pixels import note_picture, with_caption

        stored = arrays[task.domains[0]]
        if task.label.value_map == "log":
            return draw_depth(stored, size, label=label)
        mask = arrays.get("mask_valid") if task.mask == "valid_depth" else None
        is_valid = None if mask is None else mask == 255
        if task.name == "curvature":
            known = options.statistics.standardisations if options.statistics else {}
            constants = known.get(task.name)
            return draw_curvature(stored, size, is_valid=is_valid, constants=constants)
        if task.label.stored_range is None:
            return with_caption(note_picture(("cannot be", "drawn"), size), task.name)
        ends, is_as_stored = task.label.stored_range, task.is_custom
        return draw_number_map(stored, size, stored_range=ends, is_valid=is_valid, is_as_stored=is_as_stored)

    def as_label(self, task: Task, stored: np.ndarray, label: np.ndarray | None) -> np.ndarray:
        """Return a predicted map rounded to the type of its label."""
        known = STORED_DOMAINS.get(task.domains[0])
        dtype = np.dtype(known.dtype if known else np.float32) if label is None else label.dtype
        if not np.issubdtype(dtype, np.integer):
            return stored
        limits = np.iinfo(dtype)
        return np.rint(np.clip(stored, limits.min, limits.max)).astype(dtype)


def _smoothed(values: np.ndarray, sigma: float) -> np.ndarray:
    if sigma == 0:
        return values
    from scipy import ndimage  # slow to import, and not for every command

    smooth: np.ndarray = ndimage.gaussian_filter(values, (0, 0, sigma, sigma), mode="nearest")
    return smooth


def _summarise(_: str, blocks: Blocks, __: Sequence[str], *, n_channels: int) -> list[Row]:
    rows: list[Row] = []
    for channel in range(n_channels):
        parts = (block if block.ndim == 3 else block[..., channel] for block in blocks())
        item = f"channel {channel}" if n_channels > 1 else ""
        rows += percentile_rows(counted(parts, WORDS), float, "stored", item)
    return rows
