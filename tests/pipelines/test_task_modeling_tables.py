"""The tables of the task modelling, and the picture of the pipeline that hangs on them."""

import numpy as np

from taskonomy_kedro.core.training.products import Examples, Representations, TaskLosses
from taskonomy_kedro.pipelines.task_modeling import create_pipeline, nodes

LOSSES = {"n_items": 7, "loss": 0.5, "beats_average_guess": 0.9, "beats_random_readout": 0.8}


def test_a_family_is_a_row_a_task_with_losses_and_what_was_made_besides():
    arrays = {"test": np.zeros((7, 8, 2, 2)), "transfer": np.zeros((5, 8, 2, 2))}
    table = nodes.tabulate_family(
        TaskLosses(task="normal", outcome=LOSSES),
        Representations(task="normal", arrays=arrays),
        Examples(task="normal", png=b"png"),
        TaskLosses(task="reshading", failure="nan at step 1"),
        Representations(task="reshading", failure="nan at step 1"),
        Examples(task="reshading", failure="nan at step 1"),
        Representations(task="random_projection", arrays=arrays),
    )
    assert list(table["task"]) == ["normal", "reshading"]
    assert list(table["n_represented"]) == [12, 0]
    assert list(table["has_picture"]) == [True, False]
    assert list(table["failure"]) == ["", "nan at step 1"]
    assert table["loss"][0] == 0.5
    both = nodes.tabulate_sanity(table, table)
    assert list(both.index) == [0, 1, 2, 3]
    assert list(both["task"]) == ["normal", "reshading"] * 2


def test_nothing_hangs_out_of_a_family():
    """kedro-viz draws what no node takes in beside the family that makes it: 76 products in a row."""
    assert create_pipeline({}).outputs() == {"sanity_table", "representations", "task_losses"}
    for family in ("2d", "3d", "geometric", "semantic", "other"):
        inside = create_pipeline({}).only_nodes_with_namespaces([f"task_modeling.{family}"])
        space = f"task_modeling.{family}"
        assert inside.outputs() == {f"{space}.sanity", f"{space}.gathered"}


def test_the_random_projection_alone_makes_no_table():
    pipeline = create_pipeline({"task_modeling": {"tasks": "random_projection"}})
    assert pipeline.outputs() == {"representations", "task_losses"}  # no sanity table
