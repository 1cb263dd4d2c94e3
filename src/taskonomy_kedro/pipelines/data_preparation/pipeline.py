"""The data preparation: one node a split, then what is measured and drawn from them."""

from functools import partial, update_wrapper
from typing import Any

from kedro.pipeline import Node, Pipeline

from taskonomy_kedro.core.preparation.settings import SPLITS
from taskonomy_kedro.pipelines.data_preparation import nodes

_NAME = "data_preparation"
_SETTINGS = "params:data"
_PREPARED = [f"prepared.{split}" for split in SPLITS]


def create_pipeline() -> Pipeline:
    """Return the pipeline from rooms or a directory to prepared splits."""
    preparing = []
    for split in SPLITS:
        prepare = update_wrapper(partial(nodes.prepare_split, split=split), nodes.prepare_split)
        preparing.append(_node(prepare, _SETTINGS, f"prepared.{split}", f"prepare.{split}", tags=[split]))
    summaries = [
        _node(nodes.measure_labels, [_SETTINGS, "prepared.train"], "label_statistics", "measure_labels"),
        _node(nodes.summarise_splits, [_SETTINGS, *_PREPARED], "data_summary", "summarise_splits"),
        _node(nodes.list_unreadable, _PREPARED, "unreadable_files", "list_unreadable"),
        _node(
            nodes.draw_contact_sheet,
            [_SETTINGS, "prepared.test", "label_statistics"],
            "contact_sheet",
            "draw_contact_sheet",
            tags=["figures"],
        ),
    ]
    return Pipeline([*preparing, *summaries], tags=_NAME)


def _node(
    function: Any, inputs: str | list[str], output: str, name: str, tags: list[str] | None = None
) -> Node:
    return Node(function, inputs, output, name=name, namespace=_NAME, tags=tags)


def create_export_pipeline() -> Pipeline:
    """Return the pipeline that writes the prepared images as a directory of the official layout."""
    return Pipeline(
        [Node(nodes.export_images, _PREPARED, "exported_directory", name="export_images")],
        tags="export_rooms",
    )
