"""What `--only-missing-outputs` takes for finished."""

import logging
import pickle

import pandas as pd
import pytest
from kedro.framework.hooks import hook_impl
from kedro.framework.hooks.manager import _create_hook_manager
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


def test_after_a_broken_run_the_datasets_are_asked_themselves(catalog):
    hooks = RemakingHooks()
    hooks.before_pipeline_run(ASKED, PIPELINE, catalog)
    hooks.on_pipeline_error()  # a run in other processes begins no node here
    assert existing(catalog) == list(NAMES)


def test_other_hooks_ask_at_the_start_before_anything_is_called_missing(catalog):
    asked = []

    class Other:
        @hook_impl
        def before_pipeline_run(self, catalog):
            asked.extend(existing(catalog))

    manager = _create_hook_manager()
    for hooks in (Other(), RemakingHooks()):  # the last one is asked first, unless it says otherwise
        manager.register(hooks)
    manager.hook.before_pipeline_run(run_params=ASKED, pipeline=PIPELINE, catalog=catalog)
    assert asked == list(NAMES)
    assert existing(catalog) == ["other"]


def test_threads_that_begin_nodes_at_once_restore_every_dataset(catalog):
    class Shared(list):
        """A list whose last one another thread takes after a look at it."""

        def __bool__(self) -> bool:
            is_any = len(self) > 0
            if len(self) == 1:
                self.pop().__dict__.pop("exists")
            return is_any

    hooks = RemakingHooks()
    hooks.before_pipeline_run(ASKED, PIPELINE, catalog)
    hooks._called_missing = Shared(hooks._called_missing)
    hooks.before_node_run()
    assert existing(catalog) == list(NAMES)


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
