"""The pipelines by name; plain imports, as a search by folder breaks combined pipelines."""

from kedro.pipeline import Pipeline

from taskonomy_kedro.config import parameters
from taskonomy_kedro.pipelines import data_preparation, normalization, task_modeling, taxonomy


def register_pipelines() -> dict[str, Pipeline]:
    """Return every pipeline; `__default__` is what runs on what the repository holds."""
    solving = taxonomy.create_pipeline()
    return {
        "__default__": solving,
        "data_preparation": data_preparation.create_pipeline(),
        "export_rooms": data_preparation.create_export_pipeline(),
        "task_modeling": task_modeling.create_pipeline(parameters()),
        "normalization": normalization.create_pipeline(),
        "taxonomy": solving,
    }
