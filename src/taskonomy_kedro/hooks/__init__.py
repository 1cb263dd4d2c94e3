"""Tracking and last words of a run; nodes know nothing of either."""

from taskonomy_kedro.hooks.figures import FigurePlaces
from taskonomy_kedro.hooks.networks import NetworkHooks
from taskonomy_kedro.hooks.remaking import RemakingHooks
from taskonomy_kedro.hooks.run_facts import RunFactsHooks
from taskonomy_kedro.hooks.step_facts import StepFactsHooks
from taskonomy_kedro.hooks.tracking import TrackingHooks
from taskonomy_kedro.hooks.transfers import TransferHooks

__all__ = [
    "FigurePlaces",
    "NetworkHooks",
    "RemakingHooks",
    "RunFactsHooks",
    "StepFactsHooks",
    "TrackingHooks",
    "TransferHooks",
]
