import numpy as np
import pytest

from taskonomy_kedro.core.directories.image_selection import choose_images


def views_per_point(points: np.ndarray, rows: np.ndarray) -> list[int]:
    return sorted(np.unique(points[rows], return_counts=True)[1].tolist())


def test_few_images_are_all_selected() -> None:
    assert choose_images("hanson", np.array([1, 1, 5]), 3).tolist() == [0, 1, 2]


# Ten points with five views, ten with one.
POINTS = np.sort(np.concatenate([np.repeat(np.arange(10), 5), np.arange(10, 20)]))


@pytest.mark.parametrize(
    ("n_images", "expected"),
    [
        (1, [1]),
        (2, [2]),
        (4, [2, 2]),
        (6, [3, 3]),
        (7, [2, 2, 3]),
        (30, [3] * 10),
        (31, [3] * 9 + [4]),
        (32, [1] * 2 + [3] * 10),
        (40, [1] * 10 + [3] * 10),
        (42, [1] * 10 + [3] * 9 + [5]),
    ],
)
def test_images_spread_over_points_and_keep_pairs(n_images: int, expected: list[int]) -> None:
    rows = choose_images("hanson", POINTS, n_images)
    assert len(set(rows.tolist())) == n_images
    assert rows.tolist() == sorted(rows)
    assert views_per_point(POINTS, rows) == expected


def test_the_selection_depends_on_names_alone() -> None:
    points = np.repeat(np.arange(100), 3)
    first = choose_images("hanson", points, 30)
    assert choose_images("hanson", points, 30).tolist() == first.tolist()
    assert choose_images("merom", points, 30).tolist() != first.tolist()
    assert set(first) < set(choose_images("hanson", points, 60))
    spread = points[first]
    assert spread.min() < 33 < 66 < spread.max()
