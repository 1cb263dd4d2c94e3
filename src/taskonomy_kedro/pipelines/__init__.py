"""Thin: a node unpacks, calls one function of `core`, packs. Pipelines meet in the catalog."""

from typing import Any

GATHERING = "gathering"
"""Tag of the nodes that put the products of many tasks under one name, for the step that follows."""

FIXED_PITCH: dict[str, Any] = {"language": "yaml"}
"""Lets kedro-viz keep the columns of a text: without a language it is set like prose, and the others that it
knows would colour words."""


def mark_complete(*products: Any) -> str:
    """Return a mark once all products are there: what opens them by name runs afterwards."""
    return f"{len(products)} products"
