"""Sample the pairs and triplets of images that tasks train on.

All are rows of a table of images. Lists are sampled without enumerating all pairs, since a real data set
has hundreds of millions.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from taskonomy_kedro.core.errors import UserError
from taskonomy_kedro.core.labels.camera_table import CameraFacts
from taskonomy_kedro.core.labels.point_info import PointInfo
from taskonomy_kedro.core.seeding import image_rng


@dataclass(frozen=True, kw_only=True, eq=False)
class ImageTable:
    """The images of one split, in their stored order.

    Attributes:
        image_ids: (n,) text.
        buildings: (n,) text.
        points: (n,) int64, the point at each image centre; counted within the building.
    """

    image_ids: np.ndarray
    buildings: np.ndarray
    points: np.ndarray

    def of(self, rows: np.ndarray) -> "ImageTable":
        """Return the table of some of the images."""
        return ImageTable(
            image_ids=self.image_ids[rows], buildings=self.buildings[rows], points=self.points[rows]
        )

    def groups(self) -> list[np.ndarray]:
        """Return one group of ascending rows for each point of each building."""
        order = np.lexsort((self.points, self.buildings))
        is_new = (self.buildings[order][1:] != self.buildings[order][:-1]) | (
            self.points[order][1:] != self.points[order][:-1]
        )
        return [np.sort(rows) for rows in np.split(order, np.flatnonzero(is_new) + 1)] if len(order) else []


@dataclass(frozen=True, kw_only=True, eq=False)
class ImageTuples:
    """Images that a task trains on together.

    Attributes:
        rows: (m, k) int64 rows of the table.
        image_ids: (m, k) their ids, stored beside the rows.
        labels: (m,) int64, for matching: 1 if the images have the same point; otherwise None.
    """

    rows: np.ndarray
    image_ids: np.ndarray
    labels: np.ndarray | None = None


def fixated_pairs(table: ImageTable, *, seed: int, limit: int) -> ImageTuples:
    """Sample pairs of views of one point, at most `limit`, each once, the earlier row first."""
    return _tuples(table, _sampled(table.groups(), 2, limit, image_rng(seed, "fixated", "pairs")))


def fixated_triplets(table: ImageTable, *, seed: int, limit: int) -> ImageTuples:
    """Sample triplets of views of one point, at most `limit`, each once, rows ascending."""
    return _tuples(table, _sampled(table.groups(), 3, limit, image_rng(seed, "fixated", "triplets")))


def nonfixated_pairs(
    table: ImageTable,
    point_infos: Sequence[PointInfo | CameraFacts],
    *,
    seed: int,
    limit: int,
    sightings: Mapping[str, np.ndarray] | None = None,
) -> ImageTuples:
    """Sample pairs of images that both see some point, with different points at their centres.

    Args:
        table: The images.
        point_infos: Their facts, in the same order.
        seed: Seed of the run.
        limit: Greatest number of pairs.
        sightings: Building to (m, 2) integers, a point and a row that sees it, in addition to the
            facts. Duplicates count once.

    Returns:
        Pairs, each once, the earlier row first.
    """
    groups = _sighting_groups(table, point_infos, sightings or {})
    rng = image_rng(seed, "nonfixated", "pairs")
    drawn = _sampled(groups, 2, 3 * limit, rng)  # some have one point, some share several
    is_same = (table.points[drawn[:, 0]] == table.points[drawn[:, 1]]) if len(drawn) else np.zeros(0, bool)
    pairs = np.unique(drawn[~is_same], axis=0)
    return _tuples(table, pairs[_choose(len(pairs), limit, rng)])


def matching_pairs(table: ImageTable, *, seed: int, limit: int) -> ImageTuples:
    """Sample pairs with the same point, and as many with different points.

    Half of the latter are from one building, the other half from two buildings; if there are too few of
    one kind, the other fills up.

    Args:
        table: The images.
        seed: Seed of the run.
        limit: Greatest number of pairs in all.

    Returns:
        Pairs of two different images, with labels 1 and 0 in turn.

    Raises:
        UserError: There are matching pairs, but all images have one point.
    """
    rng = image_rng(seed, "matching", "pairs")
    positives = _sampled(table.groups(), 2, limit // 2, rng)
    negatives = _mismatches(table, len(positives), rng)
    rows = np.stack([positives, negatives], axis=1).reshape(-1, 2)
    labels = np.tile(np.array([1, 0], dtype=np.int64), len(positives))
    return ImageTuples(rows=rows, image_ids=table.image_ids[rows], labels=labels)


def _mismatches(table: ImageTable, count: int, rng: np.random.Generator) -> np.ndarray:
    """Draw pairs with different points, (count, 2), in turn from one building and from two, if both exist.

    Sorted by building and point, the images of a building form a run, and so do those of a point within
    it: the second image is drawn from outside the first's run.
    """
    if count == 0:
        return np.empty((0, 2), dtype=np.int64)
    order = np.lexsort((table.points, table.buildings))
    n_images = len(order)
    buildings, points = table.buildings[order], table.points[order]
    is_new_building = np.concatenate([[True], buildings[1:] != buildings[:-1]])
    is_new_point = is_new_building | np.concatenate([[True], points[1:] != points[:-1]])
    first = rng.integers(n_images, size=count)
    building_start, building_end = (ends[first] for ends in _runs(is_new_building))
    point_start, point_end = (ends[first] for ends in _runs(is_new_point))
    n_building, n_point = building_end - building_start, point_end - point_start
    n_same, n_other = n_building - n_point, n_images - n_building
    is_same = ((np.arange(count) % 2 == 0) & (n_same > 0)) | (n_other == 0)
    n_choices = np.where(is_same, n_same, n_other)
    if not n_choices.all():
        raise UserError(
            f"pairs that do not match need two points, got {n_images} images that all have "
            f"point {points[0]} of {buildings[0]}"
        )
    drawn = (rng.random(count) * n_choices).astype(np.int64)
    same = building_start + drawn
    same += np.where(same >= point_start, n_point, 0)
    other = drawn + np.where(drawn >= building_start, n_building, 0)
    return np.stack([order[first], order[np.where(is_same, same, other)]], axis=1)


def _runs(is_new: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the start and the end of the run of each element."""
    starts = np.flatnonzero(is_new)
    number = np.cumsum(is_new) - 1
    return starts[number], np.append(starts[1:], len(is_new))[number]


def _sighting_groups(
    table: ImageTable, point_infos: Sequence[PointInfo | CameraFacts], sightings: Mapping[str, np.ndarray]
) -> list[np.ndarray]:
    """Return for each point of each building the rows of all images that see it, ascending.

    One building at a time: a whole data set has hundreds of millions of sightings.
    """
    if len(point_infos) != len(table.points):
        raise UserError(f"expected facts of {len(table.points)} images, got {len(point_infos)}")
    groups: list[np.ndarray] = []
    if not len(table.points):
        return groups
    names, place = np.unique(table.buildings, return_inverse=True)
    order = np.argsort(place, kind="stable")
    bounds = np.searchsorted(place[order], np.arange(1, len(names)))
    for name, rows in zip(names, np.split(order, bounds), strict=True):
        listed = [point_infos[row].nonfixated_points_in_view for row in rows]
        further = sightings.get(str(name), np.empty((0, 2), dtype=np.int64))
        points = np.concatenate(
            [table.points[rows], *(np.array(one, dtype=np.int64) for one in listed), further[:, 0]]
        )
        seeing = np.concatenate([rows, np.repeat(rows, [len(one) for one in listed]), further[:, 1]])
        seeing = seeing.astype(np.int32)  # held for all buildings
        by_point = np.lexsort((seeing, points))
        points, seeing = points[by_point], seeing[by_point]
        is_new = np.ones(len(points), dtype=bool)
        is_new[1:] = (points[1:] != points[:-1]) | (seeing[1:] != seeing[:-1])
        points, seeing = points[is_new], seeing[is_new]
        groups += np.split(seeing, np.flatnonzero(points[1:] != points[:-1]) + 1)
    return groups


def _tuples(table: ImageTable, rows: np.ndarray) -> ImageTuples:
    return ImageTuples(rows=rows, image_ids=table.image_ids[rows])


def _choose(total: int, limit: int, rng: np.random.Generator) -> np.ndarray:
    """Draw at most `limit` of `total` numbers without repetition, ascending."""
    if total <= limit:
        return np.arange(total)
    return np.sort(rng.choice(total, size=limit, replace=False, shuffle=False))


def _sampled(groups: Sequence[np.ndarray], k: int, limit: int, rng: np.random.Generator) -> np.ndarray:
    """Draw at most `limit` of all subsets of k rows within a group, (m, k), each subset once a group."""
    sizes = np.array([len(group) for group in groups], dtype=np.int64)
    possible = sizes * (sizes - 1) // 2 if k == 2 else sizes * (sizes - 1) * (sizes - 2) // 6
    ends = np.cumsum(possible)
    chosen = _choose(int(ends[-1]) if len(ends) else 0, limit, rng)
    owner = np.searchsorted(ends, chosen, side="right")
    rank = chosen - (ends - possible)[owner] if len(chosen) else chosen
    places = _unranked(rank, k)
    drawn = np.empty((len(chosen), k), dtype=np.int64)
    for row, (g, place) in enumerate(zip(owner, places, strict=True)):
        drawn[row] = groups[g][place]
    return drawn


def _unranked(rank: np.ndarray, k: int) -> np.ndarray:
    """Return the subset of k numbers with each rank in colexicographic order, (m, k) ascending.

    The subset a < b < c has the rank C(c, 3) + C(b, 2) + a; a pair a < b has C(b, 2) + a.
    """
    columns = []
    rest = rank.astype(np.int64)
    if k == 3:
        third = np.cbrt(6.0 * rest).astype(np.int64) + 2
        while (too_great := third * (third - 1) * (third - 2) // 6 > rest).any():
            third -= too_great
        columns.append(third)
        rest = rest - third * (third - 1) * (third - 2) // 6
    second = np.sqrt(2.0 * rest).astype(np.int64) + 2
    while (too_great := second * (second - 1) // 2 > rest).any():
        second -= too_great
    columns += [second, rest - second * (second - 1) // 2]
    return np.stack(columns[::-1], axis=1)
