"""The pipelines by name; plain imports, as a search by folder breaks combined pipelines."""

from kedro.pipeline import Pipeline

from taskonomy_kedro.config import parameters
from taskonomy_kedro.pipelines import (
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
        "normalization": normalization.create_pipeline(transfer_modeling.targets_of(given)),
        "taxonomy": taxonomy.create_pipeline(),
    }
    joined = sum(steps.values(), Pipeline([]))
    return {"__default__": joined, **steps, "export_rooms": data_preparation.create_export_pipeline()}
