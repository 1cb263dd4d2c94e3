"""Which source sets feed which target, and how well: losses per image."""

from taskonomy_kedro.core.candidates.candidates import KINDS, Candidate, Kind
from taskonomy_kedro.core.candidates.image_losses import ImageLosses

__all__ = ["KINDS", "Candidate", "ImageLosses", "Kind"]
