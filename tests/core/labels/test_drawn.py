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
def test_every_task_is_drawn_at_the_requested_size_and_reproducibly(name):
    drawn = draw_label(TASKS[name], EXAMPLES[name], size=70)
    assert drawn.shape == (70 + caption_height(70), 70, 3)
    assert drawn.dtype == np.uint8
    assert (drawn != missing_label(70)).any()
    np.testing.assert_array_equal(drawn, draw_label(TASKS[name], EXAMPLES[name], size=70))


def test_only_tasks_with_the_same_label_look_the_same():
    drawn = {name: draw_label(TASKS[name], EXAMPLES[name], size=64).tobytes() for name in TASKS}
    pairs = [{"fixated_pose", "nonfixated_pose"}]  # here of the same two images
    names = list(drawn)
    alike = [{a, b} for k, a in enumerate(names) for b in names[:k] if drawn[a] == drawn[b]]
    assert alike == pairs


@pytest.mark.parametrize("name", [name for name, task in TASKS.items() if task.domains not in ((), ("rgb",))])
def test_a_missing_label_is_an_empty_cell(name):
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


def test_other_lists_of_classes_are_not_given_the_rooms_names():
    example = _single({**arrays(), "class_scene": np.full(365, 1 / 365, np.float32)})
    plain = draw_label(TASKS["class_scene"], example, size=128)
    for word, is_alike in (("class", True), ("scene", False)):
        names = {"class_scene": [f"{word} {k}" for k in range(63)]}
        named = draw_label(TASKS["class_scene"], example, size=128, class_names=names)
        assert (plain == named).all() == is_alike


def test_class_0_of_a_custom_map_is_a_class_like_others():
    ids = np.ones((32, 32), np.uint8)
    for folder, is_named in (("segment_semantic", False), ("heat", True)):
        task = TASKS.get(folder) or custom_task("heat", {"kind": "class_map", "classes": 3})
        drawn = draw_label(task, _single({**arrays(), folder: ids}), size=64)
        assert (drawn[32, 32] == class_color(int(is_named))).all()


def test_the_caption_of_a_custom_map_shows_stored_numbers():
    stored = {**arrays(), "heat": np.full((32, 32), 9, np.uint16)}
    drawn = [
        draw_label(
            custom_task("heat", {"kind": "regression_map", "range": [0, end]}), _single(stored), size=96
        )
        for end in (5000, 5001)  # as responses both would read 0 to 0.0763
    ]
    assert (drawn[0][:96] == drawn[1][:96]).all()
    assert (drawn[0][96:] != drawn[1][96:]).any()


def test_a_match_is_green_and_a_mismatch_red():
    pair, strips = EXAMPLES["point_matching"], []
    for is_match in (True, False):
        example = LabelExample(image_ids=pair.image_ids, stored=pair.stored, is_match=is_match)
        strips.append(draw_label(TASKS["point_matching"], example, size=64)[-1, 0].argmax())
    assert strips == [1, 0]


@pytest.mark.parametrize(
    ("build", "message"),
    [
        (
            lambda: draw_label(TASKS["normal"], EXAMPLES["fixated_pose"], size=64),
            "'normal' reads 1 images, got room",
        ),
        (
            lambda: draw_label(TASKS["normal"], EXAMPLES["normal"], size=8),
            "at least 32 pixels a side .* got 8",
        ),
        (
            lambda: LabelExample(image_ids=("a/0/0", "a/0/1"), stored=(arrays(),)),
            "a/0/0, a/0/1: expected stored arrays and facts of 2 images, got 1",
        ),
        (lambda: LabelExample(image_ids=("a/0/0",), stored=({},)), "a/0/0: the image itself"),
        (lambda: LabelExample(image_ids=(), stored=()), "at least one image"),
    ],
)
def test_wrong_examples_are_refused(build, message):
    with pytest.raises(ValueError, match=message):
        build()
