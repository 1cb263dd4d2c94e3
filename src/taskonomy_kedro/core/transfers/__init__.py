"""Which source sets feed which target."""

from taskonomy_kedro.core.transfers.candidates import KINDS, Candidate, Kind

__all__ = ["KINDS", "Candidate", "Kind"]
