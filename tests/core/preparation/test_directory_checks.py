import logging

import pytest
from tests.directory_trees import write_tree

from taskonomy_kedro.core.directories import custom_formats, index_directory
from taskonomy_kedro.core.labels.custom_tasks import custom_task
from taskonomy_kedro.core.preparation.directory_checks import warn_of_missing_masks
from taskonomy_kedro.core.preparation.image_sources import open_source
from taskonomy_kedro.core.preparation.settings import DataSettings

IMAGES = [("place", point, 0) for point in range(3)]
MASKED = ["depth_euclidean", "normal", "reshading", "principal_curvature", "edge_occlusion", "keypoints3d"]


def warned(caplog, root, own=()) -> str:
    tasks = {task.name: task for task in own}
    forms = custom_formats(own)
    domains = ("rgb", *MASKED, "keypoints2d", "depth_zbuffer", "mask_valid", *(form.name for form in forms))
    index = index_directory(root, domains=domains, custom_formats=forms, required=("rgb",))
    caplog.clear()
    with caplog.at_level(logging.WARNING):
        warn_of_missing_masks(index, tasks)
    return caplog.text


def test_labels_without_any_mask_are_listed(tmp_path, caplog):
    write_tree(tmp_path, IMAGES, domains=["rgb", *MASKED, "keypoints2d"], size=16)
    message = f"{tmp_path}: nothing is learned from {', '.join(MASKED)}, as no image of them has mask_valid"
    assert message in warned(caplog, tmp_path)


@pytest.mark.parametrize("mask", ["mask_valid", "depth_zbuffer"])
def test_a_label_needs_a_mask_of_the_same_image(tmp_path, caplog, mask):
    write_tree(tmp_path, IMAGES[:2], domains=["rgb", "normal"], size=16)
    write_tree(tmp_path, IMAGES[2:], domains=["rgb", mask], size=16)
    assert "nothing is learned from normal, as" in warned(caplog, tmp_path)
    write_tree(tmp_path, IMAGES[1:2], domains=[mask], size=16)
    assert warned(caplog, tmp_path) == ""


def test_custom_labels_are_listed_only_if_they_use_the_mask(tmp_path, caplog):
    entry = {"kind": "regression_map", "range": [0, 200], "folder": "keypoints2d_own"}
    write_tree(tmp_path, IMAGES, domains=["rgb"], size=16)
    for path in sorted((tmp_path / "rgb").rglob("*.png")):
        target = tmp_path / "keypoints2d_own" / path.relative_to(tmp_path / "rgb")
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(path.read_bytes())
    assert warned(caplog, tmp_path, [custom_task("heat", entry)]) == ""
    assert "learned from keypoints2d_own, as" in warned(
        caplog, tmp_path, [custom_task("heat", {**entry, "mask": "valid_depth"})]
    )


def test_opening_a_directory_warns(tmp_path, caplog):
    images = [(f"place{k}", 0, 0) for k in range(4)]
    write_tree(tmp_path, images, domains=["rgb", "normal"], size=32)
    data = {"dataset_dir": str(tmp_path), "requires_point_info": False}
    with caplog.at_level(logging.WARNING):
        open_source(DataSettings(source="directory", processes=1, directory=data))
    assert "nothing is learned from normal, as" in caplog.text
