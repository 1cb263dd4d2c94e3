"""Which sources transfer alike, as a tree."""

from typing import Any

import pandas as pd
import plotly.graph_objects as go

from taskonomy_kedro.core.figures.figure_inputs import require_table
from taskonomy_kedro.core.figures.style import (
    CLUSTER_COLOURS,
    FAMILY_COLOURS,
    FAMILY_LABELS,
    NEUTRAL_COLOUR,
    category_axis,
    coloured_task_label,
    common_axis,
    common_layout,
    title_text,
)
from taskonomy_kedro.core.tasks import FAMILIES, family_of

_BETWEEN = 0
"""Stands for the branches that join two clusters; clusters count from 1."""


def draw_similarity_tree(merges: pd.DataFrame, task_families: pd.DataFrame) -> go.Figure:
    """Draw the tree of the sources: the earlier two join, the more alike they transfer.

    Leaves stand on the left, one row each; a join stands at the distance of what it joins.
    Branches inside one cluster share a colour; the colour of a name is the task's own family.

    Args:
        merges: Columns `left, right, distance, size`, numbered as SciPy's linkage: 0 … n-1 are
            leaves, n + i is the result of row i; n - 1 rows; not changed.
        task_families: Columns `source, family` (the cluster, 1 …), `leaf_order` (0 … n-1, the
            place on the drawing) and `leaf_index` (the leaf's number in `merges`); not changed.

    Raises:
        ValueError: A table is empty, lacks a column, or the two do not have the same leaves.

    Source: Zamir et al. 2018.
    """
    require_table(merges, name="merges", columns=("left", "right", "distance", "size"))
    columns = ("source", "family", "leaf_order", "leaf_index")
    require_table(task_families, name="task_families", columns=columns)
    _check_leaves(merges, task_families)
    leaves = task_families.sort_values("leaf_order")
    reach = float(merges["distance"].max()) or 1.0
    figure = go.Figure(layout=_layout([str(source) for source in leaves["source"]], reach))
    figure.add_traces(_branches(merges, leaves))
    figure.add_traces(_leaf_markers(leaves))
    return figure


def _check_leaves(merges: pd.DataFrame, task_families: pd.DataFrame) -> None:
    wanted = list(range(len(merges) + 1))
    for column in ("leaf_index", "leaf_order"):
        given = sorted(int(value) for value in task_families[column])
        if given != wanted:
            raise ValueError(
                f"table 'task_families': {column!r} must number the {len(wanted)} leaves of 'merges' "
                f"from 0 to {wanted[-1]}, got {given}"
            )


def _branches(merges: pd.DataFrame, leaves: pd.DataFrame) -> list[go.Scatter]:
    """Return one trace for each cluster, in drawing order, and one for the joins between them."""
    n_leaves = len(leaves)
    place = {
        int(index): float(order)
        for index, order in zip(leaves["leaf_index"], leaves["leaf_order"], strict=True)
    }
    cluster = {
        int(index): int(family) for index, family in zip(leaves["leaf_index"], leaves["family"], strict=True)
    }
    height = dict.fromkeys(place, 0.0)
    lines: dict[int, tuple[list[float | None], list[float | None]]] = {}
    for step, row in enumerate(merges.itertuples(index=False)):
        left, right, distance = int(str(row.left)), int(str(row.right)), float(str(row.distance))
        joined = n_leaves + step
        cluster[joined] = cluster[left] if cluster[left] == cluster[right] else _BETWEEN
        xs, ys = lines.setdefault(cluster[joined], ([], []))
        xs += [height[left], distance, distance, height[right], None]
        ys += [place[left], place[left], place[right], place[right], None]
        place[joined], height[joined] = (place[left] + place[right]) / 2, distance
    _keep_stems_coloured(lines, merges, cluster, place, height)
    order = [*dict.fromkeys(int(family) for family in leaves["family"]), _BETWEEN]
    return [
        _branch_trace(family, position, *lines[family])
        for position, family in enumerate(order)
        if family in lines
    ]


def _keep_stems_coloured(
    lines: dict[int, tuple[list[float | None], list[float | None]]],
    merges: pd.DataFrame,
    cluster: dict[int, int],
    place: dict[int, float],
    height: dict[int, float],
) -> None:
    """Give the stem of every cluster its colour too, or a cluster of one leaf would have none."""
    for row in merges.itertuples(index=False):
        left, right, distance = int(str(row.left)), int(str(row.right)), float(str(row.distance))
        if cluster[left] == cluster[right]:
            continue
        for part in (left, right):
            if cluster[part] != _BETWEEN:
                xs, ys = lines.setdefault(cluster[part], ([], []))
                xs += [height[part], distance, None]
                ys += [place[part], place[part], None]


def _branch_trace(family: int, position: int, xs: list[float | None], ys: list[float | None]) -> go.Scatter:
    is_between = family == _BETWEEN
    return go.Scatter(
        x=[None if value is None else round(value, 5) for value in xs],
        y=ys,
        mode="lines",
        name="between clusters" if is_between else f"cluster {family}",
        line={
            "color": NEUTRAL_COLOUR if is_between else CLUSTER_COLOURS[(family - 1) % len(CLUSTER_COLOURS)],
            "width": 1.6 if is_between else 2.6,
        },
        legendgroup="branches",
        legendgrouptitle={"text": "Branches"} if position == 0 else None,
        # The joins between clusters go below, so that a stem keeps its cluster's colour.
        zorder=0 if is_between else 1,
        hovertemplate="distance %{x:.3g}<extra></extra>",
        xaxis="x2",
        yaxis="y2",
    )


def _leaf_markers(leaves: pd.DataFrame) -> list[go.Scatter]:
    traces: list[go.Scatter] = []
    for family in FAMILIES:
        rows = leaves[[family_of(str(source)) == family for source in leaves["source"]]]
        if rows.empty:
            continue
        traces.append(
            go.Scatter(
                x=[0.0] * len(rows),
                y=[coloured_task_label(str(source)) for source in rows["source"]],
                mode="markers",
                name=FAMILY_LABELS[family],
                marker={"color": FAMILY_COLOURS[family], "size": 8},
                legendgroup="tasks",
                legendgrouptitle={"text": "Tasks"} if not traces else None,
                hoverinfo="skip",
                zorder=2,
                xaxis="x2",
                yaxis="y3",
            )
        )
    return traces


def _layout(sources: list[str], reach: float) -> dict[str, Any]:
    layout = common_layout(
        png_size=(1000, max(420, 160 + 19 * len(sources))),
        margin={"l": 130},
        title=title_text(
            "Sources that transfer alike",
            "the further left two join, the more alike",
        ),
    )
    layout["xaxis2"] = common_axis(
        anchor="y2", range=[-0.015 * reach, 1.03 * reach], title="distance between transfer patterns"
    )
    ends = [len(sources) - 0.4, -0.6]
    layout["yaxis2"] = common_axis(
        anchor="x2", range=ends, showgrid=False, showline=False, showticklabels=False, ticks=""
    )
    # The same rows once more, by name: places between two rows, where branches join, are no categories.
    layout["yaxis3"] = category_axis(
        [coloured_task_label(source) for source in sources], anchor="x2", overlaying="y2"
    ) | {"range": ends}
    layout["legend"] = {"x": 1.02, "xanchor": "left", "y": 1.0, "yanchor": "top"}
    return layout
