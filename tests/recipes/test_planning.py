"""Recipes: what changes one, what does not, and who depends on whom."""

import pickle
from typing import Any

import pytest
from tests.small_session import begin, catalog_entries

from taskonomy_kedro.core.readouts.settings import TransferSettings
from taskonomy_kedro.pipelines import data_preparation, normalization, task_modeling, transfer_modeling
from taskonomy_kedro.pipelines.taxonomy import create_pipeline as create_taxonomy
from taskonomy_kedro.recipes.planning import Recipes
from taskonomy_kedro.recipes.recipe_parts import changes
from taskonomy_kedro.recipes.reuse import REUSED, reusing

STEPS = ("data_preparation", "task_modeling", "transfer_modeling", "normalization", "taxonomy")
TASKS = "normal edge_texture room_layout jigsaw segment_unsup2d"
NORMAL = "task_modeling.3d.normal"


def recipes(tmp_path, **parameters: Any) -> Recipes:
    """Return the recipes of the whole project with some tasks."""
    modeling = {"tasks": TASKS, **parameters.pop("task_modeling", {})}
    given: dict[str, Any] = {"data": {}, "task_modeling": modeling, "transfer_modeling": {}, **parameters}
    pipelines = (
        data_preparation.create_pipeline(),
        task_modeling.create_pipeline(given),
        transfer_modeling.create_pipeline(given),
        normalization.create_pipeline(transfer_modeling.targets_of(given)),
        create_taxonomy(given),
    )
    nodes = [node for pipeline in pipelines for node in reusing(pipeline).nodes]
    return begin(nodes, given, catalog_entries(*STEPS, folder=tmp_path), tmp_path)


def hashes(recipes: Recipes) -> dict[str, str]:
    return {name: recipes.asked(name).hash for name in [*recipes.products(), *recipes.files()]}


def rebuilt(tmp_path, **parameters: Any) -> set[str]:
    """Return the products that other parameters ask for, without the tables."""
    before, asked = hashes(recipes(tmp_path)), recipes(tmp_path, **parameters)
    after = hashes(asked)
    return {name for name in asked.products() if after[name] != before.get(name)}


def test_a_schedule_counts_for_its_network_and_what_depends_on_it(tmp_path):
    found = rebuilt(tmp_path, task_modeling={"overrides": {"normal": {"learning_rates": [[0, 0.01]]}}})
    modeling = {name for name in found if name.startswith("task_modeling")}
    assert modeling == {f"{NORMAL}.{part}" for part in ("network", "losses", "representations", "examples")}
    transfers = {name.rpartition(".")[2] for name in found - modeling}
    assert transfers == {"sources", "order_1", "order_2"}  # all targets read all sources


def test_readouts_depend_on_the_sources_that_they_read_alone(tmp_path):
    given = {"transfer_modeling": {"sources": "edge_texture room_layout"}}
    before = hashes(recipes(tmp_path, **given))
    override = {"overrides": {"normal": {"learning_rates": [[0, 0.01]]}}}
    after = hashes(recipes(tmp_path, task_modeling=override, **given))
    changed = {name for name in after if after[name] != before[name]}
    assert f"{NORMAL}.network" in changed
    assert not [name for name in changed if name.startswith("transfer_modeling") and "order" in name]


@pytest.mark.parametrize(
    ("parameters", "parts"),
    [
        ({"task_modeling": {"compute": {"threads": 1}}}, set()),
        ({"task_modeling": {"training": {"checkpoint_every": 5}}}, set()),
        ({"data": {"processes": 1}}, set()),
        ({"task_modeling": {"training_pixels": 50}}, {"2d.segment_unsup2d"}),
        ({"task_modeling": {"tile_size": 16}}, {"other.jigsaw"}),
        ({"task_modeling": {"readout": {"steps": 7}}}, {"random_readout"}),
    ],
)
def test_a_setting_counts_where_it_is_read(tmp_path, parameters, parts):
    found = {name for name in rebuilt(tmp_path, **parameters) if name.startswith("task_modeling")}
    if parts == {"random_readout"}:
        assert {name.rpartition(".")[2] for name in found} == {"random_readout", "losses", "examples"}
    else:
        assert {name.removeprefix("task_modeling.").rpartition(".")[0] for name in found} == parts


# Setting of the transfers: another value, and the products of a target that depend on it.
READOUTS, TRAINED = {"order_1", "order_2"}, {"order_1", "order_2", "scratch"}
TRANSFERS = {
    "seed": (1, {"average_guess", *TRAINED}),
    "training": ({"steps": 4}, TRAINED),
    "higher_orders": ({"weight_decay": 0.1}, {"order_2"}),
    "overrides": ({"normal": {"weight_decay": 0.1}}, TRAINED),
    "segmentation_factor": (3.0, set()),  # this target's label is no map of regions or classes
    "decoder": ({"decoder_width": 16}, READOUTS),
    "training_cells": (4, READOUTS),
    "training_pixels": (20, READOUTS),
    "scratch": ("pixels", {"scratch"}),
    "max_order": (1, set()),
    "beam_widths": ({2: 3}, {"order_2"}),
    "max_per_order": (10, {"order_2"}),
    "targets": (["normal"], set()),
    "sources": (["normal", "room_layout"], READOUTS),
    "stack_size": (1, set()),
}


def test_every_setting_of_the_transfers_is_listed_here():
    fields = getattr(TransferSettings, "model_fields", None) or TransferSettings.__dataclass_fields__
    assert set(TRANSFERS) == set(fields)


@pytest.mark.parametrize("setting", TRANSFERS)
def test_a_setting_of_the_transfers_rebuilds_what_depends_on_it(tmp_path, setting):
    value, parts = TRANSFERS[setting]
    found = rebuilt(tmp_path, transfer_modeling={setting: value})
    target = {name for name in found if name.startswith("transfer_modeling.3d.normal.")}
    assert {name.rpartition(".")[2] for name in target} == parts
    assert not [name for name in found if name.startswith(("task_modeling", "prepared"))]


def test_data_count_for_everything_and_the_taxonomy_for_itself(tmp_path):
    assert len(rebuilt(tmp_path, data={"seed": 1})) == len(hashes(recipes(tmp_path)).keys()) - len(
        list(recipes(tmp_path).files())
    )
    before, after = hashes(recipes(tmp_path)), hashes(recipes(tmp_path, tree={"n_families": 2}))
    assert {name for name in after if after[name] != before[name]} == {
        "task_families",
        "similarity_merges",
        "similarity_tree",
        "report",
    }


def test_a_version_of_code_or_library_counts_and_says_so(tmp_path, monkeypatch):
    from taskonomy_kedro.recipes import planning

    before = recipes(tmp_path).asked(f"{NORMAL}.network").to_json()
    monkeypatch.setattr(planning, "_version", lambda name: "9.9")
    told = changes(recipes(tmp_path).asked(f"{NORMAL}.network").to_json(), before)
    assert [line for line in told if line.startswith("libraries.torch was ")]
    assert "prepared.train is another one" in told


def test_a_table_is_noted_with_the_recipes_of_what_was_loaded(tmp_path):
    """A table made from tables of an earlier run is not taken for one of the current parameters."""
    first = recipes(tmp_path)
    families = first.dataset("task_families")
    assert first.plan("task_families").resolve()[0].hash != first.asked("task_families").hash
    assert not families.exists()


def test_a_reused_node_is_not_called_and_travels_to_other_processes(tmp_path):
    found = recipes(tmp_path)
    node = found._node_of["transfer_modeling.sources"]
    dataset = found.dataset("transfer_modeling.sources")
    dataset.save({"sources": {}, "left_out": {}})
    assert node.func(*[None] * 5) is REUSED
    assert pickle.loads(pickle.dumps(node.func))(*[None] * 5) is REUSED
