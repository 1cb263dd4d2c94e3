"""A 27th task, of each kind, from an entry and a folder of labels to everything the preparation makes."""

import json
import logging
import shutil
from pathlib import Path

import numpy as np
import pytest
from tests.core.preparation.own_labels import ENTRIES, SIZE, label_of, write_rooms_with_labels
from tests.directory_trees import write

from taskonomy_kedro.core.directories import export_image, index_directory, own_format
from taskonomy_kedro.core.directories.reading import ReadingPlan
from taskonomy_kedro.core.figures.style import FAMILY_COLOURS
from taskonomy_kedro.core.labels.drawing import caption_height, missing_label
from taskonomy_kedro.core.labels.statistics import LabelStatistics, rarity_weights
from taskonomy_kedro.core.labels.stored import own_domain
from taskonomy_kedro.core.labels.targets import target_of
from taskonomy_kedro.core.preparation import writing
from taskonomy_kedro.core.preparation.prepared import PreparedSplit
from taskonomy_kedro.core.preparation.settings import SPLITS, DataSettings
from taskonomy_kedro.core.preparation.writing import Preparation, prepare
from taskonomy_kedro.core.tasks import TASKS, own_task
from taskonomy_kedro.pipelines.data_preparation import nodes

DTYPES = {"heat": "uint8", "humidity": "uint16", "flow": "uint8", "material": "uint8", "tile": "uint16"}


def settings(root: Path, tasks=ENTRIES, **directory) -> DataSettings:
    return DataSettings(
        source="directory",
        image_size=SIZE,
        processes=1,
        directory={"data_dir": str(root), **directory},
        tasks=tasks,
    )


def prepared(root: Path, folder: Path, tasks=ENTRIES, **directory) -> dict[str, PreparedSplit]:
    splits = {}
    for split in SPLITS:
        prepare(split, settings(root, tasks, **directory)).write(folder / split)
        splits[split] = PreparedSplit.open(folder / split)
    return splits


@pytest.fixture(scope="module")
def root(tmp_path_factory) -> Path:
    root = tmp_path_factory.mktemp("rooms") / "data"
    write_rooms_with_labels(root)
    return root


@pytest.fixture(scope="module")
def splits(root, tmp_path_factory) -> dict[str, PreparedSplit]:
    return prepared(root, tmp_path_factory.mktemp("prepared"))


@pytest.fixture(scope="module")
def statistics(splits) -> LabelStatistics:
    told = json.loads(json.dumps(nodes.measure_labels(splits["train"])))
    return LabelStatistics.from_json(told)


def labelled(split: PreparedSplit) -> list[int]:
    rows = [row for row in range(len(split)) if split.has("heat")[row]]
    assert 0 < len(rows) < len(split)
    return rows


def test_a_split_tells_the_tasks_it_was_made_for(splits):
    for split in splits.values():
        assert list(split.tasks) == [*TASKS, *ENTRIES]
        for name, entry in ENTRIES.items():
            assert split.tasks[name] == own_task(name, entry)


@pytest.mark.parametrize("name", ENTRIES)
def test_labels_are_stored_as_the_files_hold_them(splits, name):
    for split in splits.values():
        domain = split.tasks[name].domains[0]
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
def test_reader_and_store_agree_on_what_stands_for_a_missing_label(name):
    task = own_task(name, ENTRIES[name])
    form = own_format(task)
    lengths = {form.name: form.length} if form.length else {}
    filling = ReadingPlan(size=SIZE, formats={form.name: form}, vector_lengths=lengths).filling(form.name)
    empty = own_domain(task).empty(SIZE, form.length or 0)
    assert filling.dtype == empty.dtype
    np.testing.assert_array_equal(filling, empty)


def target(split: PreparedSplit, name: str, statistics: LabelStatistics | None = None):
    task = split.tasks[name]
    rows = np.arange(len(split))
    stored = split.batch(rows, task.needed_domains)
    return target_of(task, stored, statistics, split.has(task.domains[0]))


@pytest.mark.parametrize("name", ENTRIES)
def test_an_image_without_the_label_has_no_weight(splits, statistics, name):
    split = splits["test"]
    weights = target(split, name, statistics).weights.reshape(len(split), -1)
    np.testing.assert_array_equal((weights > 0).any(axis=1), split.has(split.tasks[name].domains[0]))


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


def test_the_summary_tells_every_kind(splits):
    table = nodes.summarise_splits(*splits.values())
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


def test_the_contact_sheet_has_a_column_for_each(splits, statistics):
    split = splits["test"]
    figure = nodes.draw_contact_sheet(split, statistics.to_json())
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


def test_an_entry_that_changes_is_noticed_and_one_that_stays_is_kept(root, tmp_path, caplog):
    folder = tmp_path / "train"
    entries = {"heat": ENTRIES["heat"]}
    with caplog.at_level(logging.INFO):
        prepare("train", settings(root, entries)).write(folder)
        prepare("train", settings(root, entries)).write(folder)
        assert "train: unchanged" in caplog.text
        caplog.clear()
        prepare("train", settings(root, {"heat": {**ENTRIES["heat"], "range": [0, 100]}})).write(folder)
    assert "because tasks.heat.range was [0, 200], is [0, 100]" in caplog.text
    assert PreparedSplit.open(folder).tasks["heat"].label.stored_range == (0, 100)
    prepare("train", settings(root, {})).write(folder)
    assert PreparedSplit.open(folder).tasks == TASKS
    assert not (folder / "heat.npy").exists()


def test_a_stopped_preparation_goes_on_with_own_labels(root, splits, tmp_path, monkeypatch, caplog):
    monkeypatch.setattr(writing, "_COMMIT_IMAGES", 1)
    whole = prepare("train", settings(root))
    images = whole.source.images

    def broken_off(split, skip=0, skipped=()):
        for number, item in enumerate(images(split, skip, skipped)):
            if number == 2:
                raise KeyboardInterrupt
            yield item

    monkeypatch.setattr(whole.source, "images", broken_off, raising=False)
    with pytest.raises(KeyboardInterrupt):
        whole.write(tmp_path / "train")
    monkeypatch.setattr(whole.source, "images", images)
    with caplog.at_level(logging.INFO):
        Preparation(split="train", settings=whole.settings, source=whole.source).write(tmp_path / "train")
    assert "train: going on after 1 images" in caplog.text
    assert PreparedSplit.open(tmp_path / "train").fingerprint == splits["train"].fingerprint


def test_the_export_leaves_own_labels_out(splits, tmp_path):
    written = export_image(splits["test"].stored_image(0), tmp_path)
    assert len(written) == 17
    assert not {"heat", "wall_material", "place"} & {path.name for path in tmp_path.iterdir()}


@pytest.mark.parametrize(
    ("folder", "extension", "value", "message"),
    [
        ("heat", ".png", np.zeros((SIZE, SIZE), np.uint16), "is 16-bit .* wanted heat 8-bit .*the task's `bits`"),
        ("heat", ".png", np.zeros((SIZE, SIZE, 3), np.uint8), "with 3 channels; wanted heat 8-bit with 1"),
        ("humidity", ".png", np.zeros((SIZE, SIZE), np.uint8), "is 8-bit with 1 channel; wanted humidity 16-bit"),
        ("heat", ".png", np.zeros((9, 9), np.uint8), "is 9x9 pixels; wanted 32x32 as"),
        ("wall_material", ".png", np.full((SIZE, SIZE), 6, np.uint8), "holds the id 6; wanted 0 to 5"),
        ("weather", ".npy", np.zeros(4), "holds 4 numbers; the task wants 3"),
        ("place", ".npy", np.array(4), "holds 4; wanted one class from 0 to 3, or -1"),
        ("place", ".npy", np.array(1.5), "holds 1.5; wanted one class from 0 to 3"),
        ("place", ".npy", np.zeros(2), "holds 2 numbers; wanted one class"),
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
        prepare("train", settings(root, {"heet": ENTRIES["heat"]}))


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
    assert target(splits["train"], "heat").weights.sum(axis=(1, 2, 3)).tolist() == [SIZE**2, SIZE**2, 0]
    statistics = nodes.measure_labels(splits["train"])
    assert set(nodes.summarise_splits(*splits.values())["domain"]) == {"heat"}
    assert nodes.draw_contact_sheet(splits["test"], statistics) is not None


def test_images_alone_have_an_empty_summary_with_its_columns(tmp_path):
    for place in ("attic", "barn", "cave", "dome"):
        write(tmp_path / "data/rgb" / place / "a.png", np.zeros((32, 32, 3), np.uint8))
    splits = prepared(tmp_path / "data", tmp_path / "out", {}, requires_point_info=False)
    table = nodes.summarise_splits(*splits.values())
    assert len(table) == 0
    assert "n_images" in table


@pytest.mark.parametrize("names", [("a.png",), ("attic/a.png", "barn/a.png", "cave/a.png")])
def test_fewer_places_than_splits_are_told_with_a_remedy(tmp_path, names):
    for name in names:
        write(tmp_path / "data/rgb" / name, np.zeros((32, 32, 3), np.uint8))
    wanted = r"has (1 building \(data\)|3 buildings \(attic, barn, cave\)), and .* such as rgb/place1 to rgb/place4"
    with pytest.raises(ValueError, match=wanted):
        prepare("train", settings(tmp_path / "data", {}, requires_point_info=False))


def test_images_without_camera_facts_are_told_the_setting(tmp_path):
    write(tmp_path / "rgb/attic/a.png", np.zeros((32, 32, 3), np.uint8))
    with pytest.raises(ValueError, match=r"set data\.directory\.requires_point_info=false"):
        prepare("train", settings(tmp_path, {}))


def test_a_split_of_images_of_one_point_has_no_pairs_to_match(tmp_path):
    for place in ("attic", "barn", "cave", "dome"):
        for view in range(2):
            file = tmp_path / "data/rgb" / place / f"point_0_view_{view}_domain_rgb.png"
            write(file, np.zeros((32, 32, 3), np.uint8))
    splits = prepared(tmp_path / "data", tmp_path / "out", {}, requires_point_info=False)
    assert splits["test"].tuples["point_matching"].shape == (0, 2)


def test_formats_of_own_tasks_are_of_no_other_use(root):
    assert not {"heat", "place"} & set(index_directory(root).columns)
