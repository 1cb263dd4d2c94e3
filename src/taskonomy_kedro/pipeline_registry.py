"""The pipelines by name; plain imports, as a search by folder breaks combined pipelines."""

from kedro.pipeline import Pipeline

from taskonomy_kedro.config import parameters
from taskonomy_kedro.core.labels.custom_tasks import task_dictionary
from taskonomy_kedro.pipelines import (
    GATHERING,
    data_preparation,
    normalization,
    task_modeling,
    taxonomy,
    transfer_modeling,
)


def register_pipelines() -> dict[str, Pipeline]:
    """Return every pipeline; `__default__` is all five steps, from images to taxonomies."""
    given = parameters()
    steps = {
        "data_preparation": data_preparation.create_pipeline(),
        "task_modeling": task_modeling.create_pipeline(given),
        "transfer_modeling": transfer_modeling.create_pipeline(given),
        "normalization": normalization.create_pipeline(
            transfer_modeling.targets_of(given), task_dictionary((given.get("data") or {}).get("tasks"))
        ),
        "taxonomy": taxonomy.create_pipeline(given),
    }
    return {"__default__": _joined(steps), **steps, "export_rooms": data_preparation.create_export_pipeline()}


def _joined(steps: dict[str, Pipeline]) -> Pipeline:
    """Return the steps one after the other.

    What gathers gets every tag of its step: who takes a task out of several steps (`--tags=normal`) takes
    along what one step hands to the next, or they would run in any order. A step alone does without, so
    that one network can be trained where there are no others yet.
    """
    joined = Pipeline([])
    for step in steps.values():
        tags = {tag for node in step.nodes for tag in node.tags}
        joined += Pipeline([node.tag(tags) if GATHERING in node.tags else node for node in step.nodes])
    return joined
