"""The data preparation: one node a split, then what is measured and drawn from them."""

from functools import partial, update_wrapper

from kedro.pipeline import Node, Pipeline

from taskonomy_kedro.core.preparation.settings import SPLITS
from taskonomy_kedro.pipelines.data_preparation import nodes

_PREPARED = [f"prepared.{split}" for split in SPLITS]


def create_pipeline() -> Pipeline:
    """Return the pipeline from rooms or a directory to prepared splits."""
    preparing = []
    for split in SPLITS:
        prepare = update_wrapper(partial(nodes.prepare_split, split=split), nodes.prepare_split)
        preparing.append(
            Node(prepare, "params:data", f"prepared.{split}", name=f"prepare.{split}", tags=[split])
        )
    telling = [
        Node(nodes.measure_labels, "prepared.train", "label_statistics", name="measure_labels"),
        Node(nodes.summarise_splits, _PREPARED, "data_summary", name="summarise_splits"),
        Node(nodes.list_unreadable, _PREPARED, "unreadable_files", name="list_unreadable"),
        Node(
            nodes.draw_contact_sheet,
            ["prepared.test", "label_statistics"],
            "contact_sheet",
            name="draw_contact_sheet",
            tags=["figures"],
        ),
    ]
    return Pipeline([*preparing, *telling], tags="data_preparation")


def create_export_pipeline() -> Pipeline:
    """Return the pipeline that writes the prepared images as a directory of the official layout."""
    return Pipeline(
        [Node(nodes.export_images, _PREPARED, "exported_directory", name="export_images")],
        tags="export_rooms",
    )
