"""What `--only-missing-outputs` takes for finished."""

import logging
import pickle

import pandas as pd
import pytest
from kedro.io import DataCatalog
from kedro.io.core import Version
from kedro.pipeline import Node, Pipeline

from taskonomy_kedro.datasets import PreparedSplitDataset, TableDataset
from taskonomy_kedro.hooks import RemakingHooks

ASKED = {"only_missing_outputs": True}


@pytest.fixture
def catalog(tmp_path) -> DataCatalog:
    version = Version(None, "2026-01-01T00.00.00.000Z")
    tables = {
        name: TableDataset(filepath=str(tmp_path / f"{name}.parquet"), version=version)
        for name in ("affinities", "other")
    }
    for table in tables.values():
        table.save(pd.DataFrame({"a": [1]}))
    split = PreparedSplitDataset(filepath=str(tmp_path / "train"))
    (tmp_path / "train").mkdir()
    (tmp_path / "train/record.json").write_text("{}")
    return DataCatalog({**tables, "prepared.train": split})


PIPELINE = Pipeline(
    [
        Node(lambda: None, None, "affinities", name="gather", tags=["normalization"]),
        Node(lambda: None, None, "prepared.train", name="prepare", tags=["data_preparation"]),
        Node(lambda: None, None, "other", name="export", tags=["export_rooms"]),
    ]
)
NAMES = ("affinities", "prepared.train", "other")


def existing(catalog: DataCatalog) -> list[str]:
    return [name for name in NAMES if catalog.exists(name)]


def test_what_the_steps_make_is_missing_until_the_nodes_run(catalog, caplog):
    caplog.set_level(logging.INFO)
    hooks = RemakingHooks()
    hooks.before_pipeline_run(ASKED, PIPELINE, catalog)
    assert existing(catalog) == ["other"]
    hooks.before_node_run()
    assert existing(catalog) == list(NAMES)
    (line,) = [record.getMessage() for record in caplog.records]
    assert line == "made anew, as no record says what they came from: affinities"  # a split has a record


def test_nothing_is_missing_unless_it_is_asked_for(catalog):
    RemakingHooks().before_pipeline_run({}, PIPELINE, catalog)
    assert existing(catalog) == list(NAMES)


def test_another_process_asks_the_files(catalog, monkeypatch):
    hooks = RemakingHooks()
    hooks.before_pipeline_run(ASKED, PIPELINE, catalog)
    sent = pickle.dumps(catalog.get("affinities"))
    monkeypatch.setattr("os.getpid", lambda: -1)
    assert pickle.loads(sent).exists()
    monkeypatch.undo()
    table, saved = catalog.get("affinities"), "2026-02-02T00.00.00.000Z"
    TableDataset(filepath=str(table._filepath), version=Version(None, saved)).save(pd.DataFrame({"a": [2]}))
    hooks.after_pipeline_run()  # what ran elsewhere began no node here
    assert existing(catalog) == list(NAMES)
    assert table.resolve_load_version() == saved
