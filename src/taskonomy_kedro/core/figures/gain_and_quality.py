"""Mean gain and mean quality of the taxonomies against the supervision budget."""

from collections.abc import Sequence
from typing import Any

import pandas as pd
import plotly.graph_objects as go

from taskonomy_kedro.core.figures.figure_inputs import budget_text, require_table
from taskonomy_kedro.core.figures.style import (
    NEUTRAL_COLOUR,
    ORDER_COLOURS,
    common_axis,
    common_layout,
    note,
    title_text,
)

_SYMBOLS = {"circle": "●", "square": "■", "diamond": "◆", "triangle-up": "▲", "x": "✖"}
_MOST_TICKS = 6
_TITLE_SHIFT = (
    -30
)  # px to the left, over the numbers: there is room for all of it in the small figure of kedro-viz
PANELS = (
    ("mean_gain", "Gain", "over scratch", "2", (0.0, 0.4)),
    ("mean_quality", "Quality", "over own network", "3", (0.61, 1.0)),
)
"""Column, name, opponent, axis number and place on the paper of the two panels."""


def draw_gain_and_quality(taxonomy_summary: pd.DataFrame) -> go.Figure:
    """Draw what more supervision buys: mean gain and mean quality against the budget.

    One line for each order cap; both are win rates in [0, 1], higher is better, and 0.5 is a tie.
    A budget without a taxonomy leaves a gap.

    Args:
        taxonomy_summary: Columns `budget, max_order, status, mean_gain, mean_quality`; one row for
            each budget and order cap; not changed.

    Raises:
        ValueError: The table is empty or lacks a column.

    Source: Zamir et al. 2018.
    """
    columns = ("budget", "max_order", "status", "mean_gain", "mean_quality")
    require_table(taxonomy_summary, name="taxonomy_summary", columns=columns)
    solved = taxonomy_summary.sort_values(["max_order", "budget"])
    budgets = sorted({float(budget) for budget in solved["budget"]})
    figure = go.Figure(
        layout=two_panel_layout(
            budgets,
            title=title_text("What a larger supervision budget buys"),
            key=[
                (f"{_look(position)[1]} {_name(int(str(cap)))}", _look(position)[2])
                for position, cap in enumerate(sorted(set(solved["max_order"])))
            ],
        )
    )
    for position, (cap, rows) in enumerate(solved.groupby("max_order")):
        by_budget = rows.mask(rows["status"] == "infeasible").set_index(rows["budget"]).reindex(budgets)
        for column, name, _, number, _ in PANELS:
            figure.add_trace(_line(by_budget[column], int(str(cap)), position, name, number))
    return figure


def _line(values: "pd.Series[Any]", cap: int, position: int, name: str, number: str) -> go.Scatter:
    symbol, _, colour = _look(position)
    return go.Scatter(
        x=[float(str(budget)) for budget in values.index],
        y=[None if pd.isna(value) else round(float(value), 4) for value in values],
        mode="lines+markers",
        connectgaps=False,
        name=_name(cap),
        legendgroup=str(cap),
        showlegend=False,  # kedro-viz shows no legend in the small figure: names stand in the panel
        line={"color": colour, "width": 2},
        marker={"color": colour, "size": 7, "symbol": symbol},
        hovertemplate=f"budget %{{x}}, order cap {cap}<br>mean {name.lower()} %{{y:.3f}}<extra></extra>",
        xaxis=f"x{number}",
        yaxis=f"y{number}",
    )


def _name(cap: int) -> str:
    return f"order 1 to {cap}" if cap > 1 else "order 1"


def _look(position: int) -> tuple[str, str, str]:
    """Return the symbol of an order cap, as Plotly calls and as a letter shows it, and its colour."""
    symbol = list(_SYMBOLS)[position % len(_SYMBOLS)]
    return symbol, _SYMBOLS[symbol], ORDER_COLOURS[position % len(ORDER_COLOURS)]


def two_panel_layout(
    budgets: list[float], *, title: str, key: Sequence[tuple[str, str]] = ()
) -> dict[str, Any]:
    """Return the layout of a gain panel and a quality panel over the same budgets.

    Args:
        budgets: All budgets that are drawn, ascending.
        title: Title as Plotly markup.
        key: What lines are called, and their colours; written into the first panel, below.
    """
    layout = common_layout(page_size=(700, 420), title=title)
    span = budgets[-1] - budgets[0]
    pad = 0.5 * span / max(len(budgets) - 1, 1) + 0.02 * span or 0.5
    ends = [budgets[0] - pad, budgets[-1] + pad]
    step = max(1, -(-len(budgets) // _MOST_TICKS))
    layout["title"]["pad"] = {"l": _TITLE_SHIFT}
    layout["shapes"], layout["annotations"] = [], []
    for _, name, opponent, number, domain in PANELS:
        layout[f"xaxis{number}"] = common_axis(
            anchor=f"y{number}",
            domain=list(domain),
            range=ends,
            tickvals=budgets[::step],
            ticktext=[budget_text(budget) for budget in budgets[::step]],
            title="supervision budget",
        )
        layout[f"xaxis{number}"]["title"]["standoff"] = 4  # below it there may be buttons
        layout[f"yaxis{number}"] = common_axis(
            anchor=f"x{number}",
            range=[-0.02, 1.02],
            dtick=0.25,
            title=f"mean {name.lower()}, higher: better",
        )
        tie = {"type": "line", "x0": ends[0], "x1": ends[1], "y0": 0.5, "y1": 0.5, "layer": "below"}
        dashed = {"color": NEUTRAL_COLOUR, "width": 1.2, "dash": "dash"}
        layout["shapes"].append({**tie, "xref": f"x{number}", "yref": f"y{number}", "line": dashed})
        at_line = {"xref": f"x{number}", "yref": f"y{number}", "x": ends[0], "y": 0.5, "xshift": 3}
        layout["annotations"].append(
            note(
                "tie", **at_line, xanchor="left", yanchor="bottom", font={"size": 10, "color": NEUTRAL_COLOUR}
            )
        )
        text = f"<b>{name}</b> {opponent}"
        place = {"x": domain[0], "xanchor": "left", "y": 1.0, "yanchor": "bottom"}
        shift = {"xshift": _TITLE_SHIFT, "yshift": 2}
        layout["annotations"].append(note(text, **place, **shift, font={"size": 12}))
    layout["annotations"] += [
        note(
            text,
            **{"xref": "x2", "yref": "y2", "x": ends[1], "y": 0.0, "xshift": -4, "yshift": 12 * line},
            xanchor="right",
            yanchor="bottom",
            font={"size": 10, "color": colour},
        )
        for line, (text, colour) in enumerate(reversed(key))
    ]
    return layout
