"""Thin: a node unpacks, calls one function of `core`, packs. Pipelines meet in the catalog."""

GATHERING = "gathering"
"""Tag of the nodes that put the products of many tasks under one name, for the step that follows."""
