"""The transfer modelling: nodes for each target and order, two that gather a target's and all candidates."""

from collections.abc import Sequence
from functools import partial, update_wrapper
from typing import Any

from kedro.pipeline import Node, Pipeline

from taskonomy_kedro.core.labels.custom_tasks import task_dictionary
from taskonomy_kedro.core.networks.settings import NetworkSettings
from taskonomy_kedro.core.readouts.settings import (
    ChosenTransfers,
    TransferSettings,
    choose_transfers,
)
from taskonomy_kedro.core.sources.settings import SourcesSettings
from taskonomy_kedro.core.tasks import Task
from taskonomy_kedro.core.training.task_selection import check_tasks, chosen_tasks
from taskonomy_kedro.pipelines import GATHERING, mark_complete
from taskonomy_kedro.pipelines.transfer_modeling import nodes

_NAME = "transfer_modeling"
_NETWORKS = "task_modeling"
_SETTINGS = [f"params:{_NETWORKS}", f"params:{_NAME}"]
_SOURCES = f"{_NAME}.sources"


def targets_of(parameters: dict[str, Any]) -> tuple[str, ...]:
    """Return the names of the targets that the parameters of a run choose."""
    return tuple(task.name for task in _chosen(parameters)[1].targets)


def check_transfers(parameters: dict[str, Any]) -> None:
    """Refuse, before anything runs, transfers that do not go with the networks that a run chooses.

    Raises:
        ValueError: The order is higher than there are sources, or the readouts' cells are others.
    """
    settings, chosen = _chosen(parameters)
    chosen.check_order(settings.max_order)
    network = (parameters.get(_NETWORKS) or {}).get("network") or {}
    settings.readout_network(NetworkSettings.model_validate(network, root=f"{_NETWORKS}.network"))


def create_pipeline(parameters: dict[str, Any]) -> Pipeline:
    """Return the pipeline from representations to losses per image.

    Args:
        parameters: Of the run; `data.tasks`, `task_modeling.tasks`, `sources` and `transfer_modeling`
            determine which nodes there are.

    Raises:
        ValueError: A setting of `transfer_modeling` is wrong, or targets and sources do not fit.
    """
    settings, chosen = _chosen(parameters)
    # every command builds all pipelines: `check_transfers` refuses too high an order where this one runs
    max_order = min(settings.max_order, chosen.greatest_order)
    made = [_sources_node(chosen)]
    for task in chosen.targets:
        made += _nodes_of(task, max_order, chosen)
    return Pipeline([*made, *_gathering(chosen.targets)], tags=_NAME)


def _networks(parameters: dict[str, Any]) -> dict[str, Task]:
    modeling = parameters.get(_NETWORKS) or {}
    dictionary = task_dictionary((parameters.get("data") or {}).get("tasks"))
    return chosen_tasks(
        modeling.get("tasks"), dictionary, modeling.get("overrides"), modeling.get("step_factors")
    )


def _chosen(parameters: dict[str, Any]) -> tuple[TransferSettings, ChosenTransfers]:
    settings = TransferSettings.model_validate(parameters.get(_NAME) or {})
    networks = _networks(parameters)
    check_tasks("transfer_modeling.overrides", settings.overrides, networks)
    fed = SourcesSettings(**(parameters.get("sources") or {}))
    chosen = choose_transfers(
        networks,
        targets=settings.targets,
        sources=settings.sources,
        frozen=fed.frozen,
        not_combined=fed.not_combined,
    )
    return settings, chosen


def _space(task: Task) -> str:
    return f"{_NAME}.{task.family}.{task.name}"


def _sources_node(chosen: ChosenTransfers) -> Node:
    work = partial(nodes.gather_sources, sources=chosen.sources, targets=tuple(chosen.targets))
    splits = [f"prepared.{split}" for split in ("transfer", "validation", "test")]
    return Node(
        update_wrapper(work, nodes.gather_sources),
        [*splits, "label_statistics", "representations"],
        _SOURCES,
        name="gather_sources",
        namespace=_NAME,
        tags=[tag for task in chosen.targets for tag in (task.family, task.name)],  # each part needs it
    )


def _gathering(targets: Sequence[Task]) -> list[Node]:
    """Put all rows into one table and all losses under one name: by family first, as kedro-viz folds."""
    if not targets:
        return []
    names = tuple(task.name for task in targets)
    families = list(dict.fromkeys(task.family for task in targets))
    made = []
    for family in families:
        own = [task for task in targets if task.family == family]
        tables = [_gathered(task)[0] for task in own]
        losses = [_gathered(task)[1] for task in own]
        space = f"{_NAME}.{family}"
        made += [
            _gather(nodes.join_tables, tables, f"{space}.transfers", "gather_transfers", space),
            _gather(mark_complete, losses, f"{space}.with_losses", "gather_losses", space).tag(GATHERING),
        ]
    tables = [f"{_NAME}.{family}.transfers" for family in families]
    order = partial(nodes.order_tables, targets=names)
    losses = [f"{_NAME}.{family}.with_losses" for family in families]
    return [
        *made,
        _gather(order, tables, "transfers", "gather_transfers", _NAME),
        _gather(mark_complete, losses, "image_losses", "gather_losses", _NAME).tag(GATHERING),
    ]


def _gather(function: Any, inputs: Sequence[str], output: str, name: str, space: str) -> Node:
    work = update_wrapper(function, function.func) if isinstance(function, partial) else function
    return Node(work, list(inputs), output, name=name, namespace=space)


def _gathered(task: Task) -> tuple[str, str]:
    """Return the names of what is known of a target in the end: its rows, and its losses per image."""
    return f"{_space(task)}.transfers", f"image_losses.{task.name}"


def _nodes_of(task: Task, max_order: int, chosen: ChosenTransfers) -> list[Node]:
    space = _space(task)
    guess, scratch = f"{space}.average_guess", f"{space}.scratch"
    orders = [f"{space}.order_{order}" for order in range(1, max_order + 1)]
    splits = [f"prepared.{split}" for split in ("transfer", "validation", "test")]

    def node(function: Any, inputs: list[str], outputs: Any, name: str, **fixed: Any) -> Node:
        work = update_wrapper(partial(function, target=task, **fixed), function)
        return Node(work, inputs, outputs, name=name, namespace=space, tags=[task.family, task.name])

    made = [
        node(nodes.guess_average, [*_SETTINGS, splits[0], "label_statistics", _SOURCES], guess, "guess"),
        node(nodes.train_scratch, [*_SETTINGS, *splits, "label_statistics", guess], scratch, "train_scratch"),
    ]
    for order, output in enumerate(orders, start=1):
        read = [guess, _SOURCES, "representations", *(orders[:1] if order > 1 else [])]
        inputs = [*_SETTINGS, *splits, "label_statistics", *read]
        fixed = {"order": order, "sources": chosen.sources, "not_combined": chosen.not_combined}
        made.append(node(nodes.train_readouts, inputs, output, f"train_order_{order}", **fixed))
    inputs = ["task_losses", scratch, *orders]
    made.append(node(nodes.gather_target, inputs, list(_gathered(task)), "gather"))
    return made
