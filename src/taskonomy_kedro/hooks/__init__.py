"""Tracking and summary of a run; nodes know nothing of either."""

from taskonomy_kedro.hooks.final_lines import FinalLines
from taskonomy_kedro.hooks.reuse_hooks import ReuseHooks
from taskonomy_kedro.hooks.run_summary_hooks import RunSummaryHooks
from taskonomy_kedro.hooks.tracking_hooks import TrackingHooks

__all__ = ["FinalLines", "ReuseHooks", "RunSummaryHooks", "TrackingHooks"]
