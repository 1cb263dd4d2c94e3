"""Messages for wrong custom labels and images, and the least that is needed of them."""

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
)
from tests.directory_trees import write

from taskonomy_kedro.core.errors import UserError
from taskonomy_kedro.core.preparation.image_sources import open_source
from taskonomy_kedro.pipelines.data_preparation import nodes


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
def test_a_label_that_contradicts_its_entry_is_refused(root, tmp_path, folder, extension, value, message):
    shutil.copytree(root, tmp_path / "data")
    file = next(path for path in sorted((tmp_path / "data" / folder).rglob(f"*{extension}")))
    write(file, value)
    with pytest.raises(ValueError, match=f"{file.name}: .*{message}"):
        prepared(tmp_path / "data", tmp_path / "prepared")


def test_photographs_with_one_label_are_enough(tmp_path):
    """Any file names, no camera facts, no other label."""
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


def plain_images(root: Path, *names: str) -> Path:
    for name in names:
        write(root / "data/rgb" / name, np.zeros((SIZE, SIZE, 3), np.uint8))
    return root / "data"


def test_plain_images_have_an_empty_summary_and_no_pairs_to_match(tmp_path):
    places = ("attic", "barn", "cave", "dome")
    data = plain_images(tmp_path, *(f"{place}/point_0_view_{view}.png" for place in places for view in "01"))
    splits = prepared(data, tmp_path / "out", {}, requires_point_info=False)
    assert splits["test"].tuples["point_matching"].shape == (0, 2)
    table = nodes.summarise_splits(settings(data, {}), *splits.values())
    assert len(table) == 0
    assert "n_images" in table


@pytest.mark.parametrize(
    ("names", "more", "message"),
    [
        (("a.png",), {}, r"1 building \(data\), and .* such as rgb/place1 to rgb/place4"),
        (("a/a.png", "b/a.png", "c/a.png"), {}, r"has 3 buildings \(a, b, c\), and .* such as rgb/place1"),
        (("a/a.png",), {"requires_point_info": True}, r"set data\.directory\.requires_point_info=false"),
    ],
)
def test_too_few_places_and_missing_camera_facts_are_refused(tmp_path, names, more, message):
    data = plain_images(tmp_path, *names)
    with pytest.raises(UserError, match=message):
        open_source(settings(data, {}, **{"requires_point_info": False, **more}))


def test_a_missing_folder_is_refused_with_the_nearest_name(root):
    with pytest.raises(
        UserError, match=r"task 'heet': not one image .* folder 'heet'; there is 'heat': put it"
    ):
        open_source(settings(root, {"heet": ENTRIES["heat"]}))
