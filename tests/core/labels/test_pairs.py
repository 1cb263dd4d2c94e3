import itertools

import numpy as np
import pytest
from tests.core.labels.facts import facts

from taskonomy_kedro.core.labels.pairs import (
    ImageTable,
    fixated_pairs,
    fixated_triplets,
    matching_pairs,
    nonfixated_pairs,
)


def table_of(layout):
    """`layout`: buildings, each a list of the numbers of views of its points."""
    names = [
        (f"b{b}", p, v) for b, points in enumerate(layout) for p, n in enumerate(points) for v in range(n)
    ]
    order = np.random.default_rng(0).permutation(len(names))
    names = [names[k] for k in order]
    return ImageTable(
        image_ids=np.array(["/".join(map(str, name)) for name in names]),
        buildings=np.array([name[0] for name in names]),
        points=np.array([name[1] for name in names], dtype=np.int64),
    )


TABLE = table_of([[2, 3, 5], [4, 1], [6]])


def looks_at(table, rows):
    return [[(table.buildings[r], table.points[r]) for r in images] for images in rows]


@pytest.mark.parametrize(
    ("sample", "k", "table"),
    [(fixated_pairs, 2, TABLE), (fixated_triplets, 3, TABLE), (fixated_triplets, 3, table_of([[40]]))],
)
def test_all_views_of_each_point_are_combined_once(sample, k, table):
    found = sample(table, seed=0, limit=10**6)
    wanted = {
        rows
        for rows in itertools.combinations(range(len(table.points)), k)
        if len(set(looks_at(table, [rows])[0])) == 1
    }
    assert set(map(tuple, found.rows.tolist())) == wanted
    assert len(found.rows) == len(wanted)
    np.testing.assert_array_equal(found.image_ids, table.image_ids[found.rows])


def test_a_limit_samples_without_repetition_and_by_the_seed():
    few = fixated_pairs(TABLE, seed=0, limit=12).rows
    assert len(np.unique(few, axis=0)) == 12
    np.testing.assert_array_equal(few, fixated_pairs(TABLE, seed=0, limit=12).rows)
    assert not np.array_equal(few, fixated_pairs(TABLE, seed=1, limit=12).rows)


def test_hundreds_of_millions_of_pairs_are_not_enumerated():
    table = ImageTable(
        image_ids=np.arange(30_000).astype(str),
        buildings=np.full(30_000, "b"),
        points=np.zeros(30_000, dtype=np.int64),
    )
    rows = fixated_pairs(table, seed=0, limit=1000).rows
    assert len(np.unique(rows, axis=0)) == 1000
    assert (rows[:, 0] < rows[:, 1]).all()
    assert rows.max() > 29_000


def test_nonfixated_pairs_share_a_sighting_but_not_the_fixated_point():
    # rows 0 and 1 look at point 0, row 2 at point 1 and sees 0, row 3 at point 2 and sees 1;
    # row 4 is of another building, where the same numbers are other points
    table = ImageTable(
        image_ids=np.array(["a/0/0", "a/0/1", "a/1/0", "a/2/0", "b/2/0"]),
        buildings=np.array(["a", "a", "a", "a", "b"]),
        points=np.array([0, 0, 1, 2, 2]),
    )
    seen = [(), (), (0,), (1,), (0, 1)]
    infos = [facts(nonfixated_points_in_view=points) for points in seen]
    found = nonfixated_pairs(table, infos, seed=0, limit=100)
    assert found.rows.tolist() == [[0, 2], [1, 2], [2, 3]]
    assert len(nonfixated_pairs(table, infos, seed=0, limit=2).rows) == 2
    with pytest.raises(ValueError, match="facts of 5 images, got 1"):
        nonfixated_pairs(table, infos[:1], seed=0, limit=2)


def test_sightings_add_to_the_facts_and_duplicates_count_once():
    table = table_of([[2, 2, 2, 2]])
    views = {point: np.flatnonzero(table.points == point).tolist() for point in range(4)}
    nothing = [facts(nonfixated_points_in_view=())] * 8
    seen = {"b0": np.array([[0, views[1][0]], [0, views[2][1]]])}
    found = nonfixated_pairs(table, nothing, seed=0, limit=100, sightings=seen).rows
    wanted = {frozenset((a, b)) for a in views[0] for b in (views[1][0], views[2][1])}
    assert set(map(frozenset, found.tolist())) == wanted | {frozenset((views[1][0], views[2][1]))}

    infos = [facts(nonfixated_points_in_view=[p for p in range(4) if p != own]) for own in table.points]
    again = {"b0": np.array([[0, row] for row in range(8)])}
    once = nonfixated_pairs(table, infos, seed=0, limit=5).rows
    np.testing.assert_array_equal(nonfixated_pairs(table, infos, seed=0, limit=5, sightings=again).rows, once)


def test_matches_and_mismatches_alternate_and_half_of_these_are_of_one_building():
    table = table_of([[3, 4, 5]] * 4)
    found = matching_pairs(table, seed=0, limit=80)
    assert found.rows.shape == (80, 2)
    assert found.labels.tolist() == [1, 0] * 40
    hard = 0
    for (first, second), label in zip(looks_at(table, found.rows), found.labels, strict=True):
        assert (first == second) == bool(label)
        hard += not label and first[0] == second[0]
    assert hard == 20
    assert (found.rows[:, 0] != found.rows[:, 1]).all()
    np.testing.assert_array_equal(found.rows, matching_pairs(table, seed=0, limit=80).rows)


def test_mismatches_reach_every_image_that_may_be_drawn():
    table = table_of([[2, 2], [2, 2]])
    rows = np.concatenate([matching_pairs(table, seed=s, limit=8).rows[1::2] for s in range(300)])
    assert len(np.unique(rows, axis=0)) == 8 * 6  # any image with the six of other points


def test_mismatches_of_the_only_building_or_of_lone_points():
    assert len(matching_pairs(table_of([[3, 3]]), seed=0, limit=10).rows) == 10
    pairs = matching_pairs(table_of([[3], [3]]), seed=0, limit=10)
    assert all(a[0] != b[0] for a, b in looks_at(table_of([[3], [3]]), pairs.rows[1::2]))


def test_a_table_without_pairs_gives_none_and_one_without_mismatches_is_refused():
    with pytest.raises(ValueError, match="need two points, got 3 images that all have point 0 of b0"):
        matching_pairs(table_of([[3]]), seed=0, limit=4)
    assert fixated_pairs(table_of([[1, 1]]), seed=0, limit=4).rows.shape == (0, 2)
    assert fixated_triplets(table_of([[1, 2]]), seed=0, limit=4).rows.shape == (0, 3)
    assert matching_pairs(table_of([[1, 1]]), seed=0, limit=4).rows.shape == (0, 2)
