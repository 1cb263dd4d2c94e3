"""The computed taxonomy among random feasible policies."""

from typing import Any

import pandas as pd
import plotly.graph_objects as go

from taskonomy_kedro.core.figures.figure_inputs import require_table
from taskonomy_kedro.core.figures.gain_and_quality import PANELS, two_panel_layout
from taskonomy_kedro.core.figures.style import (
    FAMILY_COLOURS,
    NEUTRAL_COLOUR,
    button_note,
    button_row,
    title_text,
)

_BAND_COLOUR = "rgba(128,128,128,0.28)"
_LEFT_BELOW = {"x": 0.0, "xanchor": "left", "y": 0.0}
_BUTTONS_BELOW = (
    37  # px: under the axes' titles, and with the buttons' own 31 within kedro-viz's margin of 70
)
_KEYS = ("budget", "max_order", "n_policies")
_MEASURES = ("gain", "quality")
_COLUMNS = (
    *_KEYS,
    *(f"mean_{measure}" for measure in _MEASURES),
    *(f"{measure}_percentile" for measure in _MEASURES),
    *(f"random_{measure}_{part}" for measure in _MEASURES for part in ("mean", "p1", "p99")),
)


def draw_significance(significance: pd.DataFrame) -> go.Figure:
    """Draw the computed taxonomy against random feasible policies of the same budget.

    Two panels, mean gain and mean quality against the budget, in [0, 1], higher is better: the
    computed taxonomy as a line, the random policies as their mean and the band from their 1st to
    their 99th percentile. The largest order cap is shown; buttons switch to the others.

    Args:
        significance: One row for each budget and order cap, columns `budget, max_order,
            n_policies, mean_gain, mean_quality, gain_percentile, quality_percentile` and
            `random_{gain,quality}_{mean,p1,p99}`; rows with NaN are left out, and where that leaves
            none the figure says so; not changed.

    Raises:
        ValueError: The table is empty or lacks a column.

    Source: Zamir et al. 2018.
    """
    require_table(significance, name="significance", columns=_COLUMNS)
    rows = significance.dropna(subset=list(_COLUMNS)).sort_values(["max_order", "budget"])
    if rows.empty:
        return _nothing_to_compare(significance)
    caps = sorted({int(cap) for cap in rows["max_order"]})
    budgets = sorted({float(budget) for budget in rows["budget"]})
    key = [
        ("● taxonomy", FAMILY_COLOURS["3d"]),
        ("random: mean, 1–99 %", NEUTRAL_COLOUR),
        (f"of {_policies(rows)} policies", NEUTRAL_COLOUR),
    ]
    figure = go.Figure(layout=two_panel_layout(budgets, title=_title(caps[-1]), key=key))
    owners = []
    for cap in caps:
        for trace in _traces(rows[rows["max_order"] == cap], is_visible=cap == caps[-1]):
            figure.add_trace(trace)
            owners.append(cap)
    if len(caps) > 1:
        figure.update_layout(updatemenus=[_buttons(caps, owners)])
        figure.add_annotation(
            button_note("order cap", **_LEFT_BELOW, yanchor="middle", yshift=-_BUTTONS_BELOW - 16)
        )
    return figure


def _nothing_to_compare(significance: pd.DataFrame) -> go.Figure:
    """Draw empty panels that say why: an infeasible budget is an answer, not a fault."""
    budgets = sorted({float(budget) for budget in significance["budget"]})
    title = title_text("Nothing to compare", "no budget has a taxonomy with known gain and quality")
    return go.Figure(layout=two_panel_layout(budgets, title=title))


def _title(cap: int) -> str:
    return title_text(f"Against chance, order ≤ {cap}")


def _policies(rows: pd.DataFrame) -> str:
    """Return how many policies a budget and cap were drawn."""
    numbers = sorted({int(number) for number in rows["n_policies"]})
    return f"{numbers[0]:,}" if len(numbers) == 1 else f"{numbers[0]:,} to {numbers[-1]:,}"


def _traces(rows: pd.DataFrame, *, is_visible: bool) -> list[go.Scatter]:
    traces = []
    for measure, (_, name, _, number, _) in zip(_MEASURES, PANELS, strict=True):
        shared: dict[str, Any] = {
            "x": [float(budget) for budget in rows["budget"]],
            "xaxis": f"x{number}",
            "yaxis": f"y{number}",
            "visible": is_visible,
        }
        legend = {"showlegend": False}  # named in the panel
        low, high, mean = (_rounded(rows[f"random_{measure}_{part}"]) for part in ("p1", "p99", "mean"))
        edge = {"mode": "lines", "hoverinfo": "skip", "line": {"width": 0.8, "color": _BAND_COLOUR}}
        # A band over one budget has no width, so its two ends are marked.
        if len(rows) == 1:
            edge |= {
                "mode": "markers",
                "marker": {"color": NEUTRAL_COLOUR, "symbol": "line-ew-open", "size": 10},
            }
        band = {"fill": "tonexty", "fillcolor": _BAND_COLOUR, "name": "random, 1–99 %"}
        dotted = {"color": NEUTRAL_COLOUR, "width": 1.6, "dash": "dot"}
        traces += [
            go.Scatter(y=low, showlegend=False, **edge, **shared),
            go.Scatter(y=high, **band, **edge, **legend, **shared),
            go.Scatter(
                y=mean,
                mode="lines+markers",
                name="random, mean",
                line=dotted,
                marker={"color": NEUTRAL_COLOUR, "size": 4},
                hovertemplate=f"budget %{{x}}<br>random mean {name.lower()} %{{y:.3f}}<extra></extra>",
                **legend,
                **shared,
            ),
            _computed(rows, measure, legend | shared),
        ]
    return traces


def _computed(rows: pd.DataFrame, measure: str, settings: dict[str, Any]) -> go.Scatter:
    return go.Scatter(
        y=_rounded(rows[f"mean_{measure}"]),
        mode="lines+markers",
        name="computed taxonomy",
        line={"color": FAMILY_COLOURS["3d"], "width": 2.4},
        marker={"color": FAMILY_COLOURS["3d"], "size": 7},
        customdata=_rounded(rows[f"{measure}_percentile"]),
        hovertemplate=(
            f"budget %{{x}}<br>mean {measure} %{{y:.3f}}<br>percentile among the random: "
            "%{customdata:.4g}<extra></extra>"
        ),
        **settings,
    )


def _rounded(values: "pd.Series[Any]") -> list[float]:
    return [round(float(value), 4) for value in values]


def _buttons(caps: list[int], owners: list[int]) -> dict[str, Any]:
    states = [
        (f"≤{cap}", [{"visible": [owner == cap for owner in owners]}, {"title.text": _title(cap)}])
        for cap in caps
    ]
    pad = {"l": 62, "t": _BUTTONS_BELOW}
    return button_row(states, active=len(caps) - 1, **_LEFT_BELOW, yanchor="top", pad=pad)
