"""Affinities → the best taxonomy at every budget, its significance, the similarity tree, figures."""

from taskonomy_kedro.pipelines.taxonomy.pipeline import create_pipeline

__all__ = ["create_pipeline"]
