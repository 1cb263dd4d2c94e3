"""What kedro-viz draws when it opens, told from the pipelines: it draws whatever goes from box to box."""

from collections import defaultdict
from functools import cache
from graphlib import TopologicalSorter
from pathlib import Path

import pytest
from kedro.config import OmegaConfigLoader
from kedro.io import DataCatalog
from kedro.pipeline import Pipeline

from taskonomy_kedro import config
from taskonomy_kedro.config import LOADER_ARGS
from taskonomy_kedro.pipeline_registry import register_pipelines

PROJECT = Path(__file__).resolve().parents[1]
BOXES = {"data_preparation", "task_modeling", "transfer_modeling", "normalization", "taxonomy"}
LAYERS = ["images", "networks", "transfers", "affinities", "taxonomies"]
MOST_BETWEEN, MOST_AROUND = 12, 22  # datasets that a reader still makes out


@cache
def registered() -> dict[str, Pipeline]:
    config._remembered.clear()  # the project's own parameters, not those of another test
    return register_pipelines()


@cache
def catalog() -> DataCatalog:
    loader = OmegaConfigLoader(conf_source=str(PROJECT / "conf"), **LOADER_ARGS)
    return DataCatalog.from_config(loader["catalog"])


def drawn_in(pipeline: Pipeline, place: str = "") -> tuple[set[str], set[str]]:
    """Return the boxes of a place, and the datasets that go in or out of one of them."""
    depth = len(place.split(".")) if place else 0
    inside = defaultdict(set)
    for node in pipeline.nodes:
        namespace = node.namespace or ""
        if not place or namespace == place or namespace.startswith(f"{place}."):
            box = ".".join(namespace.split(".")[: depth + 1]) if namespace != place else node.name
            inside[box] |= {*node.inputs, *node.outputs}
    users = defaultdict(set)
    for box, names in inside.items():
        for name in names:
            users[name].add(box)
    free = pipeline.inputs() | pipeline.outputs()
    drawn = {name for name, boxes in users.items() if len(boxes) > 1 or name in free}
    return set(inside), {name for name in drawn if not name.startswith("params:")}


def test_five_boxes_are_drawn_and_few_datasets_between_and_around_them():
    pipeline = registered()["__default__"]
    boxes, drawn = drawn_in(pipeline)
    assert boxes == BOXES
    free = pipeline.inputs() | pipeline.outputs()
    assert len(drawn - free) <= MOST_BETWEEN, sorted(drawn - free)
    assert len(drawn) <= MOST_AROUND, sorted(drawn)


@pytest.mark.parametrize("step", ["task_modeling", "transfer_modeling"])
def test_a_step_opens_on_its_families_and_no_single_product_lies_between_them(step):
    pipeline = registered()["__default__"]
    boxes, drawn = drawn_in(pipeline.only_nodes_with_namespaces([step]), step)
    families = {box for box in boxes if box.count(".") == 1 and any(
        (node.namespace or "").startswith(box) for node in pipeline.nodes
    )}  # fmt: skip
    assert (
        families
        == {f"{step}.{family}" for family in ("2d", "3d", "geometric", "semantic", "other")} & families
    )
    assert len(families) >= 4
    random_network = "task_modeling.other.random_projection.network"  # every family compares with it
    single = [name for name in drawn if name.count(".") == 3 or name.startswith("image_losses.")]
    assert set(single) <= {random_network}


@pytest.mark.parametrize("name", BOXES)
def test_each_step_alone_is_one_box(name):
    boxes, drawn = drawn_in(registered()[name])
    assert boxes == {name}
    assert len(drawn) <= MOST_AROUND


def test_the_datasets_of_the_contract_load_by_name():
    for name in ("image_losses.normal", "image_losses", "transfers", "representations", "task_losses"):
        assert name in catalog()


def test_every_dataset_has_a_layer_and_the_layers_follow_one_another():
    layers = {}
    for pipeline in registered().values():
        for name in pipeline.datasets():
            if not name.startswith("params:"):
                layers[name] = (catalog().get(name).metadata or {}).get("kedro-viz", {}).get("layer")
    assert [name for name, layer in layers.items() if layer not in LAYERS] == []
    before = TopologicalSorter()
    for node in registered()["__default__"].nodes:
        for output in node.outputs:
            for source in node.inputs:
                if not source.startswith("params:") and layers[source] != layers[output]:
                    before.add(layers[output], layers[source])
    assert list(before.static_order()) == LAYERS  # kedro-viz draws no layers where they go in a circle


def test_the_nodes_that_solve_and_train_have_previews():
    shown = {node.name: node.preview() for node in registered()["taxonomy"].nodes}
    assert "maximise" in shown.pop("taxonomy.solve_taxonomies").content
    assert set(shown.values()) == {None}
    training = [node for node in registered()["task_modeling"].nodes if node.name.endswith(".train")]
    assert len(training) == 26
    (normal,) = [node for node in training if node.name == "task_modeling.3d.normal.train"]
    assert normal.preview().content.startswith("reads 1×3×64×64, learns 218,640 numbers")
    (jigsaw,) = [node for node in training if node.name.endswith(".jigsaw.train")]
    assert jigsaw.preview().content.startswith("reads 9×3×32×32")  # tiles


def test_who_takes_a_task_out_of_all_steps_takes_along_what_hands_it_on():
    part = registered()["__default__"].filter(tags=["normal"])
    order = [node.name for node in part.nodes]
    made = order.index("task_modeling.3d.normal.encode")
    assert (
        made
        < order.index("task_modeling.gather_representations")
        < order.index("transfer_modeling.gather_sources")
    )
    assert order.index("transfer_modeling.3d.normal.gather") < order.index("normalization.score.normal")
    alone = registered()["task_modeling"].filter(tags=["normal"])
    assert {node.namespace for node in alone.nodes} == {"task_modeling.3d.normal"}
