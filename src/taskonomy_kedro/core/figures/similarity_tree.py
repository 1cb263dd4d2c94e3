"""Which sources transfer alike, as a tree."""

from typing import Any

import numpy as np
import pandas as pd
import plotly.graph_objects as go
from scipy.cluster.hierarchy import dendrogram

from taskonomy_kedro.core.errors import UserError
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
"""The branches that join two clusters; clusters count from 1."""


def draw_similarity_tree(merges: pd.DataFrame, task_families: pd.DataFrame) -> go.Figure:
    """Draw the tree of the sources: the earlier two join, the more alike they transfer.

    Leaves stand on the left, one row each; a join stands at the distance between its two parts.
    Branches inside one cluster share a colour; the colour of a name is the task's own family.

    Args:
        merges: Columns `left, right, distance, size`, numbered as SciPy's linkage: 0 … n-1 are
            leaves, n + i is the result of row i; n - 1 rows; not changed.
        task_families: Columns `source, family` (the cluster, 1 …) and `leaf_index` (the leaf's
            number in `merges`); not changed.

    Raises:
        UserError: A table is empty, lacks a column, or the two do not have the same leaves.

    Source: Zamir et al. 2018.
    """
    require_table(merges, name="merges", columns=("left", "right", "distance", "size"))
    require_table(task_families, name="task_families", columns=("source", "family", "leaf_index"))
    _check_leaves(merges, task_families)
    leaves = task_families.set_index("leaf_index").sort_index()
    linkage = merges[["left", "right", "distance", "size"]].to_numpy(dtype=float)
    # What SciPy takes for colours are the numbers of the merges, to find each branch's cluster by.
    drawn = dendrogram(linkage, no_plot=True, link_color_func=str)
    sources = [str(leaves["source"][leaf]) for leaf in drawn["leaves"]]
    reach = float(merges["distance"].max()) or 1.0
    figure = go.Figure(layout=_layout(sources, reach))
    figure.add_traces(_branches(linkage, [int(family) for family in leaves["family"]], drawn))
    figure.add_traces(_leaf_markers(sources))
    return figure


def _check_leaves(merges: pd.DataFrame, task_families: pd.DataFrame) -> None:
    expected = list(range(len(merges) + 1))
    found = sorted(int(value) for value in task_families["leaf_index"])
    if found != expected:
        raise UserError(
            f"table 'task_families': 'leaf_index' must number the {len(expected)} leaves of 'merges' "
            f"from 0 to {expected[-1]}, got {found}"
        )


def _branches(linkage: np.ndarray, family: list[int], drawn: dict[str, Any]) -> list[go.Scatter]:
    """Return one trace for each cluster, in drawing order, and one for the joins between them."""
    cluster = list(family)  # of each leaf, then of each merge
    for left, right in linkage[:, :2].astype(int):
        cluster.append(cluster[left] if cluster[left] == cluster[right] else _BETWEEN)
    order = [*dict.fromkeys(family[leaf] for leaf in drawn["leaves"]), _BETWEEN]
    lines: dict[int, list[tuple[float | None, float | None]]] = {number: [] for number in order}
    for merge, across, along in zip(drawn["color_list"], drawn["icoord"], drawn["dcoord"], strict=True):
        # SciPy puts the leaves at 5, 15, 25, …
        corners = [(x, (y - 5) / 10) for x, y in zip(along, across, strict=True)]
        lines[cluster[int(merge)]] += [*corners, (None, None)]
        if cluster[int(merge)] == _BETWEEN:  # the stem of a cluster has its colour
            left, right = linkage[int(merge) - len(family), :2].astype(int)
            for part, stem in ((left, corners[:2]), (right, corners[2:])):
                if cluster[part] != _BETWEEN:
                    lines[cluster[part]] += [*stem, (None, None)]
    return [
        _branch_trace(number, position, points)
        for position, (number, points) in enumerate(lines.items())
        if points
    ]


def _branch_trace(family: int, position: int, points: list[tuple[float | None, float | None]]) -> go.Scatter:
    is_between = family == _BETWEEN
    return go.Scatter(
        x=[None if x is None else round(x, 5) for x, _ in points],
        y=[y for _, y in points],
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


def _leaf_markers(sources: list[str]) -> list[go.Scatter]:
    traces: list[go.Scatter] = []
    for family in FAMILIES:
        members = [source for source in sources if family_of(source) == family]
        if not members:
            continue
        traces.append(
            go.Scatter(
                x=[0.0] * len(members),
                y=[coloured_task_label(source) for source in members],
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
        page_size=(700, max(420, 160 + 19 * len(sources))),
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
