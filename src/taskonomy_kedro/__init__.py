"""Finds which visual tasks to label and which to reach by transfer, under a supervision budget."""

__version__ = "0.1.0"
