"""Class and depth statistics of a split, as rows of a table."""

from collections.abc import Iterator, Mapping, Sequence

import numpy as np

from taskonomy_kedro.core.labels.class_labels import class_names_of
from taskonomy_kedro.core.labels.kinds import kind_of
from taskonomy_kedro.core.labels.quantise import (
    DEPTH_UNITS_PER_METRE,
    FLAT,
    GREATEST_VALID_DEPTH,
    SHARPEST_RADIUS,
)
from taskonomy_kedro.core.labels.summary_rows import (
    BYTES,
    WORDS,
    Blocks,
    Row,
    Summary,
    class_name,
    counted,
    percentile_rows,
    row_of,
)
from taskonomy_kedro.core.labels.targets import target_of
from taskonomy_kedro.core.tasks import TASKS, Task

_BLOCK_VALUES = 2**22  # numbers read at a time: about 50 MB with all that is counted
_DEPTHS = ("depth_zbuffer", "depth_euclidean")
_RESPONSES = ("edge_texture", "edge_occlusion", "keypoints2d", "keypoints3d")
_REGIONS = ("segment_unsup2d", "segment_unsup25d")
_CLASSES_OF_IMAGES = ("class_object", "class_scene")


def summarise_domains(
    stored: Mapping[str, np.ndarray],
    class_names: Mapping[str, Sequence[str]] | None = None,
    *,
    is_present: Mapping[str, np.ndarray] | None = None,
    tasks: Mapping[str, Task] | None = None,
    block_values: int = _BLOCK_VALUES,
) -> list[Row]:
    """Summarise the stored labels of a split: shares of classes, depths, regions, responses.

    Images are read in blocks, so that a memory-mapped split may be larger than memory; the size of
    a block changes nothing but the memory needed. Percentiles are exact: the least stored value that
    is not below the share.

    Args:
        stored: Arrays (n, ...) by domain; those that are not summarised (`rgb`, normals) are
            passed over.
        class_names: Names by domain; the rooms' where a domain has none, and numbers beyond them.
        is_present: By domain, (n,) bool, which images count; all where a domain is not named.
        tasks: The task dictionary; the labels of custom tasks are summarised too.
        block_values: About how many numbers are read at a time.

    Returns:
        One row for each number, with the keys `domain`, `item` (a class, a curvature, or empty),
        `measure`, `value`, `unit` and `n_images`. An image that lacks a label does not count; a
        domain that no image has gives no row.
    """
    rows: list[Row] = []
    summaries = _SUMMARIES | {
        task.domains[0]: kind_of(task).summary(task) for task in (tasks or {}).values() if task.is_custom
    }
    for domain, array in stored.items():
        summarise = summaries.get(domain)
        if summarise is None:
            continue
        has_it = np.ones(len(array), dtype=bool)
        if is_present and domain in is_present:
            has_it &= is_present[domain]
        if domain in _CLASSES_OF_IMAGES:
            has_it &= [bool(np.isfinite(values).all()) for values in array]
        n_images = int(np.count_nonzero(has_it))
        if not n_images:
            continue
        names = (class_names or {}).get(domain) or class_names_of(
            domain, array.shape[1] if array.ndim > 1 else 0
        )
        found = summarise(domain, _in_blocks(array, has_it, block_values), names)
        rows += [{"domain": domain, **row, "n_images": n_images} for row in found]
    return rows


def _in_blocks(array: np.ndarray, has_it: np.ndarray, block_values: int) -> Blocks:
    """Return what goes over an array some images at a time, only those that have the label."""
    n_rows = max(1, block_values // max(1, int(np.prod(array.shape[1:]))))

    def blocks() -> Iterator[np.ndarray]:
        for start in range(0, len(array), n_rows):
            kept = has_it[start : start + n_rows]
            if kept.any():
                yield np.asarray(array[start : start + n_rows])[kept]

    return blocks


def _depth(_: str, blocks: Blocks, __: Sequence[str]) -> list[Row]:
    counts = counted(blocks(), WORDS)
    valid = counts[:GREATEST_VALID_DEPTH]
    rows = percentile_rows(valid, lambda stored: stored / DEPTH_UNITS_PER_METRE, "m")
    return [row_of("valid share of pixels", valid.sum() / counts.sum()), *rows]


def _mask(_: str, blocks: Blocks, __: Sequence[str]) -> list[Row]:
    counts = counted(blocks(), BYTES)
    return [row_of("valid share of pixels", counts[255] / counts.sum())]


def _response(_: str, blocks: Blocks, __: Sequence[str]) -> list[Row]:
    counts = counted(blocks(), WORDS)
    rows = percentile_rows(counts, lambda stored: stored / (WORDS - 1), "")
    return [row_of("share of pixels without response", counts[0] / counts.sum()), *rows]


def _brightness(_: str, blocks: Blocks, __: Sequence[str]) -> list[Row]:
    return percentile_rows(counted(blocks(), BYTES), lambda stored: stored / (BYTES - 1), "")


def _curvature(_: str, blocks: Blocks, __: Sequence[str]) -> list[Row]:
    rows: list[Row] = []
    for channel, item in enumerate(("k1", "k2")):
        counts = counted((block[..., channel] for block in blocks()), BYTES)
        rows.append(row_of("share of pixels flat", counts[FLAT] / counts.sum(), item=item))
        rows += percentile_rows(
            counts, lambda stored: (stored - FLAT) / (FLAT * SHARPEST_RADIUS), "1/m", item
        )
    return rows


def _regions(_: str, blocks: Blocks, __: Sequence[str]) -> list[Row]:
    """Summarise how many regions an image has."""
    numbers = np.zeros(BYTES + 1, dtype=np.int64)
    for block in blocks():
        numbers += np.bincount((_value_counts(block) > 0).sum(axis=1), minlength=BYTES + 1)
    mean = float(numbers @ np.arange(len(numbers)) / numbers.sum())
    return [row_of("mean", mean, "regions"), *percentile_rows(numbers, float, "regions")]


def _semantic(_: str, blocks: Blocks, names: Sequence[str]) -> list[Row]:
    """Summarise stored ids: 0 is not known, class = id - 1."""
    pixels, images, n_images = np.zeros(BYTES, np.int64), np.zeros(BYTES, np.int64), 0
    for block in blocks():
        counts = _value_counts(block)
        pixels += counts.sum(axis=0)
        images += (counts > 0).sum(axis=0)
        n_images += len(block)
    n_classes = max(len(names), int(np.flatnonzero(pixels).max()))
    rows: list[Row] = []
    for stored in range(n_classes + 1):
        item = "uncertain" if stored == 0 else class_name(stored - 1, names)
        rows.append(row_of("share of pixels", pixels[stored] / pixels.sum(), item=item))
        rows.append(row_of("share of images", images[stored] / n_images, item=item))
    return rows


def _value_counts(block: np.ndarray) -> np.ndarray:
    """Count for each image of a block how often each byte occurs, (n, 256) int64."""
    flat = block.reshape(len(block), -1)
    shifted = flat + BYTES * np.arange(len(block))[:, None]
    return np.bincount(shifted.ravel(), minlength=len(block) * BYTES).reshape(len(block), BYTES)


def _class_of_image(domain: str, blocks: Blocks, names: Sequence[str]) -> list[Row]:
    """Summarise distributions over classes, those that networks learn."""
    total, likeliest, n_images = np.zeros(0), np.zeros(0, dtype=np.int64), 0
    for block in blocks():
        values = target_of(TASKS[domain], {domain: block}).values
        if not n_images:
            total, likeliest = np.zeros(values.shape[1]), np.zeros(values.shape[1], dtype=np.int64)
        for row in values:  # one after the other, so that blocks of any size sum up alike
            total += row
        likeliest += np.bincount(values.argmax(axis=1), minlength=values.shape[1])
        n_images += len(values)
    rows: list[Row] = []
    for number in range(len(total)):
        item = class_name(number, names)
        rows.append(row_of("mean probability", total[number] / n_images, item=item))
        rows.append(row_of("share of images where likeliest", likeliest[number] / n_images, item=item))
    return rows


_SUMMARIES: dict[str, Summary] = {
    "mask_valid": _mask,
    **dict.fromkeys(_DEPTHS, _depth),
    **dict.fromkeys(_RESPONSES, _response),
    "reshading": _brightness,
    "principal_curvature": _curvature,
    **dict.fromkeys(_REGIONS, _regions),
    "segment_semantic": _semantic,
    **dict.fromkeys(_CLASSES_OF_IMAGES, _class_of_image),
}
