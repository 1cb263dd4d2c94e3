"""The task modelling: a few nodes for each task of the dictionary, then one table."""

from functools import partial, update_wrapper
from typing import Any

from kedro.pipeline import Node, Pipeline

from taskonomy_kedro.core.tasks import Task, task_dictionary
from taskonomy_kedro.core.training.settings import chosen_tasks
from taskonomy_kedro.pipelines.task_modeling import nodes

_NAME = "task_modeling"
_SETTINGS = f"params:{_NAME}"
_RANDOM = "random_projection"


def namespace_of(task: Task) -> str:
    """Return where the nodes and products of a task are: families keep the picture readable."""
    return f"{_NAME}.{task.family}.{task.name}"


def create_pipeline(parameters: dict[str, Any]) -> Pipeline:
    """Return the pipeline from prepared splits to networks, losses and representations.

    Args:
        parameters: Of the run: `data.tasks`, a user's own; `task_modeling.tasks` and
            `task_modeling.imagenet`, which networks there are.
    """
    modeling = parameters.get(_NAME) or {}
    dictionary = task_dictionary((parameters.get("data") or {}).get("tasks"))
    tasks = chosen_tasks(modeling.get("tasks"), dictionary)
    random_network = f"{namespace_of(dictionary[_RANDOM])}.network"
    made = [node for task in tasks.values() for node in _nodes_of(task, random_network)]
    if modeling.get("imagenet"):
        made.append(_imagenet_node())
    losses = [f"{namespace_of(task)}.losses" for task in tasks.values() if task.decoder != "none"]
    if losses:
        made.append(Node(nodes.tabulate_sanity, losses, "sanity_table", name="tabulate_sanity"))
    return Pipeline(made, tags=_NAME)


def _nodes_of(task: Task, random_network: str) -> list[Node]:
    space = namespace_of(task)
    network, baselines, losses = (f"{space}.{product}" for product in ("network", "baselines", "losses"))
    learning = ["prepared.train", "prepared.validation", "label_statistics"]
    splits = ["prepared.transfer", "prepared.validation", "prepared.test"]

    def node(function: Any, inputs: list[str], output: str, name: str) -> Node:
        work = update_wrapper(partial(function, task=task.name), function)
        return Node(
            work, [_SETTINGS, *inputs], output, name=name, namespace=space, tags=[task.family, task.name]
        )

    made = [
        node(nodes.train_network, [*learning, "finished_work"], network, "train"),
        node(nodes.encode_images, [*splits, network, "finished_work"], f"{space}.representations", "encode"),
    ]
    if task.decoder == "none":
        return made
    testing = ["prepared.test", "label_statistics", network, baselines]
    return [
        *made,
        node(nodes.make_baselines, [*learning, random_network, "finished_work"], baselines, "compare"),
        node(nodes.evaluate_network, [*testing, random_network, "finished_work"], losses, "evaluate"),
        node(nodes.draw_examples, [*testing, losses, "finished_work"], f"{space}.examples", "draw"),
    ]


def _imagenet_node() -> Node:
    space = f"{_NAME}.other.imagenet"
    inputs = [_SETTINGS, "prepared.transfer", "prepared.validation", "prepared.test", "finished_work"]
    return Node(
        nodes.encode_images_by_imagenet,
        inputs,
        f"{space}.representations",
        name="encode",
        namespace=space,
        tags=["imagenet"],
    )
