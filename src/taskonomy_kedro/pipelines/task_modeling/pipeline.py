"""The task modelling: a few nodes for each task of the dictionary, then one table."""

from functools import partial, update_wrapper
from typing import Any

from kedro.pipeline import Node, Pipeline

from taskonomy_kedro.core.labels.custom_tasks import task_dictionary
from taskonomy_kedro.core.sources.settings import SourcesSettings
from taskonomy_kedro.core.tasks import Task
from taskonomy_kedro.core.training.task_selection import chosen_tasks
from taskonomy_kedro.pipelines import GATHERING, mark_complete
from taskonomy_kedro.pipelines.task_modeling import nodes
from taskonomy_kedro.pipelines.task_modeling.network_preview import preview_network

_NAME = "task_modeling"
_SETTINGS = f"params:{_NAME}"
_SOURCES = "params:sources"
_RANDOM = "random_projection"


def namespace_of(task: Task) -> str:
    """Return the namespace of a task; families keep the graph readable."""
    return f"{_NAME}.{task.family}.{task.name}"


def create_pipeline(parameters: dict[str, Any]) -> Pipeline:
    """Return the pipeline from prepared splits to networks, losses and representations.

    Args:
        parameters: Of the run; `data.tasks` (custom tasks), `task_modeling.tasks` and `sources`
            determine which networks there are.
    """
    modeling = parameters.get(_NAME) or {}
    dictionary = task_dictionary((parameters.get("data") or {}).get("tasks"))
    tasks = chosen_tasks(
        modeling.get("tasks"), dictionary, modeling.get("overrides"), modeling.get("step_factors")
    )
    random_network = f"{namespace_of(dictionary[_RANDOM])}.network"
    made = [node for task in tasks.values() for node in _nodes_of(task, random_network, parameters)]
    made += [_source_node(name) for name in SourcesSettings(**(parameters.get("sources") or {})).frozen]
    families = [_family_node(family, made) for family in _families(tasks)]
    if families:
        tables = [table for node in families for table in node.outputs]
        tabulate = Node(
            nodes.tabulate_sanity, tables, "sanity_table", name="tabulate_sanity", namespace=_NAME
        )
        made += [*families, tabulate]
    return Pipeline([*made, *_gathering(made)], tags=_NAME)


def _families(tasks: dict[str, Task]) -> list[str]:
    """Return the families that have a network with losses, in the dictionary's order."""
    return list(dict.fromkeys(task.family for task in tasks.values() if task.decoder != "none"))


def _family_node(family: str, made: list[Node]) -> Node:
    """Read what a family ends with: kedro-viz draws what nothing reads beside its family, not in it."""
    space = f"{_NAME}.{family}"
    outputs = [output for node in made for output in node.outputs if output.startswith(f"{space}.")]
    ends = [name for name in outputs if name.endswith((".losses", ".representations", ".examples"))]
    return Node(
        nodes.tabulate_family, ends, f"{space}.sanity", name="tabulate", namespace=space, tags=[family]
    )


def _gathering(made: list[Node]) -> list[Node]:
    """Put all representations, and all losses, under one name: by family first, which kedro-viz folds up."""
    kinds = (".representations", ".losses")
    products = [name for node in made for name in node.outputs if name.endswith(kinds)]
    spaces = list(dict.fromkeys(name.rsplit(".", 2)[0] for name in products))

    parts = [
        Node(
            mark_complete,
            [name for name in products if name.startswith(f"{space}.")],
            f"{space}.gathered",
            name="gather",
            namespace=space,
            tags=[GATHERING],
        )
        for space in spaces
    ]
    if not parts:
        return []
    gathered = [f"{space}.gathered" for space in spaces]
    marks = [
        Node(mark_complete, gathered, kind, name=f"gather_{kind}", namespace=_NAME, tags=[GATHERING])
        for kind in ("representations", "task_losses")
    ]
    return [*parts, *marks]


def _nodes_of(task: Task, random_network: str, parameters: dict[str, Any]) -> list[Node]:
    space = namespace_of(task)
    network, guess, readout, losses = (
        f"{space}.{product}" for product in ("network", "average_guess", "random_readout", "losses")
    )
    learning = ["prepared.train", "prepared.validation", "label_statistics"]
    splits = ["prepared.transfer", "prepared.validation", "prepared.test"]

    def node(function: Any, inputs: list[str], output: str, name: str) -> Node:
        work = update_wrapper(partial(function, task=task), function)
        return Node(
            work,
            [_SETTINGS, *inputs],
            output,
            name=name,
            namespace=space,
            tags=[task.family, task.name],
            preview_fn=partial(preview_network, task, parameters) if name == "train" else None,
        )

    encode = node(nodes.encode_images, [*splits, network], f"{space}.representations", "encode")
    if task.decoder == "none":
        return [node(nodes.train_network, [_SOURCES, *learning], network, "train"), encode]
    guessing = ["prepared.train", "label_statistics"]
    testing = ["prepared.test", "label_statistics", network, guess]
    return [
        node(nodes.guess_average, guessing, guess, "guess"),
        node(nodes.train_network, [_SOURCES, *learning, guess], network, "train"),
        encode,
        node(nodes.train_random_readout, [*learning, guess, random_network], readout, "train_random_readout"),
        node(nodes.evaluate_network, [*testing, readout, random_network], losses, "evaluate"),
        node(nodes.draw_examples, [*testing, losses], f"{space}.examples", "draw"),
    ]


def _source_node(name: str) -> Node:
    space = f"{_NAME}.other.{name}"
    inputs = [_SETTINGS, _SOURCES, "prepared.transfer", "prepared.validation", "prepared.test"]
    return Node(
        update_wrapper(partial(nodes.encode_images_by_source, source=name), nodes.encode_images_by_source),
        inputs,
        f"{space}.representations",
        name="encode",
        namespace=space,
        tags=[name],
    )
