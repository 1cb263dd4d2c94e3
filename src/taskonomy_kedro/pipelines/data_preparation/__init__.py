"""Rooms made from a seed, or a Taskonomy directory → prepared images and labels."""

from taskonomy_kedro.pipelines.data_preparation.pipeline import create_export_pipeline, create_pipeline

__all__ = ["create_export_pipeline", "create_pipeline"]
