"""The taxonomies as one layered graph with a slider over budgets and buttons over order caps."""

from collections.abc import Iterable
from itertools import pairwise
from typing import Any

import pandas as pd
import plotly.graph_objects as go

from taskonomy_kedro.core.figures.figure_inputs import budget_text, nearest_budget
from taskonomy_kedro.core.figures.style import (
    FAMILY_COLOURS,
    NEUTRAL_COLOUR,
    button_note,
    button_row,
    coloured_task_label,
    common_axis,
    common_layout,
    family_boundaries,
    note,
    task_label,
)
from taskonomy_kedro.core.figures.taxonomy_states import (
    EDGE_TRACES,
    NODE_TRACES,
    SOURCE_ROW,
    TARGET_ROW,
    State,
    collect_states,
    source_labels,
    task_columns,
    trace_arrays,
)
from taskonomy_kedro.core.figures.taxonomy_traces import legend_traces, state_traces
from taskonomy_kedro.core.tasks import family_of

_DEFAULT_MAX_ORDER = 2
_LABEL_SIZE = 10
_SLANT = 45  # degrees; upright where there is no room for it, as in the small figure of kedro-viz
_TITLE_HEIGHT = 50
_TITLE_SHIFT = -60  # px to the left: over the names of the rows, so that the small figure has all of it
# What is left for the graph in the small figure of kedro-viz. Plotly shrinks both margins for it, in
# proportion: with room to spare below, names stay whole there, and slider and buttons above are out of sight.
_LEAST_HEIGHT = 70
_SPARE_BELOW = 36
_ROW_NAMES = {SOURCE_ROW: "labelled<br>sources", TARGET_ROW: "targets"}


def draw_taxonomy_graph(
    taxonomies: pd.DataFrame,
    taxonomy_summary: pd.DataFrame,
    *,
    budget: float,
    max_order: int = _DEFAULT_MAX_ORDER,
) -> go.Figure:
    """Draw every solved taxonomy: labelled sources above, targets below, transfers between them.

    A transfer of a higher order joins the lines of its sources in a small node above its target. A
    target under full supervision is a square under its own source. A slider selects the budget,
    buttons the order cap; a state without a taxonomy gives the reason.

    Args:
        taxonomies: Columns `budget, max_order, target, sources, kind, gain, quality`; no rows for
            infeasible states; not changed.
        taxonomy_summary: Columns `budget, max_order, status, sources_used, mean_gain,
            mean_quality`; not changed.
        budget: The graph opens at the solved budget closest to this one.
        max_order: The graph opens at this order cap, or at the largest if this one was not solved.

    Raises:
        ValueError: The summary is empty, or a table lacks a column.

    Source: Zamir et al. 2018.
    """
    states = collect_states(taxonomies, taxonomy_summary)
    budgets = sorted({known for known, _ in states})
    caps = sorted({known for _, known in states})
    shown_budget = nearest_budget(budgets, budget)
    shown_cap = max_order if max_order in caps else caps[-1]

    shown = states[shown_budget, shown_cap]
    columns = task_columns(states.values())
    targets = {transfer.target for state in states.values() for transfer in state.transfers}
    figure = go.Figure(layout=_layout(shown, columns, targets))
    figure.add_traces(state_traces(shown, columns))
    figure.add_traces(legend_traces(columns))
    figure.update_layout(
        sliders=[_slider(states, cap, budgets, shown_budget, shown_cap, columns) for cap in caps],
        updatemenus=[_buttons(states, caps, budgets, shown_budget, shown_cap, columns)],
    )
    return figure


def _update_args(state: State, columns: dict[str, int]) -> list[Any]:
    """Return the arguments of Plotly's `update` that show one state."""
    at, labels = source_labels(state, columns)
    layout = {"xaxis3.tickvals": at, "xaxis3.ticktext": labels, "annotations[0].text": state.title()}
    return [trace_arrays(state, columns), layout, list(range(len(EDGE_TRACES) + len(NODE_TRACES)))]


def _label_height(columns: dict[str, int]) -> int:
    """Return how many px upright task names take above or below the graph."""
    longest = max((len(task_label(task)) for task in columns), default=0)
    return 8 + round(0.49 * _LABEL_SIZE * longest)


def _slider(
    states: dict[tuple[float, int], State],
    cap: int,
    budgets: list[float],
    shown_budget: float,
    shown_cap: int,
    columns: dict[str, int],
) -> dict[str, Any]:
    left = 0.01 + 0.065 * len({cap for _, cap in states})  # beside the buttons
    steps = [
        {"label": budget_text(budget), "method": "update", "args": _update_args(states[budget, cap], columns)}
        for budget in budgets
    ]
    return {
        "visible": cap == shown_cap,
        "active": budgets.index(shown_budget),
        "steps": steps,
        "x": left,
        "len": 0.85 - left,  # right of it are Plotly's own buttons
        "y": 1.0,
        "yanchor": "bottom",
        "pad": {"t": 0, "b": _label_height(columns) + _TITLE_HEIGHT},
        "currentvalue": {"prefix": "supervision budget: ", "font": {"size": 12}},
        "font": {"size": 10},
        "ticklen": 3,
        "bgcolor": "rgba(128,128,128,0.35)",
        "bordercolor": "rgba(128,128,128,0.35)",
    }


def _buttons(
    states: dict[tuple[float, int], State],
    caps: list[int],
    budgets: list[float],
    shown_budget: float,
    shown_cap: int,
    columns: dict[str, int],
) -> dict[str, Any]:
    """Return one button an order cap: it shows the cap's state and swaps the slider for the cap's."""
    buttons = []
    for position, cap in enumerate(caps):
        traces, layout, indices = _update_args(states[shown_budget, cap], columns)
        sliders = {f"sliders[{other}].visible": other == position for other in range(len(caps))}
        start = {f"sliders[{position}].active": budgets.index(shown_budget)}
        buttons.append((f"≤{cap}", [traces, layout | sliders | start, indices]))
    pad = {"b": _label_height(columns) + _TITLE_HEIGHT}
    return button_row(buttons, active=caps.index(shown_cap), x=0.0, xanchor="left", y=1.0, pad=pad)


def _layout(state: State, columns: dict[str, int], targets: Iterable[str]) -> dict[str, Any]:
    height = _label_height(columns)
    layout = common_layout(page_size=(960, 640), margin={"t": height + 58, "b": height + 16, "l": 80})
    at, labels = source_labels(state, columns)
    tasks = list(columns)
    shared: dict[str, Any] = {
        "anchor": "y2",
        "range": [-0.7, len(columns) - 0.3],
        "showgrid": False,
        "showline": False,
        "ticks": "",
        "tickfont": {"size": _LABEL_SIZE, "color": NEUTRAL_COLOUR},
    }
    below = [task for task in tasks if task in targets]
    layout["xaxis2"] = common_axis(
        **shared,
        tickvals=[columns[task] for task in below],
        ticktext=[coloured_task_label(task) for task in below],
        autotickangles=[_SLANT, 90],
    )
    layout["xaxis2"]["title"]["standoff"] = _SPARE_BELOW
    above = {"side": "top", "overlaying": "x2", "autotickangles": [-_SLANT, -90]}
    layout["xaxis3"] = common_axis(**shared, **above, tickvals=at, ticktext=labels)
    layout["minreducedheight"] = _LEAST_HEIGHT
    layout["yaxis2"] = common_axis(
        anchor="x2",
        range=[TARGET_ROW - 9, SOURCE_ROW + 9],
        tickvals=list(_ROW_NAMES),
        ticktext=list(_ROW_NAMES.values()),
        showgrid=False,
        showline=False,
        ticks="",
    )
    layout["shapes"] = _family_bands(tasks)
    layout["annotations"] = _notes(state, height)
    layout["legend"] = {"x": 1.02, "xanchor": "left", "y": 1.0, "yanchor": "top", "itemclick": False}
    return layout


def _notes(state: State, height: int) -> list[dict[str, Any]]:
    """Return the title, above the names of the sources, and what the buttons choose, above the title."""
    place: dict[str, Any] = {"x": 0.0, "xanchor": "left", "y": 1.0, "yanchor": "bottom"}
    title = note(state.title(), **place, align="left", yshift=height, xshift=_TITLE_SHIFT, font={"size": 16})
    return [title, button_note("order cap", **place, yshift=height + _TITLE_HEIGHT + 34)]


def _family_bands(tasks: list[str]) -> list[dict[str, Any]]:
    """Return a tinted band behind the columns of each family."""
    ends = [0, *family_boundaries(tasks), len(tasks)]
    return [
        {
            "type": "rect",
            "xref": "x2",
            "x0": start - 0.5,
            "x1": end - 0.5,
            "yref": "y2",
            "y0": TARGET_ROW - 9,
            "y1": SOURCE_ROW + 9,
            "layer": "below",
            "fillcolor": FAMILY_COLOURS[family_of(tasks[start])],
            "opacity": 0.08,
            "line": {"width": 0},
        }
        for start, end in pairwise(ends)
        if end > start
    ]
