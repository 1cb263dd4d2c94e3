import numpy as np
import pytest
from tests.core.labels.facts import facts

from taskonomy_kedro.core.labels.camera_labels import camera_vectors
from taskonomy_kedro.core.labels.custom_tasks import custom_task
from taskonomy_kedro.core.labels.kinds import kind_of
from taskonomy_kedro.core.labels.outputs import check_output
from taskonomy_kedro.core.labels.statistics import LabelStatistics, Standardisation
from taskonomy_kedro.core.labels.stored import STORED_DOMAINS
from taskonomy_kedro.core.labels.targets import picture, target_of
from taskonomy_kedro.core.tasks import TASKS
from taskonomy_kedro.core.tasks.task import Task

N, SIZE = 3, 16


@pytest.fixture
def stored():
    rng = np.random.default_rng(0)
    arrays = {}
    for name, domain in STORED_DOMAINS.items():
        shape = (N, *domain.shape(SIZE, 5))
        if domain.kind == "vector":
            arrays[name] = rng.random(shape).astype(np.float32)
        else:
            arrays[name] = rng.integers(0, np.iinfo(domain.dtype).max, shape).astype(domain.dtype)
    arrays["segment_semantic"] %= 18
    arrays["mask_valid"] = np.where(rng.random((N, SIZE, SIZE)) < 0.7, 255, 0).astype(np.uint8)
    arrays["vanishing_point"] = camera_vectors("vanishing_point", [facts()] * N)
    arrays["room_layout"] = camera_vectors("room_layout", [facts(), facts(bounding_box_ranges=None), facts()])
    return arrays


STATISTICS = LabelStatistics(
    standardisations={
        "curvature": Standardisation(mean=np.array([127.0, 100.0]), std=np.array([2.0, 10.0])),
        "room_layout": Standardisation(mean=np.full(9, 1.0), std=np.full(9, 2.0)),
    },
    class_weights={"segment_semantic": np.linspace(0.5, 2.0, 17).astype(np.float32)},
)


def single_image_tasks():
    return [
        t for t in TASKS.values() if t.domains and t.reads.sampling == "images" and t.name != "colorization"
    ]


@pytest.mark.parametrize("task", single_image_tasks(), ids=lambda task: task.name)
def test_targets_have_the_shape_and_type_of_their_kind(task: Task, stored):
    target = target_of(task, stored, STATISTICS)
    kind, shape = kind_of(task), target.values.shape
    check_output(task, np.zeros(kind.output_shape(task.label, shape)[1:]), (SIZE, SIZE, 3))
    assert str(target.values.dtype) == kind.dtype
    assert target.weights.shape == kind.weights_shape(shape)
    assert np.isfinite(target.values).all()
    assert target.weights.dtype == np.float32
    assert len(target.weights) == N
    missing = target_of(task, stored, STATISTICS, is_present=np.array([True, False, True]))
    assert not missing.weights[1].any()
    np.testing.assert_array_equal(missing.weights[[0, 2]], target.weights[[0, 2]])


def test_pictures_reach_from_minus_one_to_one():
    rgb = np.array([[[[0, 51, 255]]]], dtype=np.uint8)
    np.testing.assert_allclose(picture(rgb)[0, :, 0, 0], [-1.0, -0.6, 1.0], atol=1e-6)


@pytest.mark.parametrize(
    ("task", "stored_value", "value"),
    [
        ("edge_texture", 0.04 * 65535, 0.0),
        ("edge_texture", 65535, 1.0),  # clipped at 0.08
        ("keypoints2d", 0.0025 * 65535, 0.0),
        ("keypoints2d", 20000, 1.0),
        ("edge_occlusion", 0.0125 * 65535, 3.0),  # not clipped
        ("keypoints3d", 65535, 1.0),
        ("depth_zbuffer", 0, 0.0),
        ("depth_zbuffer", 255, 0.5),  # ln 256 / ln 65536
        ("depth_euclidean", 65535, 1.0),
    ],
)
def test_maps_are_scaled_as_published(task, stored_value, value):
    domain = TASKS[task].domains[0]
    arrays = {domain: np.full((1, 8, 8), round(stored_value), dtype=np.uint16)}
    arrays["mask_valid"] = np.full((1, 8, 8), 255, dtype=np.uint8)
    np.testing.assert_allclose(target_of(TASKS[task], arrays).values, value, atol=3e-3)


def test_occlusion_edges_are_smoothed_by_four_pixels_of_256():
    point = np.zeros((1, 128, 128), dtype=np.uint16)
    point[0, 64, 64] = 60000
    arrays = {"edge_occlusion": point, "mask_valid": np.full((1, 128, 128), 255, dtype=np.uint8)}
    values = target_of(TASKS["edge_occlusion"], arrays).values[0, 0] + 1.0
    row = values[64] / values[64].sum()
    assert np.sqrt(row @ (np.arange(128) - 64) ** 2) == pytest.approx(2.0, rel=0.02)


def test_only_pixels_with_geometry_count_in_3d_tasks_and_all_in_others(stored):
    valid = stored["mask_valid"] == 255
    for name in ("depth_zbuffer", "normal", "reshading", "curvature", "edge_occlusion", "keypoints3d"):
        weights = target_of(TASKS[name], stored, STATISTICS).weights
        np.testing.assert_array_equal(weights[:, 0] == 1.0, valid)
    for name in ("edge_texture", "autoencoding", "segment_unsup25d"):
        assert (target_of(TASKS[name], stored).weights == 1.0).all()


def test_curvature_is_standardised_by_channel(stored):
    stored["principal_curvature"][0, 0, 0] = (131, 90, 7)
    values = target_of(TASKS["curvature"], stored, STATISTICS).values
    assert values[0, :, 0, 0].tolist() == [2.0, -1.0]


def test_semantic_classes_start_at_zero_and_the_uncertain_weighs_nothing(stored):
    stored["segment_semantic"][0, 0, :3] = (0, 1, 17)
    target = target_of(TASKS["segment_semantic"], stored, STATISTICS)
    assert target.values[0, 0, 1:3].tolist() == [0, 16]
    np.testing.assert_allclose(target.weights[0, 0, :3], [0.0, 0.5, 2.0])
    assert target.values.min() >= 0


def test_object_logits_become_probabilities_and_a_missing_file_weighs_nothing(stored):
    stored["class_object"][0] = np.log([0.1, 0.2, 0.3, 0.2, 0.2]) + 7.0
    stored["class_object"][1] = np.nan
    target = target_of(TASKS["class_object"], stored)
    np.testing.assert_allclose(target.values[0], [0.1, 0.2, 0.3, 0.2, 0.2], rtol=1e-5)
    np.testing.assert_allclose(target.values.sum(axis=1), 1.0, rtol=1e-5)
    assert target.weights.tolist() == [1.0, 0.0, 1.0]


def test_63_of_365_scenes_are_kept_and_sum_to_one_again():
    probabilities = np.zeros((1, 365), dtype=np.float32)
    probabilities[0, [3, 23, 0]] = (0.3, 0.1, 0.6)
    values = target_of(TASKS["class_scene"], {"class_scene": probabilities}).values
    assert values.shape == (1, 63)
    np.testing.assert_allclose(values[0, :2], [0.75, 0.25], rtol=1e-6)


def test_layouts_are_standardised_and_absent_boxes_weigh_nothing(stored):
    target = target_of(TASKS["room_layout"], stored, STATISTICS)
    np.testing.assert_allclose(target.values[0], (stored["room_layout"][0] - 1.0) / 2.0)
    assert target.weights.tolist() == [1.0, 0.0, 1.0]
    np.testing.assert_array_equal(
        target_of(TASKS["vanishing_point"], stored).values, stored["vanishing_point"]
    )


def test_missing_arrays_and_statistics_are_named(stored):
    with pytest.raises(ValueError, match="'heat' needs the stored array 'heat'"):
        target_of(custom_task("heat", {"kind": "regression_map", "range": [0, 1]}), stored)
    with pytest.raises(ValueError, match="'room_layout' needs the mean and spread"):
        target_of(TASKS["room_layout"], stored)
    with pytest.raises(ValueError, match="'jigsaw' is not made from stored arrays alone"):
        target_of(TASKS["jigsaw"], stored)
    with pytest.raises(ValueError, match="needs 3 channels"):
        target_of(TASKS["normal"], {**stored, "normal": stored["reshading"]})
