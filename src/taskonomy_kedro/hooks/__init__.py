"""Tracking and last words of a run; nodes know nothing of either."""

from taskonomy_kedro.hooks.figure_paths import FigurePlaces
from taskonomy_kedro.hooks.network_hooks import NetworkHooks
from taskonomy_kedro.hooks.reuse_hooks import ReuseHooks
from taskonomy_kedro.hooks.run_metadata_hooks import RunMetadataHooks
from taskonomy_kedro.hooks.step_metrics import StepMetricsHooks
from taskonomy_kedro.hooks.tracking_hooks import TrackingHooks
from taskonomy_kedro.hooks.transfer_hooks import TransferHooks

__all__ = [
    "FigurePlaces",
    "NetworkHooks",
    "ReuseHooks",
    "RunMetadataHooks",
    "StepMetricsHooks",
    "TrackingHooks",
    "TransferHooks",
]
