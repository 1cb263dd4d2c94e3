"""A perfect output looks like the label, a wrong one does not."""

import numpy as np
import pytest
from tests.label_examples import arrays, camera, examples_by_task
from tests.perfect_outputs import one_hot, perfect_output, statistics

from taskonomy_kedro.core.labels.custom_tasks import custom_task
from taskonomy_kedro.core.labels.drawing import (
    LabelExample,
    caption_height,
    draw_answer,
    draw_input,
    draw_label,
    draw_prediction,
    missing_label,
)
from taskonomy_kedro.core.labels.drawing.regions import embedding_colors
from taskonomy_kedro.core.labels.drawing.self_made import recolored
from taskonomy_kedro.core.labels.quantise import log_depth
from taskonomy_kedro.core.tasks import TASKS

DRAWABLE = [name for name, task in TASKS.items() if task.label.kind != "none"]
SHOWS_INPUT = ("colorization", "denoising", "inpainting", "jigsaw")
"""Tasks whose label is drawn with the input beside it: there `draw_answer` resembles a prediction."""
OTHER_CAPTION = ("autoencoding", "denoising", "inpainting", "jigsaw", "point_matching")
CONSTANTS = statistics(ground=3)
EXAMPLES = examples_by_task()
OWN = {
    "map": ({"kind": "regression_map", "range": [0, 255]}, np.arange(1024, dtype=np.uint8).reshape(32, 32)),
    "map of two": (
        {"kind": "regression_map", "channels": 2, "range": [0, 1]},
        np.linspace(0, 1, 2048, dtype=np.float32).reshape(32, 32, 2),
    ),
    "class map": ({"kind": "class_map", "classes": 40}, np.arange(1024, dtype=np.uint8).reshape(32, 32) % 41),
    "vector": ({"kind": "vector", "length": 3}, np.array([0.1, -2.0, 1.0], np.float32)),
    "class": ({"kind": "class", "classes": 4}, np.int64(2)),
}


def _own(kind):
    entry, label = OWN[kind]
    task = custom_task("ground", entry)
    return task, LabelExample(image_ids=("room/0/0",), stored=({**arrays(), "ground": label},))


def _draw(task, output, example, size=64, **options):
    return draw_prediction(task, output, example, size, statistics=CONSTANTS, **options)


def _distance(first, second):
    """Mean difference of the channels of two pictures, 0 to 255."""
    return float(np.abs(first.astype(int) - second.astype(int)).mean())


def _wrong(task, output):
    """Return another output of the same shape."""
    if task.label.kind == "class":
        return -output
    return np.random.default_rng(1).permutation(output.ravel()).reshape(output.shape) * 0.9 - 0.05


@pytest.mark.parametrize("size", [64, 128])
@pytest.mark.parametrize("name", [name for name in DRAWABLE if "segment_unsup" not in name])
def test_a_perfect_output_looks_like_the_label_and_a_wrong_one_does_not(name, size):
    task, example = TASKS[name], EXAMPLES[name]
    output = perfect_output(task, example, CONSTANTS)
    answer = draw_answer(task, example, size, statistics=CONSTANTS)
    drawn = _draw(task, output, example, size)
    rows = slice(size if name in OTHER_CAPTION else None)
    assert drawn.shape == answer.shape == (size + caption_height(size), size, 3)
    assert drawn.dtype == np.uint8
    # a rounding may move a fine line of a plan by a third of a pixel
    assert _distance(drawn[rows], answer[rows]) < (0.5 if task.domains == ("point_info",) else 0.05)
    np.testing.assert_array_equal(drawn, _draw(task, output, example, size))
    assert _distance(_draw(task, _wrong(task, output), example, size), drawn) > 1.0


@pytest.mark.parametrize("name", [name for name in DRAWABLE if name not in (*SHOWS_INPUT, "edge_occlusion")])
def test_the_answer_is_the_label_where_that_shows_no_input(name):
    label = draw_label(TASKS[name], EXAMPLES[name], size=64, statistics=CONSTANTS)
    answer = draw_answer(TASKS[name], EXAMPLES[name], 64, statistics=CONSTANTS)
    np.testing.assert_array_equal(answer, label)


@pytest.mark.parametrize("kind", list(OWN))
def test_a_prediction_of_a_custom_task_looks_like_its_label(kind):
    task, example = _own(kind)
    output = perfect_output(task, example, CONSTANTS)
    label = draw_label(task, example, size=64, statistics=CONSTANTS)
    rows = slice(64 if kind == "class" else None)  # the caption shows the probability
    assert _distance(_draw(task, output, example)[rows], label[rows]) < 0.05
    assert _distance(_draw(task, np.roll(output, 1, axis=0) * 0.5, example), label) > 0.5


@pytest.mark.parametrize("name", list(TASKS))
def test_inputs_are_drawn_as_the_network_sees_them(name):
    drawn = draw_input(TASKS[name], EXAMPLES[name], 64)
    assert drawn.shape == (64 + caption_height(64), 64, 3)
    rgb = EXAMPLES[name].pictures[0].repeat(2, 0).repeat(2, 1)
    is_plain = TASKS[name].reads.transform == "none" and len(EXAMPLES[name].pictures) == 1
    assert (drawn[:64] == rgb).all() == is_plain


def test_depth_is_drawn_on_the_scale_of_its_label_and_striped_where_that_has_none():
    task, example = TASKS["depth_zbuffer"], EXAMPLES["depth_zbuffer"]
    label = np.full((32, 32), 1024, dtype=np.uint16)  # 2 m
    label[:, 16:] = 2048
    label[:8] = 65535
    example = LabelExample(
        image_ids=example.image_ids, stored=({**example.stored[0], "depth_zbuffer": label},)
    )
    drawn = draw_label(task, example, size=32)
    predicted = _draw(task, log_depth(np.full((1, 32, 32), 2048.0)), example, 32)
    np.testing.assert_array_equal(predicted[:8], drawn[:8])
    np.testing.assert_array_equal(predicted[:, 16:], drawn[:, 16:])  # the right half and the scale
    np.testing.assert_array_equal(predicted[8:32, :16], drawn[8:32, 16:])


def test_normals_and_classes_are_striped_where_the_label_is():
    mask = np.full((32, 32), 255, dtype=np.uint8)
    mask[:16] = 0
    stored = {**arrays(), "mask_valid": mask, "segment_semantic": (mask // 255 * 3).astype(np.uint8)}
    example = LabelExample(image_ids=("room/0/0",), stored=(stored,))
    for name, output in (
        ("normal", np.zeros((3, 32, 32), np.float32)),
        ("segment_semantic", one_hot(np.full((32, 32), 5), 17)),
    ):
        label = draw_label(TASKS[name], example, size=32)
        drawn = _draw(TASKS[name], output, example, 32)
        np.testing.assert_array_equal(drawn[:16], label[:16])
        assert (drawn[16:32] != label[16:32]).any()


def test_without_a_label_a_prediction_is_drawn_on_its_own_scale():
    for name in ("depth_zbuffer", "normal", "segment_semantic", "curvature"):
        task = TASKS[name]
        lacking = LabelExample(image_ids=("room/0/0",), stored=({"rgb": arrays()["rgb"]},))
        drawn = _draw(task, perfect_output(task, EXAMPLES[name], CONSTANTS), lacking)
        assert (drawn != missing_label(64)).any()


def test_without_cameras_nothing_is_drawn():
    lacking = LabelExample(image_ids=("room/0/0",), stored=(arrays(),))
    drawn = _draw(TASKS["vanishing_point"], np.ones(9, np.float32), lacking)
    np.testing.assert_array_equal(drawn, missing_label(64))
    no_box = LabelExample(
        image_ids=("room/0/0",), stored=(arrays(),), point_infos=(camera(bounding_box_ranges=None),)
    )
    assert (_draw(TASKS["room_layout"], np.zeros(9, np.float32), no_box) != missing_label(64)).any()


@pytest.mark.parametrize("name", DRAWABLE)
def test_extreme_and_nan_outputs_are_drawn(name):
    output = perfect_output(TASKS[name], EXAMPLES[name], CONSTANTS)
    for wild in (output * 1e4, output * 0.0, np.full_like(output, np.nan)):
        assert _draw(TASKS[name], wild, EXAMPLES[name]).shape == (64 + caption_height(64), 64, 3)


def test_pixels_of_one_region_have_one_color_and_of_two_regions_two():
    ids = np.arange(32 * 32).reshape(32, 32) // 256  # four stripes
    colors = embedding_colors(one_hot(ids, 64))
    assert len(np.unique(colors.reshape(-1, 3), axis=0)) == 4
    assert all(len(np.unique(colors[ids == k], axis=0)) == 1 for k in range(4))


def test_the_colors_of_an_embedding_do_not_depend_on_the_order_of_its_pixels():
    embedding = np.random.default_rng(0).normal(size=(64, 16, 16)).astype(np.float32)
    embedding *= np.linspace(3, 0.1, 64, dtype=np.float32)[:, None, None]
    turned = embedding_colors(np.ascontiguousarray(embedding[:, ::-1, ::-1]))[::-1, ::-1]
    assert np.abs(turned.astype(int) - embedding_colors(embedding)).max() <= 1


def test_a_constant_embedding_is_grey():
    assert (embedding_colors(np.full((64, 8, 8), 0.3, np.float32)) == 128).all()


def test_predicted_colors_have_the_lightness_of_the_image():
    task, example = TASKS["colorization"], EXAMPLES["colorization"]
    drawn = _draw(task, perfect_output(task, example, CONSTANTS), example, 32)[:32]
    assert _distance(drawn, recolored(example.pictures[0])) < 0.05


def test_a_vector_is_drawn_on_the_scale_of_its_label():
    task, example = _own("vector")
    output = CONSTANTS.standardisation("ground").apply(np.array([0.1, -1.0, 1.0], np.float32))
    drawn, label = _draw(task, output, example, 60), draw_label(task, example, size=60)
    np.testing.assert_array_equal(drawn[:12], label[:12])
    np.testing.assert_array_equal(drawn[24:], label[24:])
    second = slice(13, 14)  # the second of five bars, above its number
    bars = [(picture[second, 1:-1] != 255).any(axis=2).sum() for picture in (drawn, label)]
    assert bars[0] == pytest.approx(bars[1] / 2, abs=1)


def test_the_plan_of_a_prediction_has_room_for_the_label():
    task, example = TASKS["fixated_pose"], EXAMPLES["fixated_pose"]
    constants = CONSTANTS.standardisation("fixated_pose")
    near = _draw(task, -constants.mean / constants.std, example, 96)  # both cameras in one place
    label = draw_label(task, example, size=96)
    corner = np.s_[84:96, :24]  # the bar of one metre
    np.testing.assert_array_equal(near[corner], label[corner])
    assert (near[48:96] != label[48:96]).any()


def test_the_length_of_a_direction_does_not_matter():
    task, example = TASKS["vanishing_point"], EXAMPLES["vanishing_point"]
    output = perfect_output(task, example, CONSTANTS)
    np.testing.assert_array_equal(_draw(task, output * 8, example), _draw(task, output, example))


def test_tiles_in_a_wrong_cell_have_a_red_number():
    task, example = TASKS["jigsaw"], EXAMPLES["jigsaw"]
    drawn = _draw(task, one_hot(np.array(7), 100), example, 96)
    corners = [drawn[row * 32, column * 32].argmax() for row in range(3) for column in range(3)]
    right = _draw(task, perfect_output(task, example, CONSTANTS), example, 96)
    assert {right[row * 32, column * 32].argmax() for row in range(3) for column in range(3)} == {1}
    assert 0 in corners


def test_a_wrong_shape_is_refused_and_a_probability_of_a_match_colours_the_strip():
    task, pair = TASKS["point_matching"], EXAMPLES["point_matching"]
    with pytest.raises(ValueError, match=r"'normal' has outputs of shape \(3, 32, 32\)"):
        _draw(TASKS["normal"], np.zeros((3, 16, 16)), EXAMPLES["normal"])
    sure, undecided, against = (
        _draw(task, np.array([0.0, logit]), pair)[-1, 0] for logit in (3.0, 0.0, -3.0)
    )
    assert (sure.argmax(), against.argmax()) == (1, 0)
    assert undecided.min() == undecided.max()
