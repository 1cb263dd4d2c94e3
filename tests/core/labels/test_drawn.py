import numpy as np
import pytest
from tests.label_examples import arrays, camera, examples_by_task

from taskonomy_kedro.core.labels.custom_tasks import custom_task
from taskonomy_kedro.core.labels.drawing import (
    LabelExample,
    caption_height,
    class_color,
    draw_label,
    has_label,
    missing_label,
)
from taskonomy_kedro.core.tasks import TASKS

EXAMPLES = examples_by_task()


def _single(stored, infos=()):
    return LabelExample(image_ids=("room/0/0",), stored=(stored,), point_infos=infos)


@pytest.mark.parametrize("name", list(TASKS))
def test_every_task_is_drawn_at_the_wanted_size_and_twice_alike(name):
    drawn = draw_label(TASKS[name], EXAMPLES[name], size=70)
    assert drawn.shape == (70 + caption_height(70), 70, 3)
    assert drawn.dtype == np.uint8
    assert (drawn != missing_label(70)).any()
    np.testing.assert_array_equal(drawn, draw_label(TASKS[name], EXAMPLES[name], size=70))


def test_no_two_tasks_look_alike_but_depth_and_distance_of_alike_labels():
    drawn = {name: draw_label(TASKS[name], EXAMPLES[name], size=64).tobytes() for name in TASKS}
    pairs = [{"fixated_pose", "nonfixated_pose"}]  # here of the same two images
    names = list(drawn)
    alike = [{a, b} for k, a in enumerate(names) for b in names[:k] if drawn[a] == drawn[b]]
    assert alike == pairs


@pytest.mark.parametrize("name", [name for name, task in TASKS.items() if task.domains not in ((), ("rgb",))])
def test_what_the_image_lacks_is_an_empty_cell(name):
    domains = TASKS[name].domains
    example = EXAMPLES[name]
    lacking = LabelExample(
        image_ids=example.image_ids,
        stored=tuple({k: v for k, v in arrays.items() if k not in domains} for arrays in example.stored),
    )
    assert not has_label(TASKS[name], lacking)
    np.testing.assert_array_equal(draw_label(TASKS[name], lacking, size=64), missing_label(64))


def test_an_image_without_a_box_has_vanishing_points_but_no_layout():
    example = _single(arrays(), (camera(bounding_box_ranges=None),))
    assert has_label(TASKS["vanishing_point"], example)
    assert not has_label(TASKS["room_layout"], example)


def test_a_class_vector_of_nan_and_an_undecided_pair_are_no_labels():
    stored = {**arrays(), "class_object": np.full(16, np.nan, dtype=np.float32)}
    assert not has_label(TASKS["class_object"], _single(stored))
    pair = LabelExample(image_ids=("a/0/0", "a/0/1"), stored=(stored, stored))
    assert not has_label(TASKS["point_matching"], pair)


def test_masked_pixels_of_normals_are_striped_grey():
    mask = np.full((32, 32), 255, dtype=np.uint8)
    mask[:16] = 0
    stored = {**arrays(), "normal": np.full((32, 32, 3), (250, 20, 20), np.uint8), "mask_valid": mask}
    drawn = draw_label(TASKS["normal"], _single(stored), size=32)
    assert (drawn[:16] == drawn[:16, :, :1]).all()
    assert (drawn[16:32] == (250, 20, 20)).all()


def test_a_match_is_green_and_a_mismatch_red():
    strips = {}
    for is_match in (True, False):
        pair = EXAMPLES["point_matching"]
        example = LabelExample(image_ids=pair.image_ids, stored=pair.stored, is_match=is_match)
        strips[is_match] = draw_label(TASKS["point_matching"], example, size=64)[-1, 0].argmax()
    assert strips == {True: 1, False: 0}


def test_other_lists_of_classes_are_not_given_the_rooms_names():
    example = _single({**arrays(), "class_scene": np.full(365, 1 / 365, np.float32)})
    plain = draw_label(TASKS["class_scene"], example, size=128)
    for word, is_alike in (("class", True), ("scene", False)):
        names = {"class_scene": [f"{word} {k}" for k in range(63)]}
        named = draw_label(TASKS["class_scene"], example, size=128, class_names=names)
        assert (plain == named).all() == is_alike


@pytest.mark.parametrize(
    ("entry", "label"),
    [
        ({"kind": "regression_map", "range": [0, 255]}, np.full((32, 32), 90, np.uint8)),
        ({"kind": "regression_map", "channels": 2, "range": [0, 1]}, np.full((32, 32, 2), 0.5, np.float32)),
        ({"kind": "class_map", "classes": 40}, np.arange(1024, dtype=np.uint8).reshape(32, 32) % 40),
        ({"kind": "vector", "length": 3}, np.array([0.1, -2.0, 1.0], np.float32)),
        ({"kind": "class", "classes": 4}, np.int64(2)),
    ],
)
def test_a_users_own_task_is_drawn(entry, label):
    task = custom_task("heat", entry)
    drawn = draw_label(task, _single({**arrays(), "heat": label}), size=64)
    assert drawn.shape == (64 + caption_height(64), 64, 3)
    assert (drawn != missing_label(64)).any()


def test_a_pair_for_a_task_of_single_images_is_refused():
    with pytest.raises(ValueError, match=r"'normal' reads 1 images, got room_00000/0/0, room_00000/0/1"):
        draw_label(TASKS["normal"], EXAMPLES["fixated_pose"], size=64)


def test_pictures_too_small_to_read_are_refused():
    with pytest.raises(ValueError, match="at least 32 pixels a side to be read, got 8"):
        draw_label(TASKS["normal"], EXAMPLES["normal"], size=8)


def test_an_example_says_what_does_not_fit():
    with pytest.raises(ValueError, match="a/0/0, a/0/1: expected stored arrays and facts of 2 images, got 1"):
        LabelExample(image_ids=("a/0/0", "a/0/1"), stored=(arrays(),))
    with pytest.raises(ValueError, match="a/0/0: the image itself"):
        LabelExample(image_ids=("a/0/0",), stored=({},))
    with pytest.raises(ValueError, match="at least one image"):
        LabelExample(image_ids=(), stored=())


def test_class_0_of_a_users_own_map_is_a_class_like_others():
    ids = np.ones((32, 32), np.uint8)
    for folder, is_named in (("segment_semantic", False), ("heat", True)):
        task = TASKS.get(folder) or custom_task("heat", {"kind": "class_map", "classes": 3})
        drawn = draw_label(task, _single({**arrays(), folder: ids}), size=64)
        assert (drawn[32, 32] == class_color(int(is_named))).all()


def test_the_caption_of_a_users_own_map_tells_stored_numbers():
    stored = {**arrays(), "heat": np.full((32, 32), 9, np.uint16)}
    drawn = [
        draw_label(
            custom_task("heat", {"kind": "regression_map", "range": [0, end]}), _single(stored), size=96
        )
        for end in (5000, 5001)  # as responses both would read 0 to 0.0763
    ]
    assert (drawn[0][:96] == drawn[1][:96]).all()
    assert (drawn[0][96:] != drawn[1][96:]).any()
