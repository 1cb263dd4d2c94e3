"""Losses per image → win rates and affinities."""

from taskonomy_kedro.pipelines.normalization.pipeline import create_pipeline

__all__ = ["create_pipeline"]
