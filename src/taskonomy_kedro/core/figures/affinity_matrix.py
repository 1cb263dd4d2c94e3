"""The first-order affinity matrix before and after normalisation."""

from typing import Any

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from taskonomy_kedro.core.errors import UserError
from taskonomy_kedro.core.figures.figure_inputs import require_table
from taskonomy_kedro.core.figures.style import (
    LINE_COLOUR,
    MISSING_COLOUR,
    category_axis,
    coloured_task_label,
    common_layout,
    family_boundaries,
    note,
    order_by_family,
    task_label,
    title_text,
)

FULL_SUPERVISION_LABEL = "Task-specific"
_TRANSFER_KINDS = ("transfer", "random", "imagenet")
_AFFINITY_SCALE = 20.0
# From worse to better; both panels use it, so that dark is better in both.
_WORSE_TO_BETTER = [
    [0.0, "#F4F7FB"],
    [0.25, "#B9D3EA"],
    [0.5, "#6BA6D3"],
    [0.75, "#2C6EAF"],
    [1.0, "#0B2F63"],
]
# Between them there is room for numbers and name of the colour bar, in the small figure of kedro-viz too.
_LEFT_DOMAIN = (0.0, 0.37)
_RIGHT_DOMAIN = (0.6, 0.97)
_TITLE_SHIFT = -24  # px to the left, for the same reason


def draw_affinity_matrix(affinities: pd.DataFrame, win_rates: pd.DataFrame) -> go.Figure:
    """Draw how well every source feeds every target, before and after normalisation.

    Left: win rate against the task-specific network, in [0, 1], higher is better. Right:
    exp(-20 P) of the affinity P, in (0, 1], lower is better, with one more column for full
    supervision. Affinities sum to 1 over all candidates of a target, higher orders included, so
    the first-order ones are scaled to sum to 1 among themselves first. Rows are targets, columns
    sources, both ordered by family; dark is better in both panels and grey cells have no value.

    Args:
        affinities: Columns `target, sources, order, kind, affinity`; not changed.
        win_rates: Columns `target, sources, order, kind, quality`; not changed.

    Raises:
        UserError: A table is empty, lacks a column, or has no first-order row.

    Source: Zamir et al. 2018, figure 7.
    """
    keys = ["target", "sources", "order", "kind"]
    require_table(affinities, name="affinities", columns=[*keys, "affinity"])
    require_table(win_rates, name="win_rates", columns=[*keys, "quality"])
    rates = _first_order(win_rates, _TRANSFER_KINDS, name="win_rates")
    shares = _first_order(affinities, (*_TRANSFER_KINDS, "full_supervision"), name="affinities")
    shares = shares.assign(
        affinity=shares["affinity"] / shares.groupby("target")["affinity"].transform("sum")
    )

    targets = order_by_family([*rates["target"], *shares["target"]])
    is_full = shares["kind"] == "full_supervision"
    sources = order_by_family([*rates["source"], *shares.loc[~is_full, "source"]])
    quality = _matrix(rates, "quality", targets, sources)
    affinity = _matrix(shares[~is_full], "affinity", targets, sources)
    own = shares[is_full].drop_duplicates("target").set_index("target")["affinity"]
    affinity = np.column_stack([affinity, own.reindex(targets).to_numpy(dtype=float)])

    figure = go.Figure(layout=_layout(targets, sources))
    figure.add_trace(_quality_heatmap(quality, targets, sources))
    figure.add_trace(_affinity_heatmap(affinity, targets, sources))
    return figure


def _first_order(table: pd.DataFrame, kinds: tuple[str, ...], *, name: str) -> pd.DataFrame:
    rows = table[(table["order"] == 1) & table["kind"].isin(kinds)]
    if rows.empty:
        raise UserError(f"table {name!r} has no row of order 1 and kind {', '.join(kinds)}")
    return rows.assign(source=[next(iter(sources)) for sources in rows["sources"]])


def _matrix(rows: pd.DataFrame, column: str, targets: list[str], sources: list[str]) -> np.ndarray:
    """Return `matrix[target, source]`, float64, NaN where the table has no row."""
    cells = rows.drop_duplicates(["target", "source"]).pivot(index="target", columns="source", values=column)
    return cells.reindex(index=targets, columns=sources).to_numpy(dtype=float)


def _quality_heatmap(quality: np.ndarray, targets: list[str], sources: list[str]) -> go.Heatmap:
    top = max(0.5, float(np.nanmax(quality, initial=0.0)))
    labels = [task_label(source) for source in sources]
    return _heatmap(
        quality,
        places=(_column_labels(sources), _row_labels(targets)),
        axes=("x2", "y2"),
        hover=_hover(quality, "win rate {:.3f}", targets, labels),
        zmax=top,
        colorbar_x=_LEFT_DOMAIN[1],
        colorbar_title="higher is better",
    )


def _affinity_heatmap(affinity: np.ndarray, targets: list[str], sources: list[str]) -> go.Heatmap:
    labels = [*(task_label(source) for source in sources), FULL_SUPERVISION_LABEL]
    return _heatmap(
        places=(_column_labels(sources, is_with_full=True), _row_labels(targets)),
        cells=np.exp(-_AFFINITY_SCALE * affinity),
        axes=("x3", "y3"),
        hover=_hover(affinity, "affinity {:.4g} within the first order", targets, labels),
        zmax=1.0,
        colorbar_x=_RIGHT_DOMAIN[1],
        colorbar_title="lower is better",
        is_lower_better=True,
    )


def _hover(values: np.ndarray, phrase: str, targets: list[str], labels: list[str]) -> list[list[str]]:
    def cell(target: str, label: str, value: float) -> str:
        told = "missing" if np.isnan(value) else phrase.format(value)
        return f"{task_label(target)} ← {label}<br>{told}"

    return [
        [cell(target, label, value) for label, value in zip(labels, row, strict=True)]
        for target, row in zip(targets, values, strict=True)
    ]


def _heatmap(
    cells: np.ndarray,
    *,
    places: tuple[list[str], list[str]],
    axes: tuple[str, str],
    hover: list[list[str]],
    zmax: float,
    colorbar_x: float,
    colorbar_title: str,
    is_lower_better: bool = False,
) -> go.Heatmap:
    return go.Heatmap(
        z=[[None if np.isnan(value) else round(float(value), 5) for value in row] for row in cells],
        x=places[0],
        y=places[1],
        text=hover,
        hoverinfo="text",
        xaxis=axes[0],
        yaxis=axes[1],
        zmin=0.0,
        zmax=zmax,
        colorscale=_WORSE_TO_BETTER,
        reversescale=is_lower_better,
        colorbar={
            "x": colorbar_x,
            "xpad": 4,
            "len": 1.0,
            "ypad": 0,
            "thickness": 9,
            "outlinewidth": 0,
            "nticks": 5,
            "tickfont": {"size": 9},
            "title": {"text": colorbar_title, "side": "right", "font": {"size": 11}},
        },
    )


def _layout(targets: list[str], sources: list[str]) -> dict[str, Any]:
    layout = common_layout(
        page_size=(1000, 620),
        margin={"b": 110, "l": 120},
        title=title_text("Sources (columns) into targets (rows)"),
    )
    layout["title"]["pad"] = {"l": _TITLE_SHIFT}
    left: dict[str, Any] = {"anchor": "y2", "domain": list(_LEFT_DOMAIN)}
    right: dict[str, Any] = {"anchor": "y3", "domain": list(_RIGHT_DOMAIN)}
    layout["xaxis2"] = category_axis(_column_labels(sources), tickangle=-90, **left)
    layout["xaxis3"] = category_axis(_column_labels(sources, is_with_full=True), tickangle=-90, **right)
    rows = _row_labels(targets)
    layout["yaxis2"] = category_axis(rows, is_reversed=True, anchor="x2")
    layout["yaxis3"] = category_axis(rows, is_reversed=True, anchor="x3", matches="y2", showticklabels=False)
    layout["shapes"] = [
        shape
        for number, columns in ((2, len(sources)), (3, len(sources) + 1))
        for shape in _panel_shapes(number, targets, sources, columns)
    ]
    layout["annotations"] = [
        _panel_title("<b>Before:</b> win rate", domain=_LEFT_DOMAIN),
        _panel_title("<b>After:</b> exp(−20·affinity)", domain=_RIGHT_DOMAIN),
    ]
    return layout


def _row_labels(targets: list[str]) -> list[str]:
    return [coloured_task_label(target) for target in targets]


def _column_labels(sources: list[str], *, is_with_full: bool = False) -> list[str]:
    full = [f"<b>{FULL_SUPERVISION_LABEL}</b>"] if is_with_full else []
    return [*(coloured_task_label(source) for source in sources), *full]


def _panel_title(text: str, *, domain: tuple[float, float]) -> dict[str, Any]:
    shift = {"xshift": _TITLE_SHIFT, "yshift": 2}
    return note(text, x=domain[0], xanchor="left", y=1.0, yanchor="bottom", **shift, font={"size": 12})


def _panel_shapes(
    number: int, targets: list[str], sources: list[str], n_columns: int
) -> list[dict[str, Any]]:
    """Return the grey ground that shows through missing cells, and the lines between families."""
    line = {"color": LINE_COLOUR, "width": 1}
    axes = {"xref": f"x{number}", "yref": f"y{number}"}
    right, bottom = n_columns - 0.5, len(targets) - 0.5
    ground = {"type": "rect", "x0": -0.5, "x1": right, "y0": -0.5, "y1": bottom, "layer": "below"}
    columns = [*family_boundaries(sources), *([len(sources)] if n_columns > len(sources) else [])]
    verticals = [{"x0": at - 0.5, "x1": at - 0.5, "y0": -0.5, "y1": bottom} for at in columns]
    horizontals = [
        {"x0": -0.5, "x1": right, "y0": at - 0.5, "y1": at - 0.5} for at in family_boundaries(targets)
    ]
    return [
        {**ground, **axes, "fillcolor": MISSING_COLOUR, "line": {"width": 0}},
        *({"type": "line", **axes, **ends, "line": line} for ends in verticals + horizontals),
    ]
