"""Thin: a node unpacks, calls one function of `core`, packs. Pipelines meet in the catalog."""
