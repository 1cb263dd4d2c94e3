"""The look of the traces of the taxonomy graph."""

from typing import Any

import plotly.graph_objects as go

from taskonomy_kedro.core.figures.style import FAMILY_COLOURS, FAMILY_LABELS, NEUTRAL_COLOUR
from taskonomy_kedro.core.figures.taxonomy_states import EDGE_TRACES, NODE_TRACES, State, trace_arrays
from taskonomy_kedro.core.tasks import family_of


def state_traces(state: State, columns: dict[str, int]) -> list[go.Scatter]:
    """Return the traces that every state fills anew."""
    neutral = {"color": NEUTRAL_COLOUR}
    rim = {"color": "rgba(128,128,128,0.9)", "width": 1}
    looks: dict[str, dict[str, Any]] = {
        "stems": {"mode": "lines", "line": neutral | {"width": 2}},
        "full_edges": {"mode": "lines", "line": neutral | {"width": 2, "dash": "dot"}},
        "joins": {"mode": "markers", "marker": {"size": 7, "symbol": "diamond"}},
        "sources": {
            "mode": "markers",
            "marker": {"size": 14, "symbol": "circle", "line": rim},
            "xaxis": "x3",
        },
        "targets": {"mode": "markers", "marker": {"size": 11, "symbol": "circle", "line": rim}},
        "full_targets": {"mode": "markers", "marker": {"size": 14, "symbol": "square", "line": rim}},
        "message": {"mode": "text", "textfont": {"size": 15}},
    }
    silent = {"stems", "full_edges", "joins", "message"}
    edge = [
        go.Scatter(
            mode="lines",
            line={"color": FAMILY_COLOURS[family], "width": 1.6, "shape": "spline"},
            opacity=0.65,
            hoverinfo="skip",
        )
        for family in EDGE_TRACES
    ]
    node = [
        go.Scatter(hoverinfo="skip" if name in silent else "text", cliponaxis=False, **looks[name])
        for name in NODE_TRACES
    ]
    traces = edge + node
    arrays = trace_arrays(state, columns)
    for i, trace in enumerate(traces):
        trace.update(x=arrays["x"][i], y=arrays["y"][i], text=arrays["text"][i], showlegend=False, yaxis="y2")
        trace.marker.color = arrays["marker.color"][i]
        trace.xaxis = trace.xaxis or "x2"
    return traces


def legend_traces(columns: dict[str, int]) -> list[go.Scatter]:
    """Return traces without points that explain the colours and the signs."""
    families = {family_of(task) for task in columns}
    colours = [
        {
            "name": FAMILY_LABELS[family],
            "mode": "lines",
            "line": {"color": FAMILY_COLOURS[family], "width": 5},
        }
        for family in EDGE_TRACES
        if family in families
    ]
    grey = {"color": NEUTRAL_COLOUR}
    signs = [
        {"name": "labelled source", "mode": "markers", "marker": grey | {"size": 13}},
        {"name": "target by transfer", "mode": "markers", "marker": grey | {"size": 10}},
        {"name": "join of sources", "mode": "markers", "marker": grey | {"size": 7, "symbol": "diamond"}},
        {
            "name": "full supervision",
            "mode": "lines+markers",
            "marker": grey | {"size": 12, "symbol": "square"},
            "line": grey | {"width": 2, "dash": "dot"},
        },
    ]
    titled = [("Family", colours), ("Sign", signs)]
    return [
        go.Scatter(
            x=[None],
            y=[None],
            xaxis="x2",
            yaxis="y2",
            hoverinfo="skip",
            legendgroup=title,
            legendgrouptitle={"text": title} if position == 0 else None,
            **look,
        )
        for title, looks in titled
        for position, look in enumerate(looks)
    ]
