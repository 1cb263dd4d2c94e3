"""Representations and labels → losses per image of the transfers into every target."""

from taskonomy_kedro.pipelines.transfer_modeling.pipeline import (
    check_transfers,
    create_pipeline,
    targets_of,
)

__all__ = ["check_transfers", "create_pipeline", "targets_of"]
