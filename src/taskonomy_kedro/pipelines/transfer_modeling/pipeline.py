"""The transfer modelling: nodes for each target and order, two that gather a target's and all candidates."""

from functools import partial, update_wrapper
from typing import Any

from kedro.pipeline import Node, Pipeline

from taskonomy_kedro.core.checks import check_nested
from taskonomy_kedro.core.tasks import Task, task_dictionary
from taskonomy_kedro.core.training.choosing import check_tasks, chosen_tasks
from taskonomy_kedro.core.transferring.settings import (
    IMAGENET,
    ChosenTransfers,
    TransferSettings,
    choose_transfers,
)
from taskonomy_kedro.pipelines.transfer_modeling import nodes

_NAME = "transfer_modeling"
_NETWORKS = "task_modeling"
_SETTINGS = [f"params:{_NETWORKS}", f"params:{_NAME}"]
_SOURCES = f"{_NAME}.sources"


def targets_of(parameters: dict[str, Any]) -> tuple[str, ...]:
    """Return the names of the targets that the parameters of a run choose."""
    return tuple(task.name for task in _chosen(parameters)[1].targets)


def check_orders(parameters: dict[str, Any]) -> None:
    """Refuse, before anything runs, transfers of more sources than the parameters of a run choose.

    Raises:
        ValueError: The order is too high.
    """
    settings, chosen = _chosen(parameters)
    chosen.check_order(settings.max_order)


def create_pipeline(parameters: dict[str, Any]) -> Pipeline:
    """Return the pipeline from representations to losses per image.

    Args:
        parameters: Of the run: `data.tasks`, `task_modeling.tasks`, `task_modeling.imagenet` and
            `transfer_modeling` decide which nodes there are.

    Raises:
        ValueError: A setting of `transfer_modeling` is wrong, or targets and sources do not fit.
    """
    settings, chosen, networks = (*_chosen(parameters), _networks(parameters))
    # every command builds all pipelines: too high an order is refused where this one runs, by `check_orders`
    max_order = min(settings.max_order, chosen.greatest_order)
    made = [_sources_node(chosen, networks)]
    tables = []
    for task in chosen.targets:
        made += _nodes_of(task, max_order)
        tables.append(f"{_space(_NAME, task)}.transfers")
    if tables:
        made.append(Node(nodes.gather_transfers, tables, "transfers", name="gather_transfers"))
    return Pipeline(made, tags=_NAME)


def _networks(parameters: dict[str, Any]) -> dict[str, Task]:
    modeling = parameters.get(_NETWORKS) or {}
    dictionary = task_dictionary((parameters.get("data") or {}).get("tasks"))
    return chosen_tasks(
        modeling.get("tasks"), dictionary, modeling.get("overrides"), modeling.get("step_factors")
    )


def _chosen(parameters: dict[str, Any]) -> tuple[TransferSettings, ChosenTransfers]:
    settings = check_nested(_NAME, TransferSettings, parameters.get(_NAME) or {})
    networks = _networks(parameters)
    check_tasks("transfer_modeling.overrides", settings.overrides, networks)
    chosen = choose_transfers(
        networks,
        targets=settings.targets,
        sources=settings.sources,
        has_imagenet=bool((parameters.get(_NETWORKS) or {}).get("imagenet")),
    )
    return settings, chosen


def _space(pipeline: str, task: Task) -> str:
    return f"{pipeline}.{task.family}.{task.name}"


def _sources_node(chosen: ChosenTransfers, networks: dict[str, Task]) -> Node:
    work = partial(
        nodes.gather_sources, sources=chosen.sources, targets=tuple(task.name for task in chosen.targets)
    )
    represented = [
        f"{_NETWORKS}.other.{IMAGENET}.representations"
        if name == IMAGENET
        else f"{_space(_NETWORKS, networks[name])}.representations"
        for name in chosen.sources
    ]
    splits = [f"prepared.{split}" for split in ("transfer", "validation", "test")]
    return Node(
        update_wrapper(work, nodes.gather_sources),
        [*splits, "label_statistics", *represented],
        _SOURCES,
        name="gather_sources",
        tags=[tag for task in chosen.targets for tag in (task.family, task.name)],  # each part needs it
    )


def _nodes_of(task: Task, max_order: int) -> list[Node]:
    space = _space(_NAME, task)
    guess, scratch = f"{space}.average_guess", f"{space}.scratch"
    orders = [f"{space}.order_{order}" for order in range(1, max_order + 1)]
    common = ["label_statistics", "finished_transfers"]
    splits = [f"prepared.{split}" for split in ("transfer", "validation", "test")]

    def node(function: Any, inputs: list[str], outputs: Any, name: str, **fixed: Any) -> Node:
        work = update_wrapper(partial(function, target=task.name, **fixed), function)
        return Node(work, inputs, outputs, name=name, namespace=space, tags=[task.family, task.name])

    made = [
        node(nodes.guess_average, [*_SETTINGS, splits[0], *common, _SOURCES], guess, "guess"),
        node(nodes.train_scratch, [*_SETTINGS, *splits, *common, guess], scratch, "train_scratch"),
    ]
    for order, output in enumerate(orders, start=1):
        inputs = [*_SETTINGS, *splits, *common, guess, _SOURCES, *(orders[:1] if order > 1 else [])]
        made.append(node(nodes.train_readouts, inputs, output, f"train_order_{order}", order=order))
    inputs = [splits[2], f"{_space(_NETWORKS, task)}.losses", scratch, *orders]
    gathered = [f"image_losses.{task.name}", f"{space}.transfers"]
    made.append(node(nodes.gather_target, inputs, gathered, "gather"))
    return made
