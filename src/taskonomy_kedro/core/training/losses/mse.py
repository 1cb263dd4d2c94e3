"""Squared errors of vectors."""

from taskonomy_kedro.core.training.losses.l2 import Squared

LOSS = Squared()
