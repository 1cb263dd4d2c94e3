"""Tracking and last words of a run; nodes know nothing of either."""

from taskonomy_kedro.hooks.final_lines import FinalLines
from taskonomy_kedro.hooks.network_hooks import NetworkHooks
from taskonomy_kedro.hooks.reuse_hooks import ReuseHooks
from taskonomy_kedro.hooks.run_metadata_hooks import RunMetadataHooks
from taskonomy_kedro.hooks.step_metrics import StepMetricsHooks
from taskonomy_kedro.hooks.tracking_hooks import TrackingHooks
from taskonomy_kedro.hooks.transfer_hooks import TransferHooks

__all__ = [
    "FinalLines",
    "NetworkHooks",
    "ReuseHooks",
    "RunMetadataHooks",
    "StepMetricsHooks",
    "TrackingHooks",
    "TransferHooks",
]
