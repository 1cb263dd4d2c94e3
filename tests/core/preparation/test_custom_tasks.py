"""Custom tasks of each kind: from an entry and a folder of labels to every product of the preparation."""

import json

import numpy as np
import pytest
from tests.core.preparation.custom_labels import (
    ENTRIES,
    label_of,
    prepared,
    settings,
    target,
)

from taskonomy_kedro.core.directories import export_image, index_directory
from taskonomy_kedro.core.figures.style import FAMILY_COLOURS
from taskonomy_kedro.core.labels.custom_tasks import custom_task
from taskonomy_kedro.core.labels.drawing import caption_height, missing_label
from taskonomy_kedro.core.labels.statistics import LabelStatistics, rarity_weights
from taskonomy_kedro.core.preparation.prepared import PreparedSplit
from taskonomy_kedro.core.tasks import TASKS
from taskonomy_kedro.pipelines.data_preparation import nodes

DTYPES = {"heat": "uint8", "humidity": "uint16", "flow": "uint8", "material": "uint8", "tile": "uint16"}


@pytest.fixture(scope="module")
def splits(root, tmp_path_factory) -> dict[str, PreparedSplit]:
    return prepared(root, tmp_path_factory.mktemp("prepared"))


@pytest.fixture(scope="module")
def statistics(splits, root) -> LabelStatistics:
    stored = json.dumps(nodes.measure_labels(settings(root), splits["train"]))
    return LabelStatistics.from_json(json.loads(stored))


def labelled(split: PreparedSplit) -> list[int]:
    rows = [row for row in range(len(split)) if split.has("heat")[row]]
    assert 0 < len(rows) < len(split)
    return rows


@pytest.mark.parametrize("name", ENTRIES)
def test_labels_are_stored_as_the_files_hold_them(splits, name):
    for split in splits.values():
        domain = custom_task(name, ENTRIES[name]).domains[0]
        array = split.arrays[domain]
        kind = ENTRIES[name]["kind"]
        assert array.dtype == DTYPES.get(name, {"vector": "float32", "class": "int64"}.get(kind))
        for row in labelled(split):
            np.testing.assert_array_equal(array[row], label_of(name, split.image_ids[row]))
        missing = {"vector": np.nan, "class": -1}.get(kind, 0)
        lacking = sorted({*range(len(split))} - {*labelled(split)})
        np.testing.assert_array_equal(array[lacking], np.full_like(array[lacking], missing))
        np.testing.assert_array_equal(split.has(domain), split.has("heat"))


@pytest.mark.parametrize("name", ENTRIES)
def test_an_image_without_the_label_has_no_weight(splits, statistics, name):
    split = splits["test"]
    weights = target(split, name, statistics).weights.reshape(len(split), -1)
    np.testing.assert_array_equal(
        (weights > 0).any(axis=1), split.has(custom_task(name, ENTRIES[name]).domains[0])
    )


def test_targets_are_those_of_the_entry(splits, statistics):
    split = splits["train"]
    rows = labelled(split)
    files = {name: [label_of(name, split.image_ids[row]) for row in rows] for name in ENTRIES}
    heat = target(split, "heat")
    wanted = np.clip(np.array(files["heat"], np.float32)[:, None] / 100 - 1, -1, 1)
    np.testing.assert_allclose(heat.values[rows], wanted, atol=1e-6)
    has_geometry = np.asarray(split.arrays["mask_valid"])[rows, None] == 255
    np.testing.assert_array_equal(heat.weights[rows], has_geometry)
    wanted = np.clip((np.array(files["humidity"], np.float32)[:, None] - 3000) / 2000, -1, 1)
    np.testing.assert_allclose(target(split, "humidity").values[rows], wanted, atol=1e-6)
    wanted = np.moveaxis(np.array(files["flow"], np.float32)[..., :2], -1, 1) / 127.5 - 1
    np.testing.assert_allclose(target(split, "flow").values[rows], wanted, atol=1e-6)
    material, ids = target(split, "material"), np.array(files["material"], np.int64)
    np.testing.assert_array_equal(material.values[rows][ids > 0], ids[ids > 0] - 1)
    np.testing.assert_array_equal(material.weights[rows], ids > 0)
    np.testing.assert_array_equal(target(split, "tile").values[rows], files["tile"])
    assert target(split, "place").values[rows].tolist() == [int(number) for number in files["place"]]
    weather = target(split, "weather", statistics).values[rows]
    np.testing.assert_allclose(weather.mean(axis=0), 0, atol=1e-5)
    np.testing.assert_allclose(weather.std(axis=0), 1, atol=1e-5)


def test_constants_are_measured_on_the_images_that_have_the_label(splits, statistics):
    split = splits["train"]
    ids = [split.image_ids[row] for row in labelled(split)]
    vectors = np.array([label_of("weather", image_id) for image_id in ids], np.float64)
    np.testing.assert_allclose(statistics.standardisation("weather").mean, vectors.mean(axis=0), rtol=1e-5)
    np.testing.assert_allclose(statistics.standardisation("weather").std, vectors.std(axis=0), rtol=1e-5)
    for name, n_ids, first in (("material", 6, 1), ("tile", 300, 0)):
        files = np.array([label_of(name, image_id) for image_id in ids])
        counts = np.bincount(files.ravel(), minlength=n_ids)[first:]
        np.testing.assert_allclose(statistics.class_weights[name], rarity_weights(counts), rtol=1e-6)
    weighted = target(split, "material", statistics)
    assert len(np.unique(weighted.weights)) == 5  # 0, and one for each class that occurs


def test_the_summary_has_every_kind(splits, root):
    table = nodes.summarise_splits(settings(root), *splits.values())
    test = splits["test"]
    ids = [test.image_ids[row] for row in labelled(test)]
    found = {
        (row.domain, row.item, row.measure): (row.value, row.n_images)
        for row in table[table["split"] == "test"].itertuples()
    }

    def files(name: str) -> np.ndarray:
        return np.array([label_of(name, image_id) for image_id in ids])

    def percentile(array: np.ndarray, share: int) -> float:
        return np.percentile(array, share, method="inverted_cdf")

    n_images = len(ids)
    assert found["heat", "", "p50"] == (percentile(files("heat"), 50), n_images)
    assert found["humidity", "", "p99"] == (percentile(files("humidity"), 99), n_images)
    assert found["flow", "channel 1", "p25"] == (percentile(files("flow")[..., 1], 25), n_images)
    assert ("flow", "channel 2", "p25") not in found  # the task learns two
    assert found["wall_material", "id 1", "share of pixels"] == ((files("material") == 1).mean(), n_images)
    assert found["wall_material", "id 1", "share of images"] == (1, n_images)
    assert found["wall_material", "id 5", "share of images"] == (0, n_images)
    assert found["tile", "id 299", "share of pixels"][0] == (files("tile") == 299).mean()
    assert found["weather", "number 1", "mean"][0] == pytest.approx(files("weather")[:, 1].mean(), rel=1e-5)
    assert found["weather", "number 2", "std"][0] == pytest.approx(files("weather")[:, 2].std(), rel=1e-5)
    assert found["weather", "number 0", "greatest"][0] == pytest.approx(files("weather")[:, 0].max())
    assert found["place", "class 2", "share of images"] == ((files("place") == 2).mean(), n_images)


def test_the_contact_sheet_has_a_column_for_each(splits, statistics, root):
    split = splits["test"]
    figure = nodes.draw_contact_sheet(settings(root), split, statistics.to_json())
    axes = figure.axes[0]
    names = [text for text in axes.texts if text.get_rotation() == 36]
    words = [text.get_text() for text in names]
    assert set(ENTRIES) < set(words)
    assert len(words) == 1 + len(TASKS) + len(ENTRIES)
    assert words.index("Depth (z)") < words.index("flow") < words.index("Room layout")
    assert names[words.index("place")].get_color() == FAMILY_COLOURS["semantic"]
    cells, size = np.asarray(axes.images[0].get_array()), 128
    gap = (cells.shape[1] - len(words) * size) // (len(words) - 1)
    tall = size + caption_height(size)
    rows = [text.get_text().replace("\n", "") for text in axes.texts if text.get_ha() == "right"]
    for row, image_id in enumerate(rows):
        has_label = split.has("heat")[split.image_ids.index(image_id)]
        for name in ENTRIES:
            left, top = words.index(name) * (size + gap), row * (tall + gap)
            cell = cells[top : top + tall, left : left + size]
            assert (cell != missing_label(size)).any() == has_label, (name, image_id)


def test_custom_labels_are_neither_exported_nor_indexed_without_their_task(splits, root, tmp_path):
    written = export_image(splits["test"].stored_image(0), tmp_path)
    assert len(written) == 17
    assert not {"heat", "wall_material", "place"} & {path.name for path in tmp_path.iterdir()}
    assert not {"heat", "place"} & set(index_directory(root).columns)
