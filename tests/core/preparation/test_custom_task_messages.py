"""What is wrong with a user's own labels and images, told; and what is enough of them."""

import shutil
from pathlib import Path

import numpy as np
import pytest
from tests.core.preparation.custom_labels import (
    ENTRIES,
    SIZE,
    prepared,
    settings,
    target,
    write_rooms_with_labels,
)
from tests.directory_trees import write

from taskonomy_kedro.core.preparation.image_sources import open_source
from taskonomy_kedro.pipelines.data_preparation import nodes


@pytest.fixture(scope="module")
def root(tmp_path_factory) -> Path:
    root = tmp_path_factory.mktemp("rooms") / "data"
    write_rooms_with_labels(root)
    return root


@pytest.mark.parametrize(
    ("folder", "extension", "value", "message"),
    [
        ("heat", ".png", np.zeros((SIZE, SIZE), np.uint16), "is 16-bit .* expected heat 8-bit .*the task's `bits`"),
        ("heat", ".png", np.zeros((SIZE, SIZE, 3), np.uint8), "with 3 channels; expected heat 8-bit with 1"),
        ("humidity", ".png", np.zeros((SIZE, SIZE), np.uint8), "is 8-bit with 1 channel; expected humidity 16-bit"),
        ("heat", ".png", np.zeros((9, 9), np.uint8), "is 9x9 pixels; expected 32x32 as"),
        ("wall_material", ".png", np.full((SIZE, SIZE), 6, np.uint8), "holds the id 6; expected 0 to 5"),
        ("weather", ".npy", np.zeros(4), "holds 4 numbers; the task expects 3"),
        ("place", ".npy", np.array(4), "holds 4; expected one class from 0 to 3, or -1"),
        ("place", ".npy", np.array(1.5), "holds 1.5; expected one class from 0 to 3"),
        ("place", ".npy", np.zeros(2), "holds 2 numbers; expected one class"),
    ],
)  # fmt: skip
def test_a_label_that_is_not_what_the_entry_says_is_told(root, tmp_path, folder, extension, value, message):
    shutil.copytree(root, tmp_path / "data")
    file = next(path for path in sorted((tmp_path / "data" / folder).rglob(f"*{extension}")))
    write(file, value)
    with pytest.raises(ValueError, match=f"{file.name}: .*{message}"):
        prepared(tmp_path / "data", tmp_path / "prepared")


def test_a_class_of_minus_one_is_a_missing_label(root, tmp_path):
    shutil.copytree(root, tmp_path / "data")
    for file in (tmp_path / "data/place").rglob("*.npy"):
        write(file, np.array(-1))
    split = prepared(tmp_path / "data", tmp_path / "prepared")["test"]
    assert not split.has("place").any()
    assert split.has("heat").any()


def test_a_folder_that_is_not_there_is_told_with_the_nearest(root):
    with pytest.raises(
        ValueError, match=r"task 'heet': not one image .* folder 'heet'; there is 'heat': put it"
    ):
        open_source(settings(root, {"heet": ENTRIES["heat"]}))


def test_images_of_ones_own_with_a_label_are_enough(tmp_path):
    """Files with names of their own, no camera facts, no other label."""
    rng = np.random.default_rng(0)
    for place in ("attic", "barn", "cave", "dome"):
        for name in ("left", "right", "up"):
            picture = rng.integers(0, 256, (40, 48, 3)).astype(np.uint8)
            write(tmp_path / "data/rgb" / place / f"{name}.jpg", picture)
            if name != "up":
                write(tmp_path / "data/heat" / place / f"{name}.png", picture[..., 0])
    entry = {"kind": "regression_map", "range": [0, 255]}
    splits = prepared(tmp_path / "data", tmp_path / "out", {"heat": entry}, requires_point_info=False)
    assert {len(split) for split in splits.values()} == {3}
    assert splits["train"].has("heat").tolist() == [True, True, False]
    assert target(splits["train"], "heat", tasks={"heat": entry}).weights.sum(axis=(1, 2, 3)).tolist() == [
        SIZE**2,
        SIZE**2,
        0,
    ]
    data = settings(tmp_path / "data", {"heat": entry})
    statistics = nodes.measure_labels(data, splits["train"])
    assert set(nodes.summarise_splits(data, *splits.values())["domain"]) == {"heat"}
    assert nodes.draw_contact_sheet(data, splits["test"], statistics) is not None


def test_images_alone_have_an_empty_summary_with_its_columns(tmp_path):
    for place in ("attic", "barn", "cave", "dome"):
        write(tmp_path / "data/rgb" / place / "a.png", np.zeros((32, 32, 3), np.uint8))
    splits = prepared(tmp_path / "data", tmp_path / "out", {}, requires_point_info=False)
    data = settings(tmp_path / "data", {})
    table = nodes.summarise_splits(data, *splits.values())
    assert len(table) == 0
    assert "n_images" in table


@pytest.mark.parametrize("names", [("a.png",), ("attic/a.png", "barn/a.png", "cave/a.png")])
def test_fewer_places_than_splits_are_told_with_a_remedy(tmp_path, names):
    for name in names:
        write(tmp_path / "data/rgb" / name, np.zeros((32, 32, 3), np.uint8))
    wanted = r"has (1 building \(data\)|3 buildings \(attic, barn, cave\)), and .* such as rgb/place1 to rgb/place4"
    with pytest.raises(ValueError, match=wanted):
        open_source(settings(tmp_path / "data", {}, requires_point_info=False))


def test_images_without_camera_facts_are_told_the_setting(tmp_path):
    write(tmp_path / "rgb/attic/a.png", np.zeros((32, 32, 3), np.uint8))
    with pytest.raises(ValueError, match=r"set data\.directory\.requires_point_info=false"):
        open_source(settings(tmp_path, {}))


def test_a_split_of_images_of_one_point_has_no_pairs_to_match(tmp_path):
    for place in ("attic", "barn", "cave", "dome"):
        for view in range(2):
            file = tmp_path / "data/rgb" / place / f"point_0_view_{view}_domain_rgb.png"
            write(file, np.zeros((32, 32, 3), np.uint8))
    splits = prepared(tmp_path / "data", tmp_path / "out", {}, requires_point_info=False)
    assert splits["test"].tuples["point_matching"].shape == (0, 2)
