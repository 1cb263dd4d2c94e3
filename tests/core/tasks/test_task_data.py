import pytest

from taskonomy_kedro.core.tasks import TASKS


def names_where(condition):
    return {name for name, task in TASKS.items() if condition(task)}


def test_inputs_are_one_two_or_three_images_or_nine_tiles():
    wanted = {"jigsaw": 9, "egomotion": 3, "fixated_pose": 2, "nonfixated_pose": 2, "point_matching": 2}
    assert {name: task.reads.n_inputs for name, task in TASKS.items() if task.reads.n_inputs > 1} == wanted
    assert names_where(lambda task: task.reads.n_channels == 1) == {"colorization"}


def test_losses_and_masks_are_those_of_the_released_configurations():
    assert names_where(lambda task: task.loss == "l2") == {"curvature"}
    assert names_where(lambda task: task.loss == "metric") == {"segment_unsup2d", "segment_unsup25d"}
    assert names_where(lambda task: task.loss == "mse") == {"vanishing_point", "room_layout"}
    assert names_where(lambda task: task.mask == "valid_depth") == {
        *("edge_occlusion", "keypoints3d", "depth_zbuffer", "depth_euclidean", "normal", "reshading"),
        "curvature",
    }


def test_adversarial_are_all_maps_of_numbers_and_colours():
    dense = names_where(lambda task: task.label.kind in ("regression_map", "color_bins"))
    assert names_where(lambda task: task.is_adversarial) == dense
    assert len(dense) == 13


@pytest.mark.parametrize(
    ("name", "shape"),
    [
        ("normal", (3, 256, 256)),
        ("curvature", (2, 256, 256)),
        ("colorization", (313, 64, 64)),
        ("segment_semantic", (256, 256)),
        ("segment_unsup2d", (256, 256)),
        ("room_layout", (9,)),
        ("egomotion", (18,)),
        ("jigsaw", ()),
        ("class_scene", (63,)),
    ],
)
def test_labels_have_the_published_shapes(name, shape):
    assert TASKS[name].label.shape(256, 63) == shape


def test_a_number_of_classes_that_only_the_images_tell_is_asked_for():
    with pytest.raises(ValueError, match="needs the number of classes"):
        TASKS["class_object"].label.shape(64)


def test_a_task_lists_all_it_needs():
    assert TASKS["normal"].needed_domains == ("rgb", "normal", "mask_valid")
    assert TASKS["denoising"].needed_domains == ("rgb",)
    assert TASKS["jigsaw"].needed_domains == ("rgb",)


def test_roles():
    assert len(names_where(lambda task: task.role == "source_and_target")) == 22
    assert len(names_where(lambda task: task.role == "source_only")) == 4
