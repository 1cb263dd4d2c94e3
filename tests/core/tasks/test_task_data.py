from taskonomy_kedro.core.labels.input_transforms import TRANSFORMS
from taskonomy_kedro.core.labels.kinds import LABEL_KINDS
from taskonomy_kedro.core.tasks import TASKS
from taskonomy_kedro.core.tasks.loss_entries import LOSS_ENTRIES, losses_of


def names_where(condition):
    return {name for name, task in TASKS.items() if condition(task)}


def test_inputs_are_one_two_or_three_images_or_nine_tiles():
    expected = {"jigsaw": 9, "egomotion": 3, "fixated_pose": 2, "nonfixated_pose": 2, "point_matching": 2}
    assert {name: task.reads.n_inputs for name, task in TASKS.items() if task.reads.n_inputs > 1} == expected
    assert names_where(lambda task: task.reads.n_channels == 1) == {"colorization"}


def test_losses_and_masks_are_those_of_the_released_configurations():
    assert names_where(lambda task: task.loss == "l2") == {"curvature"}
    assert names_where(lambda task: task.loss == "metric") == {"segment_unsup2d", "segment_unsup25d"}
    assert names_where(lambda task: task.loss == "mse") == {"vanishing_point", "room_layout"}
    assert names_where(lambda task: task.mask == "valid_depth") == {
        *("edge_occlusion", "keypoints3d", "depth_zbuffer", "depth_euclidean", "normal", "reshading"),
        "curvature",
    }


def test_kinds_and_losses_are_registered():
    assert {task.label.kind for task in TASKS.values()} <= set(LABEL_KINDS)
    assert {task.loss for task in TASKS.values()} <= set(LOSS_ENTRIES)
    assert {task.reads.transform for task in TASKS.values()} <= set(TRANSFORMS)
    assert all(losses_of(kind.name) for kind in LABEL_KINDS.values() if kind.custom)


def test_adversarial_are_all_maps_of_numbers_and_colours():
    dense = names_where(lambda task: task.label.kind in ("regression_map", "color_bins"))
    assert names_where(lambda task: task.is_adversarial) == dense
    assert len(dense) == 13


def test_a_task_lists_all_it_needs():
    assert TASKS["normal"].needed_domains == ("rgb", "normal", "mask_valid")
    assert TASKS["denoising"].needed_domains == ("rgb",)
    assert TASKS["jigsaw"].needed_domains == ("rgb",)


def test_roles():
    assert len(names_where(lambda task: task.role == "source_and_target")) == 22
    assert len(names_where(lambda task: task.role == "source_only")) == 4
