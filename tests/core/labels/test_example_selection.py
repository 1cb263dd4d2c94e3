import numpy as np
from tests.label_examples import arrays, camera

from taskonomy_kedro.core.labels.drawing import choose_examples
from taskonomy_kedro.core.labels.pairs import ImageTable, ImageTuples
from taskonomy_kedro.core.tasks import TASKS

# four buildings, two points each, two views each
BUILDINGS = np.repeat([f"room_{k}" for k in range(4)], 4)
POINTS = np.tile([0, 0, 1, 1], 4)
IDS = np.array([f"{b}/{p}/{k % 2}" for k, (b, p) in enumerate(zip(BUILDINGS, POINTS, strict=True))])
TABLE = ImageTable(image_ids=IDS, buildings=BUILDINGS, points=POINTS)
STORED = {name: np.stack([array] * 16) for name, array in arrays().items()}
INFOS = [camera()] * 16


def _tuples(rows, labels=None):
    rows = np.array(rows)
    return ImageTuples(rows=rows, image_ids=IDS[rows], labels=None if labels is None else np.array(labels))


def _choose(tuples=None, **settings):
    return choose_examples(TASKS, TABLE, STORED, INFOS, tuples or {}, **settings)


def _images(rows):
    return [row["normal"].image_ids[0] for row in rows]


def test_each_building_is_shown_before_one_is_shown_twice_and_then_another_point():
    assert _images(_choose(n_images=4)) == [f"room_{k}/0/0" for k in range(4)]
    assert _images(_choose(n_images=2)) == ["room_0/0/0", "room_3/0/0"]
    assert _images(_choose(n_images=8))[:2] == ["room_0/0/0", "room_0/1/0"]
    assert len(_choose(n_images=99)) == 16


def test_images_that_occur_in_pairs_come_first_and_bring_them_along():
    pairs = {"fixated_pairs": _tuples([(2, 3), (6, 7)]), "nonfixated_pairs": _tuples([(3, 9)])}
    rows = _choose(pairs, n_images=4)
    assert _images(rows)[:2] == ["room_0/1/1", "room_1/1/0"]
    assert rows[0]["fixated_pose"].image_ids == ("room_0/1/0", "room_0/1/1")
    assert rows[0]["nonfixated_pose"].image_ids == ("room_0/1/1", "room_2/0/1")
    assert "nonfixated_pose" not in rows[1]
    assert "egomotion" not in rows[0]


def test_buildings_whose_images_are_in_every_list_go_before_others():
    pairs = {"fixated_pairs": _tuples([(0, 1), (4, 5), (8, 9)]), "nonfixated_pairs": _tuples([(5, 8)])}
    assert _images(_choose(pairs, n_images=2)) == ["room_1/0/1", "room_2/0/0"]
    assert _images(_choose(pairs, n_images=3)) == [
        "room_0/0/0",
        "room_1/0/1",
        "room_2/0/0",
    ]  # and one of the others
    assert len(_choose(pairs, n_images=99)) == 16


def test_matches_and_mismatches_take_turns():
    rows = [pair for k in range(4) for pair in ((4 * k, 4 * k + 1), (4 * k, (4 * k + 6) % 16))]
    chosen = _choose({"matching_pairs": _tuples(rows, [1, 0] * 4)}, n_images=4)
    assert [row["point_matching"].is_match for row in chosen] == [True, False, True, False]


def test_what_an_image_lacks_is_left_out():
    present = {"normal": np.arange(16) != 0}
    first, second = _choose(n_images=2, is_present=present)
    assert "normal" not in first["normal"].stored[0]
    assert "normal" in second["normal"].stored[0]
