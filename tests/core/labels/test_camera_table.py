import numpy as np
import pytest
from tests.core.labels.facts import facts

from taskonomy_kedro.core.labels.camera_labels import camera_vectors
from taskonomy_kedro.core.labels.camera_table import CameraTable
from taskonomy_kedro.core.labels.pairs import ImageTable, nonfixated_pairs

SEES = [(5, 7), (), (999_999_999,), (7,)]
INFOS = [
    facts((0.1 * k, 1 / 3, 1.5), (1.5, 0.0, k / 7), nonfixated_points_in_view=seen)
    for k, seen in enumerate(SEES)
]


@pytest.fixture
def table() -> CameraTable:
    table = CameraTable()
    for info in INFOS:
        table.append(info)
    return table


def test_every_row_is_the_same_to_the_last_bit(table):
    assert len(table) == 4
    for row, info in zip(table, INFOS, strict=True):
        assert row.camera_location == info.camera_location
        assert row.camera_rotation_final == info.camera_rotation_final
        assert tuple(row.nonfixated_points_in_view) == info.nonfixated_points_in_view
    assert tuple(table[-1].nonfixated_points_in_view) == (7,)
    assert [tuple(row.nonfixated_points_in_view) for row in table[1:3]] == SEES[1:3]
    with pytest.raises(IndexError):
        table[4]


def test_poses_and_pairs_of_a_table_are_those_of_the_whole_facts(table):
    rows = np.array([[0, 1, 2], [3, 1, 0]])
    np.testing.assert_array_equal(
        camera_vectors("egomotion", table, rows), camera_vectors("egomotion", INFOS, rows)
    )
    images = ImageTable(
        image_ids=np.array(list("abcd")), buildings=np.array(["b"] * 4), points=np.array([1, 2, 3, 4])
    )
    pairs = [nonfixated_pairs(images, one, seed=0, limit=10).rows.tolist() for one in (table, INFOS)]
    assert pairs[0] == pairs[1] == [[0, 3]]
