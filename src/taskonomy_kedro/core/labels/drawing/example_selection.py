"""Which images and pairs a contact sheet shows."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from taskonomy_kedro.core.labels.label_example import LabelExample
from taskonomy_kedro.core.labels.pairs import ImageTable, ImageTuples
from taskonomy_kedro.core.labels.point_info import PointInfo
from taskonomy_kedro.core.tasks import Task


@dataclass(frozen=True, kw_only=True, eq=False)
class _Images:
    """All that is known of a split, to take single images from."""

    table: ImageTable
    stored: Mapping[str, np.ndarray]
    point_infos: Sequence[PointInfo | None]
    is_present: Mapping[str, np.ndarray]

    def example(self, rows: Sequence[int], is_match: bool | None = None) -> LabelExample:
        """Take the images of some rows as one example."""
        infos = [self.point_infos[row] for row in rows] if self.point_infos else []
        known = [info for info in infos if info is not None]
        return LabelExample(
            image_ids=tuple(str(self.table.image_ids[row]) for row in rows),
            stored=tuple(
                {name: np.asarray(array[row]) for name, array in self.stored.items() if self._has(name, row)}
                for row in rows
            ),
            point_infos=tuple(known) if len(known) == len(rows) else (),
            is_match=is_match,
        )

    def _has(self, domain: str, row: int) -> bool:
        return domain not in self.is_present or bool(self.is_present[domain][row])


def choose_examples(
    tasks: Mapping[str, Task],
    table: ImageTable,
    stored: Mapping[str, np.ndarray],
    point_infos: Sequence[PointInfo | None],
    tuples: Mapping[str, ImageTuples],
    *,
    n_images: int = 12,
    is_present: Mapping[str, np.ndarray] | None = None,
) -> list[dict[str, LabelExample]]:
    """Choose images of many buildings that occur in pairs and triplets, and what to draw of each.

    Args:
        tasks: By name.
        table: The images of a split.
        stored: Arrays (n, ...) by domain, such as memory-mapped ones; only what is drawn is read.
        point_infos: Of all images, None where not known; empty where none is.
        tuples: Pairs and triplets by sampling, such as `fixated_pairs`.
        n_images: How many images; fewer where there are not as many.
        is_present: By domain, (n,) bool, which images have it; all where a domain is not named.

    Returns:
        For each chosen image, in stored order, the examples by task; a task whose pairs do not show
        the image is skipped. Matches and mismatches take turns.
    """
    images = _Images(table=table, stored=stored, point_infos=point_infos, is_present=is_present or {})
    n_shown = np.zeros(len(table.image_ids), dtype=np.int64)
    for listed in tuples.values():
        n_shown[np.unique(listed.rows)] += 1
    chosen = _spread(table, n_shown, n_images)

    out = []
    for number, row in enumerate(chosen):
        own = images.example([row])
        examples: dict[str, LabelExample] = {}
        for name, task in tasks.items():
            sampling = task.reads.sampling
            if sampling == "images":
                examples[name] = own
            elif sampling in tuples and (found := _tuple_with(tuples[sampling], row, number)) is not None:
                rows, labels = tuples[sampling].rows[found].tolist(), tuples[sampling].labels
                examples[name] = images.example(rows, None if labels is None else bool(labels[found]))
        out.append(examples)
    return out


def _spread(table: ImageTable, n_shown: np.ndarray, n_images: int) -> list[int]:
    """Take from each building in turn a point not yet shown, of images in many lists the earliest.

    Of more buildings than images, those with an image in the most lists are taken first, for no empty cells.
    """
    order = np.lexsort((np.arange(len(n_shown)), -n_shown))
    views: dict[tuple[str, int], int] = {}
    nth_view = np.zeros(len(n_shown), dtype=np.int64)
    for row in order:
        point = (str(table.buildings[row]), int(table.points[row]))
        nth_view[row] = views[point] = views.get(point, 0) + 1
    turns: dict[str, int] = {}
    ranked = []
    for row in np.lexsort((np.arange(len(n_shown)), -n_shown, nth_view)):
        building = str(table.buildings[row])
        turns[building] = turns.get(building, 0) + 1
        ranked.append((turns[building], int(row)))
    kept = _fullest(table, n_shown, n_images)
    ranked = [pair for pair in ranked if str(table.buildings[pair[1]]) in kept]
    return sorted(row for _, row in sorted(ranked)[:n_images])


def _fullest(table: ImageTable, n_shown: np.ndarray, n_images: int) -> set[str]:
    """Return at most so many buildings, those with an image in the most lists before others."""
    buildings = np.asarray(table.buildings).astype(str)
    full = sorted(set(buildings[n_shown == n_shown.max(initial=0)].tolist()))
    others = sorted(set(buildings.tolist()) - set(full))
    return {*_evenly(full, n_images), *_evenly(others, n_images - len(full))}


def _evenly(names: list[str], n_names: int) -> list[str]:
    """Return so many of the names, from all over the list; all of them if they are no more."""
    if len(names) <= n_names:
        return names
    return [names[step] for step in np.linspace(0, len(names) - 1, max(n_names, 0)).round().astype(int)]


def _tuple_with(tuples: ImageTuples, row: int, number: int) -> int | None:
    """Return the place of a tuple that shows an image, a match or a mismatch by turns."""
    places = np.flatnonzero((tuples.rows == row).any(axis=1))
    if tuples.labels is not None:
        wanted = places[tuples.labels[places] == (number + 1) % 2]
        places = wanted if len(wanted) else places
    return int(places[len(places) // 2]) if len(places) else None
