"""The pipelines by name; plain imports, as a search by folder breaks combined pipelines."""

from kedro.pipeline import Pipeline

from taskonomy_kedro.config import parameters
from taskonomy_kedro.core.labels.custom_tasks import task_dictionary
from taskonomy_kedro.core.sources.settings import SourcesSettings
from taskonomy_kedro.pipelines import (
    GATHERING,
    data_preparation,
    normalization,
    task_modeling,
    taxonomy,
    transfer_modeling,
)
from taskonomy_kedro.recipes.reuse import reusing


def register_pipelines() -> dict[str, Pipeline]:
    """Return every pipeline; `__default__` is all five steps, from images to taxonomies."""
    given = parameters()
    steps = {
        "data_preparation": data_preparation.create_pipeline(),
        "task_modeling": task_modeling.create_pipeline(given),
        "transfer_modeling": transfer_modeling.create_pipeline(given),
        "normalization": normalization.create_pipeline(
            transfer_modeling.targets_of(given),
            (
                *task_dictionary((given.get("data") or {}).get("tasks")),
                *SourcesSettings(**(given.get("sources") or {})).frozen,
            ),
        ),
        "taxonomy": taxonomy.create_pipeline(given),
    }
    export = data_preparation.create_export_pipeline()
    registered = {"__default__": _joined(steps), **steps, "export_rooms": export}
    return {name: reusing(pipeline) for name, pipeline in registered.items()}


def _joined(steps: dict[str, Pipeline]) -> Pipeline:
    """Return the steps one after the other.

    Nodes that gather get every tag of their step: if you run one task through several steps
    (`--tags=normal`), they keep the steps in order. A step alone does without, so that you can train one
    network where there are no others yet.
    """
    joined = Pipeline([])
    for step in steps.values():
        tags = {tag for node in step.nodes for tag in node.tags}
        joined += Pipeline([node.tag(tags) if GATHERING in node.tags else node for node in step.nodes])
    return joined
