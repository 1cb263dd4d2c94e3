"""The pipeline on a few small rooms, with the project's own catalog: trained, borrowed, and bad input."""

import errno
import logging
import re
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
import torch
from kedro.io import DataCatalog, MemoryDataset
from kedro.pipeline import Pipeline
from kedro.runner import SequentialRunner
from tests.core.sources.released_form import decoder_state, encode, encoder_state, head_state
from tests.refused_writes import refuse_writes
from tests.small_models import PARAMETERS, SCHEDULE, modeling_settings
from tests.small_session import begin, catalog_entries
from torchvision.models import resnet50

from taskonomy_kedro.core.labels.targets import picture
from taskonomy_kedro.core.preparation.measuring import measure_statistics
from taskonomy_kedro.core.sources.settings import SourcesSettings
from taskonomy_kedro.core.tasks import TASKS
from taskonomy_kedro.core.training.products import AverageGuess, TrainedNetwork
from taskonomy_kedro.pipelines.task_modeling import create_pipeline, nodes
from taskonomy_kedro.recipes.reuse import reusing


class Project:
    """A folder of products, and the pipeline on it."""

    def __init__(self, splits: dict[str, Any], folder: Path) -> None:
        self.splits, self.folder = splits, folder
        self.statistics = measure_statistics(splits["train"]).to_json()

    def run(
        self,
        *,
        tags: tuple[str, ...] = (),
        only: str = "",
        sources: dict[str, Any] | None = None,
        **changes: Any,
    ) -> DataCatalog:
        """Run the tasks of `changes`, or only their nodes with some tags or of a name."""
        settings = {"tasks": ["normal"], **changes}
        pipeline = create_pipeline({"task_modeling": settings, "sources": sources})
        catalog = self.catalog(settings, sources)
        if tags:
            pipeline = pipeline.only_nodes_with_tags(*tags)
        chosen = [node for node in pipeline.nodes if node.name.endswith(only)]
        SequentialRunner().run(reusing(Pipeline(chosen)), catalog)
        return catalog

    def catalog(self, settings: dict[str, Any], sources: dict[str, Any] | None = None) -> DataCatalog:
        """Begin a session with some settings; return its catalog."""
        entries = catalog_entries("task_modeling", folder=self.folder)
        parameters = {"task_modeling": {**PARAMETERS, **settings}, "sources": sources or {}}
        nodes = create_pipeline({"task_modeling": settings, "sources": sources}).nodes
        begin(nodes, parameters, entries, self.folder)
        catalog = DataCatalog.from_config(entries)
        for name, split in self.splits.items():
            catalog[f"prepared.{name}"] = MemoryDataset(split, copy_mode="assign")
        catalog["label_statistics"] = MemoryDataset(self.statistics)
        catalog["params:task_modeling"] = MemoryDataset(modeling_settings(**settings))
        catalog["params:sources"] = MemoryDataset(SourcesSettings(**(sources or {})))
        return catalog

    def files(self, kind: str = "networks") -> dict[str, tuple[int, int, bytes]]:
        """Return inode, time and bytes of every file of a kind."""
        folder = self.folder / "06_models" / kind
        return {
            path.relative_to(folder).as_posix(): (
                path.stat().st_ino,
                path.stat().st_mtime_ns,
                path.read_bytes(),
            )
            for path in sorted(folder.rglob("*"))
            if path.is_file()
        }


@pytest.fixture
def project(small_splits, tmp_path) -> Project:
    return Project(small_splits, tmp_path)


def test_every_product_of_a_task_is_created_once(project, caplog):
    catalog = project.run(tasks="room_layout")
    table = catalog.load("sanity_table")
    assert list(table["task"]) == ["room_layout"]
    assert list(table["failure"]) == [""]
    assert table["n_items"][0] > 0
    assert np.isfinite(table[["loss", "average_guess_loss", "random_readout_loss"]].to_numpy(float)).all()
    space = "task_modeling.geometric.room_layout"
    assert catalog.load(f"{space}.examples").png.startswith(b"\x89PNG")
    kinds = {path.name for path in (project.folder / "06_models").iterdir()}
    assert kinds >= {
        "networks",
        "average_guesses",
        "random_readouts",
        "losses",
        "representations",
        "examples",
    }
    before = {kind: project.files(kind) for kind in kinds}
    caplog.set_level(logging.INFO)
    again = project.run(tasks="room_layout")
    assert {kind: project.files(kind) for kind in kinds} == before
    assert "is rebuilt" not in caplog.text
    pd.testing.assert_frame_equal(again.load("sanity_table"), table)


def test_a_changed_parameter_retrains_what_depends_on_it_and_changing_it_back_nothing(project, caplog):
    tasks = ["normal", "room_layout"]
    project.run(tasks=tasks)
    before = project.files()
    caplog.set_level(logging.INFO)
    project.run(tasks=tasks, overrides={"normal": {"steps": 5}})
    after = project.files()
    assert {name: after[name] for name in before} == before
    assert {name.split("/")[0] for name in after if name not in before} == {"normal"}
    told = [record.message for record in caplog.records if "is rebuilt" in record.message]
    assert told[0] == "task_modeling.3d.normal.network is rebuilt: training.steps was 4, is 5"
    assert all(line.startswith("task_modeling.3d.normal.") for line in told)
    caplog.clear()
    catalog = project.run(tasks=tasks)
    assert project.files() == after
    assert "is rebuilt" not in caplog.text
    assert catalog.load("task_modeling.3d.normal.network").outcome["steps"] == 4


def test_a_diverging_network_stops_nothing_else(project):
    catalog = project.run(
        tasks=["normal", "room_layout"],
        overrides={"normal": {"learning_rates": [[0, 1e30]], "steps": 8}},
    )
    table = catalog.load("sanity_table").set_index("task")
    assert table["failure"]["normal"].startswith("the training loss was")
    assert table["failure"]["room_layout"] == ""
    assert np.isfinite(table["loss"]["room_layout"])
    assert catalog.load("task_modeling.3d.normal.representations").failure.startswith("the training loss")


@pytest.fixture(scope="module")
def bank(tmp_path_factory) -> Path:
    """A folder of released files, written by hand."""
    folder = tmp_path_factory.mktemp("bank")
    torch.save({"state_dict": encoder_state(1)}, folder / "normal_encoder-0123abcd.pth")
    torch.save({"state_dict": decoder_state(3, 2)}, folder / "normal_decoder-0123abcd.pth")
    torch.save({"state_dict": encoder_state(3, in_channels=1)}, folder / "colorization_encoder-0123abcd.pth")
    torch.save({"state_dict": encoder_state(4)}, folder / "class_scene_encoder-0123abcd.pth")
    torch.save({"state_dict": head_state(63)}, folder / "class_scene_decoder-0123abcd.pth")
    return folder


PAPER = {"network": {"encoder": "taskonomy_resnet50"}}


def released(folder: Path | str, project: str = "") -> dict[str, Any]:
    return {"project": project, "task_networks": {"kind": "released", "file": str(folder)}}


def test_released_weights_stand_in_for_trained_ones(project, bank):
    """One task with a decoder goes all the way, one without gives its representations."""
    given = {
        **PAPER,
        "tasks": ["normal", "colorization"],
        "sources": released(bank),
        "readout": {"steps": 1, "batch_size": 2, "validate_every": 1},
    }
    catalog = project.run(tags=("normal", "random_projection"), **given)
    state = torch.load(bank / "normal_encoder-0123abcd.pth", weights_only=True)["state_dict"]
    rgb = np.asarray(project.splits["test"].arrays["rgb"][:2])
    with torch.no_grad():
        wanted = encode(state, torch.from_numpy(picture(rgb)))
    found = catalog.load("task_modeling.3d.normal.representations").arrays["test"][:2]
    np.testing.assert_allclose(found, wanted, rtol=5e-3, atol=5e-3 * float(wanted.max()))
    assert np.isfinite(catalog.load("task_modeling.3d.normal.losses").outcome["loss"])
    before = project.files()
    for step in ("guess", "train", "encode"):
        project.run(only=f"colorization.{step}", **given)
    after = project.files()
    assert {name: after[name] for name in before} == before
    lightness = catalog.load("task_modeling.2d.colorization.representations")
    assert lightness.arrays["test"].shape[1:] == (8, 2, 2)
    network = catalog.load("task_modeling.2d.colorization.network")
    nothing = TrainedNetwork(task="colorization")
    losses = nodes.evaluate_network(
        modeling_settings(**{key: value for key, value in given.items() if key != "sources"}),
        project.splits["test"],
        project.statistics,
        network,
        AverageGuess(task="colorization"),
        nothing,
        nothing,
        task=TASKS["colorization"],
    )
    assert (
        losses.failure == "no decoder was released for colorization: only its representations can be computed"
    )
    assert losses.is_expected
    project.run(only="normal.train", **given | {"sources": released(bank.name, str(bank.parent))})
    assert project.files() == after


@pytest.mark.parametrize(
    ("task", "changes", "message"),
    [
        (
            "curvature",
            {},
            "has no released weights 'curvature_encoder'.*add the file, or remove the task",
        ),
        ("normal", {"network": {}}, "released weights are of the encoder 'taskonomy_resnet50'.*got 'small'"),
        (
            "normal",
            {"sources": released("nowhere")},
            "task_networks.file must be a folder of released weights, got nowhere",
        ),
        ("class_scene", {}, "class_scene_decoder-0123abcd.pth does not fit images of 32 pixels"),
    ],
)
def test_released_weights_that_do_not_fit_are_a_sentence(project, bank, task, changes, message):
    settings = {**PAPER, "sources": released(bank), **changes}
    sources = settings.pop("sources")
    with pytest.raises(ValueError, match=message):
        nodes.train_network(
            modeling_settings(**settings),
            SourcesSettings(**sources),
            project.splits["train"],
            project.splits["validation"],
            project.statistics,
            task=TASKS[task],
        )


def test_weights_of_another_architecture_are_a_sentence(project, bank, tmp_path):
    folder = tmp_path / "bank"
    folder.mkdir()
    torch.save(decoder_state(3, 2), folder / "normal_encoder-0123abcd.pth")
    with pytest.raises(ValueError, match="normal_encoder-0123abcd.pth does not fit .*it holds a decoder"):
        project.run(tasks=["normal"], tags=("normal",), sources=released(folder), **PAPER)
    assert not project.files()


def test_a_frozen_encoder_is_a_source(project, tmp_path):
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(0)
        torch.save(resnet50(weights=None).state_dict(), tmp_path / "resnet50.pth")
    entry = {"kind": "imagenet", "file": str(tmp_path / "resnet50.pth")}
    given = {"sources": {"imagenet": entry}, "tasks": ["random_projection"]}
    catalog = project.run(tags=("imagenet",), **given)
    found = catalog.load("task_modeling.other.imagenet.representations")
    assert {name: array.shape[1:] for name, array in found.arrays.items()} == dict.fromkeys(
        ("transfer", "validation", "test"), (8, 4, 4)
    )
    before = project.files("representations")
    project.run(tags=("imagenet",), **given)
    assert project.files("representations") == before
    with pytest.raises(ValueError, match=r"other\.pth"):
        other = {"imagenet": {**entry, "file": str(tmp_path / "other.pth")}}
        project.run(tags=("imagenet",), **{**given, "sources": other})


def test_another_file_in_torchvisions_cache_is_noticed(project, tmp_path, monkeypatch, caplog):
    monkeypatch.setenv("TORCH_HOME", str(tmp_path / "torch"))
    cache = tmp_path / "torch/hub/checkpoints"
    cache.mkdir(parents=True)
    given = {"sources": {"imagenet": {"kind": "imagenet"}}, "tasks": ["random_projection"]}
    caplog.set_level(logging.INFO)
    with torch.random.fork_rng(devices=[]):
        for seed in (0, 1):
            torch.manual_seed(seed)
            torch.save(resnet50(weights=None).state_dict(), cache / "resnet50-0123abcd.pth")
            project.run(tags=("imagenet",), **given)
            made = project.files("representations")
    assert len({name.split("/")[1] for name in made if name.startswith("imagenet/")}) == 2
    assert "task_modeling.other.imagenet.representations is rebuilt: files was" in caplog.text
    caplog.clear()
    project.run(tags=("imagenet",), **given)
    assert project.files("representations") == made
    assert "is rebuilt" not in caplog.text
    (cache / "resnet50-0123abcd.pth").unlink()
    with pytest.raises(ValueError, match="must be given as a file or lie in torchvision's cache"):
        project.run(tags=("imagenet",), **given)


def test_a_damaged_network_is_rebuilt_and_the_others_are_left(project, caplog):
    given = {"tasks": ["normal", "room_layout"], "tags": ("normal", "room_layout", "random_projection")}
    project.run(**given)
    before = project.files()
    (weights,) = (project.folder / "06_models/networks/normal").rglob("weights.pt")
    weights.write_bytes(weights.read_bytes()[:100])
    caplog.set_level(logging.INFO)
    project.run(**given)
    after = project.files()
    assert {name.split("/")[0] for name in after if after[name] != before[name]} == {"normal"}
    assert {name: content for name, (*_, content) in after.items() if name.endswith(".pt")} == {
        name: content for name, (*_, content) in before.items() if name.endswith(".pt")
    }
    (told,) = [record.message for record in caplog.records if "is rebuilt" in record.message]
    assert told == "task_modeling.3d.normal.network is rebuilt: its files are damaged"


def test_a_split_without_images_for_a_task_is_named(project):
    for name in ("class_weights", "standardisations"):
        project.statistics[name] = {k: v for k, v in project.statistics[name].items() if k != "room_layout"}
    with pytest.raises(
        ValueError, match="of task 'room_layout' were measured, .*'train' has no .*leave the task"
    ):
        project.run(tasks=["room_layout"], only="room_layout.guess")


def test_a_full_disk_leaves_finished_networks_and_their_representations(project, monkeypatch):
    project.run(tags=("room_layout", "random_projection"), tasks=["room_layout"])
    kinds = ("networks", "average_guesses", "representations", "losses")
    before = {kind: project.files(kind) for kind in kinds}
    with monkeypatch.context() as patch:
        refuse_writes(patch, "test.npy", errno.ENOSPC)
        with pytest.raises(OSError, match="cannot write .*test.npy .*free some space"):
            project.run(tags=("normal",), tasks=["normal", "room_layout"])
    for kind in kinds:
        after = project.files(kind)
        assert {name: after[name] for name in before[kind]} == before[kind]
    project.run(tasks=["normal", "room_layout"])
    assert any(re.fullmatch(r"normal/\w+/test\.npy", name) for name in project.files("representations"))


def test_a_smaller_batch_than_items_is_no_bad_input(project):
    project.run(
        tags=("room_layout", "random_projection"),
        tasks=["room_layout"],
        training={**SCHEDULE, "batch_size": 500},
    )
