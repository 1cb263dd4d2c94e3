"""Images and labels → one network a task, its losses, its representations of every image."""

from taskonomy_kedro.pipelines.task_modeling.pipeline import create_pipeline

__all__ = ["create_pipeline"]
