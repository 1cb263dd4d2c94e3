"""The nodes and the whole pipeline on a few small rooms, and on the directory they are exported to."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from kedro.io import DataCatalog, MemoryDataset
from kedro.runner import SequentialRunner
from kedro_datasets.json import JSONDataset
from matplotlib.figure import Figure
from tests.small_rooms import settings

from taskonomy_kedro.core.labels.statistics import LabelStatistics
from taskonomy_kedro.core.preparation.prepared import PreparedSplit
from taskonomy_kedro.core.preparation.settings import SPLITS, DataSettings
from taskonomy_kedro.datasets import PreparedSplitDataset, TaskonomyDirectoryDataset
from taskonomy_kedro.pipelines.data_preparation import create_export_pipeline, create_pipeline, nodes
from taskonomy_kedro.recipes.reuse import reusing

EVERY_TUPLE = 1000.0  # so many times the images: nothing is left to the draw
ROOMS = {**dict.fromkeys(SPLITS, 1), "views_per_room": 14}


def catalog(folder: Path, data: DataSettings, export_dir: Path | None = None) -> DataCatalog:
    splits = {f"prepared.{s}": PreparedSplitDataset(filepath=str(folder / s)) for s in SPLITS}
    exported = TaskonomyDirectoryDataset(directory=str(export_dir), project="")
    return DataCatalog({**splits, "params:data": MemoryDataset(data), "exported_directory": exported})


def opened(folder: Path) -> list[PreparedSplit]:
    return [PreparedSplitDataset(filepath=str(folder / split)).load() for split in SPLITS]


@pytest.fixture(scope="module")
def run(tmp_path_factory) -> tuple[Path, dict[str, Any]]:
    """Prepare and export four rooms."""
    folder = tmp_path_factory.mktemp("rooms")
    data = settings(rooms=ROOMS, tuples_per_image=EVERY_TUPLE)
    kept = catalog(folder, data)
    kept["label_statistics"] = JSONDataset(filepath=str(folder / "label_statistics.json"))
    products = SequentialRunner().run(reusing(create_pipeline(), kept.get), kept)
    SequentialRunner().run(create_export_pipeline(), catalog(folder, data, folder / "export"))
    return folder, {name: products[name].load() for name in products} | {
        "label_statistics": kept.load("label_statistics")
    }


def test_a_node_a_split_and_one_a_product():
    pipeline = create_pipeline()
    assert {node.name.removeprefix("data_preparation.") for node in pipeline.nodes} == {
        *(f"prepare.{split}" for split in SPLITS),
        "measure_labels", "summarise_splits", "list_unreadable", "draw_contact_sheet",
    }  # fmt: skip
    assert pipeline.inputs() == {"params:data"}
    made = {"label_statistics", "data_summary", "unreadable_files", "contact_sheet"}
    assert pipeline.all_outputs() == made | {f"prepared.{split}" for split in SPLITS}
    for split in SPLITS:
        (node,) = pipeline.only_nodes_with_tags(split).nodes
        assert node.outputs == [f"prepared.{split}"]
    assert create_export_pipeline().inputs() == {f"prepared.{split}" for split in SPLITS}


def test_the_pipeline_makes_every_split_and_product(run):
    folder, products = run
    splits = opened(folder)
    assert all(len(split) >= 14 for split in splits)
    statistics = LabelStatistics.from_json(products["label_statistics"])
    layout = np.asarray(splits[0].arrays["room_layout"], dtype=np.float64)
    np.testing.assert_allclose(statistics.standardisation("room_layout").mean, layout.mean(axis=0), atol=1e-5)
    summary = products["data_summary"]
    assert set(summary["split"]) == set(SPLITS)
    assert set(summary["n_images"]) <= {len(split) for split in splits} | {0}
    assert len(products["unreadable_files"]) == 0
    assert isinstance(products["contact_sheet"], Figure)


def test_unreadable_files_of_all_splits_are_one_table(run, monkeypatch):
    folder, _ = run
    row = {"image_id": "a/0/0", "path": "p", "reason": "r"}
    splits = opened(folder)
    monkeypatch.setattr(PreparedSplit, "unreadable", [row])
    pd.testing.assert_frame_equal(nodes.list_unreadable(*splits), pd.DataFrame([row] * 4))


def pairs_by_ids(splits: list[PreparedSplit]) -> set[frozenset[str]]:
    return {
        frozenset(split.image_ids[row] for row in pair)
        for split in splits
        for pair in split.tuples["nonfixated_pose"]
    }


@pytest.mark.parametrize("says", ["both", "matches only", "point_info only"])
def test_an_export_gives_the_pairs_of_the_rooms_again(run, tmp_path, says):
    """Where both tell, they tell the same; each alone is enough."""
    folder, _ = run
    export = tmp_path / "export"
    for path in (folder / "export").rglob("*.*"):
        is_left = says == "point_info only" and "nonfixated_matches" in path.parts
        if not is_left:
            target = export / path.relative_to(folder / "export")
            target.parent.mkdir(parents=True, exist_ok=True)
            target.hardlink_to(path)
    if says == "matches only":
        for path in export.glob("point_info/**/*.json"):
            record = json.loads(path.read_text())
            path.unlink()  # the link, not the file of the others
            path.write_text(json.dumps({**record, "nonfixated_points_in_view": []}))
    data = DataSettings(
        source="directory", image_size=32, processes=1, tuples_per_image=EVERY_TUPLE,
        directory={"dataset_dir": str(export)},
    )  # fmt: skip
    preparing = create_pipeline().only_nodes_with_tags(*SPLITS)
    reading = catalog(tmp_path / "read", data)
    SequentialRunner().run(reusing(preparing, reading.get), reading)
    read, rooms = opened(tmp_path / "read"), opened(folder)
    assert sorted(i for split in read for i in split.image_ids) == sorted(
        i for s in rooms for i in s.image_ids
    )
    assert len(pairs_by_ids(rooms)) > 50
    assert pairs_by_ids(read) == pairs_by_ids(rooms)
