"""Which source sets feed which target, and how well: losses per image."""

from taskonomy_kedro.core.transfers.candidates import KINDS, Candidate, Kind
from taskonomy_kedro.core.transfers.losses import ImageLosses

__all__ = ["KINDS", "Candidate", "ImageLosses", "Kind"]
