"""What a network puts out goes back to stored units: the way back of `target_of`."""

import numpy as np
import pytest
from tests.label_examples import examples_by_task
from tests.perfect_outputs import one_hot, perfect_output, statistics

from taskonomy_kedro.core.labels.camera_labels import camera_vectors
from taskonomy_kedro.core.labels.colors import COLOR_BINS
from taskonomy_kedro.core.labels.custom_tasks import custom_task
from taskonomy_kedro.core.labels.kinds import kind_of
from taskonomy_kedro.core.labels.outputs import check_output, mean_colors, probabilities
from taskonomy_kedro.core.tasks import TASKS

EXAMPLES = examples_by_task()
CONSTANTS = statistics()


def to_stored(task, output, constants=None):
    return kind_of(task).to_stored(task, output, constants)


@pytest.mark.parametrize(
    "name",
    [
        name
        for name, task in TASKS.items()
        if task.label.kind in ("regression_map", "class_map") and not task.label.blur_sigma
    ],
)
def test_maps_come_back_to_what_was_stored(name):
    task = TASKS[name]
    stored = EXAMPLES[name].stored[0][task.domains[0]]
    label = task.label
    if name == "curvature":
        stored = stored[..., :2]
    if label.is_clipped:
        stored = np.clip(stored, *label.stored_range)
    back = to_stored(task, perfect_output(task, EXAMPLES[name], CONSTANTS), CONSTANTS)
    np.testing.assert_allclose(back, stored, atol=0.02)


@pytest.mark.parametrize("name", [name for name, task in TASKS.items() if task.domains == ("point_info",)])
def test_vectors_come_back_to_what_was_stored(name):
    example = EXAMPLES[name]
    raw = camera_vectors(name, example.point_infos, np.arange(len(example.image_ids))[None])[0]
    back = to_stored(TASKS[name], perfect_output(TASKS[name], example, CONSTANTS), CONSTANTS)
    np.testing.assert_allclose(back, raw, atol=1e-5)


def test_egomotion_composes_the_pose_that_is_not_put_out():
    task = TASKS["egomotion"]
    still = -(CONSTANTS.standardisation("egomotion").mean / CONSTANTS.standardisation("egomotion").std)
    output = np.concatenate([still[:6], still[12:]])
    output[3] += 1.0 / CONSTANTS.standardisation("egomotion").std[3]  # pose 1 to 2: one metre to the right
    poses = to_stored(task, output, CONSTANTS).reshape(3, 6)
    np.testing.assert_allclose(poses[:, 3], [1.0, 1.0, 0.0], atol=1e-6)
    np.testing.assert_allclose(np.delete(poses, 3, axis=1), 0.0, atol=1e-6)


def test_what_is_beyond_the_range_is_drawn_like_its_end():
    assert to_stored(TASKS["depth_zbuffer"], np.array([[[-3.0, 9.0, 1e6]]])).tolist() == [[0, 65535, 65535]]
    assert to_stored(TASKS["reshading"], np.array([[[-3.0, 0.0, 9.0]]])).tolist() == [[0.0, 127.5, 255.0]]


def test_classes_start_at_the_first_id_that_is_known():
    task = custom_task("parts", {"kind": "class_map", "classes": 3})
    plain = custom_task("parts", {"kind": "class_map", "classes": 3, "mask": "none"})
    logits = one_hot(np.array([[0, 2, 1]]), 3)
    assert to_stored(task, logits).tolist() == [[1, 3, 2]]
    assert to_stored(plain, logits).tolist() == [[0, 2, 1]]


def test_colors_lie_between_the_mean_and_the_likeliest_bin():
    logits = np.full((313, 1, 1), -50.0, dtype=np.float32)
    logits[[3, 200], 0, 0] = 1.0, 0.0
    share = 1 / (1 + np.exp(-2.606))
    expected = share * COLOR_BINS[3] + (1 - share) * COLOR_BINS[200]
    np.testing.assert_allclose(mean_colors(logits)[0, 0], expected, atol=1e-4)


def test_great_logits_are_no_overflow():
    np.testing.assert_allclose(probabilities(np.array([1e4, 1e4, -1e4])), [0.5, 0.5, 0.0])


@pytest.mark.parametrize(
    ("name", "shape", "wanted"),
    [
        ("normal", (1, 32, 32), r"\(3, 32, 32\), got \(1, 32, 32\)"),
        ("segment_semantic", (17, 32), r"\(17, 32, 32\), got \(17, 32\)"),
        ("colorization", (313, 32, 32), r"\(313, 8, 8\)"),
        ("egomotion", (18,), r"\(12\), got \(18,\)"),
        ("class_scene", (8, 1), r"\(any\), got \(8, 1\)"),
    ],
)
def test_outputs_of_another_shape_are_refused(name, shape, wanted):
    with pytest.raises(ValueError, match=f"task '{name}' has outputs of shape {wanted}"):
        check_output(TASKS[name], np.zeros(shape, np.float32), (32, 32, 3))


def test_an_untrained_network_has_nothing_to_draw_and_constants_may_be_missing():
    with pytest.raises(ValueError, match="'random_projection' puts out nothing"):
        check_output(TASKS["random_projection"], np.zeros(3), (32, 32, 3))
    with pytest.raises(ValueError, match="'room_layout' needs the mean and spread"):
        to_stored(TASKS["room_layout"], np.zeros(9, np.float32))
