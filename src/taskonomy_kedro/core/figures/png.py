"""Stores a Plotly figure as PNG without a browser."""

import io
from typing import TYPE_CHECKING, Any

import plotly.graph_objects as go

from taskonomy_kedro.core.figures.png_layout import Paper, draw_axis, draw_note, draw_shape, draw_title
from taskonomy_kedro.core.figures.png_legend import draw_colorbar, draw_legend
from taskonomy_kedro.core.figures.png_text import colour_of
from taskonomy_kedro.core.figures.png_traces import SUPPORTED_TRACES, draw_heatmap, draw_scatter
from taskonomy_kedro.core.figures.style import BUTTON_NOTE, TEXT_COLOUR
from taskonomy_kedro.core.tasks import nearest_name_hint

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_DEFAULT_SIZE = (1200, 700)
_FONT = {"size": 12, "color": TEXT_COLOUR}


def render_png(
    figure: go.Figure, *, width: int | None = None, height: int | None = None, dpi: int = 120
) -> bytes:
    """Draw a Plotly figure as a PNG file, as it looks before anyone touches it.

    Heatmaps and scatters are drawn on linear axes, with shapes, notes, colour bars, legend and title;
    sliders, buttons and hovering are left out. The same figure gives the same bytes.

    Args:
        figure: The figure; not changed.
        width: Width in px of Plotly; by default the figure's own.
        height: Height in px of Plotly; by default the figure's own.
        dpi: Dots per inch; 100 makes one dot of one px, 200 four.

    Returns:
        The bytes of the file.

    Raises:
        ValueError: A trace is of a type that cannot be drawn; the message names it.
    """
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    spec = figure.to_plotly_json()
    traces = [trace for trace in spec["data"] if trace.get("visible", True) is True]
    for trace in traces:
        if trace["type"] not in SUPPORTED_TRACES:
            hint = nearest_name_hint(trace["type"], SUPPORTED_TRACES)
            raise ValueError(f"a trace of type {trace['type']!r} cannot be drawn as PNG{hint}")
    layout = spec["layout"]
    own = layout.get("meta", {}).get("png_size", _DEFAULT_SIZE)
    size = (width or layout.get("width") or own[0], height or layout.get("height") or own[1])
    canvas = Figure(
        figsize=(size[0] / 100, size[1] / 100),
        dpi=dpi,
        facecolor=colour_of(layout.get("paper_bgcolor", "white")),
    )
    FigureCanvasAgg(canvas)
    _draw(Paper(canvas, size, layout.get("margin", {})), traces, layout)
    file = io.BytesIO()
    canvas.savefig(file, format="png", dpi=dpi, metadata={"Software": None}, pil_kwargs={"compress_level": 1})
    return file.getvalue()


def _draw(paper: Paper, traces: list[dict[str, Any]], layout: dict[str, Any]) -> None:
    font = _FONT | layout.get("font", {})
    axes = _draw_traces(paper, traces, layout, font)
    for shape in layout.get("shapes", ()):
        draw_shape(paper, shape, axes)
    for annotation in layout.get("annotations", ()):
        if annotation.get("name") != BUTTON_NOTE:
            draw_note(paper, annotation, axes, font)
    draw_legend(paper, traces, layout.get("legend", {}), font)
    paper.make_room()
    draw_title(paper, layout.get("title", {}), font)


def _draw_traces(
    paper: Paper, traces: list[dict[str, Any]], layout: dict[str, Any], font: dict[str, Any]
) -> dict[tuple[str, str], "Axes"]:
    """Draw all traces, and return the Matplotlib axes of every pair of Plotly axes that they use."""
    axes: dict[tuple[str, str], Axes] = {}
    drawn: set[str] = set()
    before: dict[tuple[str, str], dict[str, Any]] = {}
    for trace in (_on_numbers(trace, layout) for trace in traces):
        pair = (trace.get("xaxis", "x"), trace.get("yaxis", "y"))
        if pair not in axes:
            axes[pair] = paper.add_axes(*(_settings(layout, name).get("domain", (0.0, 1.0)) for name in pair))
            axes[pair].patch.set(alpha=0.0 if axes.keys() - {pair} else None)
            axes[pair].patch.set_facecolor(colour_of(layout.get("plot_bgcolor", "white")))
        if trace["type"] == "heatmap":
            cells = draw_heatmap(axes[pair], trace)
            if trace.get("showscale", True):
                draw_colorbar(paper, cells, trace.get("colorbar", {}), font)
        else:
            draw_scatter(axes[pair], trace, before.get(pair), font)
            before[pair] = trace
    for pair, part in axes.items():
        for name in pair:
            draw_axis(part, name, _settings(layout, name), font, is_repeated=name in drawn)
            drawn.add(name)
    return axes


def _on_numbers(trace: dict[str, Any], layout: dict[str, Any]) -> dict[str, Any]:
    """Return a trace with places in numbers, where its axes are of categories."""
    places = {}
    for letter in "xy":
        categories = _settings(layout, trace.get(f"{letter}axis", letter)).get("categoryarray")
        if categories is not None and letter in trace:
            number = {category: place for place, category in enumerate(categories)}
            places[letter] = [number[category] for category in trace[letter]]
    return {**trace, **places}


def _settings(layout: dict[str, Any], name: str) -> dict[str, Any]:
    """Return the settings of the axis that traces call `x`, `y`, `x2` …."""
    settings: dict[str, Any] = layout.get(f"{name[0]}axis{name[1:]}", {})
    if "categoryarray" in settings:
        names = list(settings["categoryarray"])
        return {**settings, "tickvals": list(range(len(names))), "ticktext": names}
    return settings
