"""Draws the traces of a Plotly figure with Matplotlib."""

import base64
from typing import TYPE_CHECKING, Any

import numpy as np

from taskonomy_kedro.core.figures.png_text import POINTS_PER_PX, colour_of, font_points, plain

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.cm import ScalarMappable

SUPPORTED_TRACES = ("heatmap", "scatter")
_DASHES: dict[str, Any] = {
    "solid": "solid",
    "dot": (0, (1.2, 1.6)),
    "dash": (0, (6, 4)),
    "dashdot": (0, (6, 3, 1.2, 3)),
}
_SYMBOLS = {
    "circle": "o",
    "square": "s",
    "diamond": "D",
    "triangle-up": "^",
    "x": "X",
    "line-ew": "_",
}
# Plotly measures a diamond across, Matplotlib the square it is turned from.
_SYMBOL_SCALE = {"diamond": 0.72}
_SMOOTH_STEPS = 8
_ANCHORS = {
    "left": "right",
    "right": "left",
    "center": "center",
    "top": "bottom",
    "bottom": "top",
    "middle": "center",
}


def numbers(values: Any) -> np.ndarray:
    """Return the numbers of a trace as float64, gaps as NaN; Plotly may have packed them as base64."""
    if isinstance(values, dict):
        flat = np.frombuffer(base64.b64decode(values["bdata"]), dtype=values["dtype"])
        shape = values.get("shape")
        return (flat.reshape([int(n) for n in str(shape).split(",")]) if shape else flat).astype(float)
    return np.array(() if values is None else values, dtype=float)


def dash_of(line: dict[str, Any]) -> Any:
    """Return the Matplotlib line style of a Plotly line."""
    return _DASHES[line.get("dash", "solid")]


def draw_heatmap(axes: "Axes", trace: dict[str, Any]) -> "ScalarMappable":
    """Draw a heatmap of evenly spaced cells; a cell without a value shows what lies below."""
    from matplotlib.colors import LinearSegmentedColormap

    cells = numbers(trace["z"])
    scale = [(at, colour_of(colour)) for at, colour in trace["colorscale"]]
    if trace.get("reversescale"):
        scale = [(1 - at, colour) for at, colour in reversed(scale)]
    rows, columns = cells.shape
    xs = numbers(trace["x"]) if "x" in trace else np.arange(columns)
    ys = numbers(trace["y"]) if "y" in trace else np.arange(rows)
    return axes.imshow(
        cells,
        cmap=LinearSegmentedColormap.from_list("figure", scale, N=512),
        vmin=trace.get("zmin"),
        vmax=trace.get("zmax"),
        extent=(xs[0] - 0.5, xs[-1] + 0.5, ys[0] - 0.5, ys[-1] + 0.5),
        origin="lower",
        aspect="auto",
        interpolation="nearest",
        zorder=2,
    )


def draw_scatter(
    axes: "Axes", trace: dict[str, Any], before: dict[str, Any] | None, font: dict[str, Any]
) -> None:
    """Draw lines, markers, texts and the area of one scatter trace.

    Args:
        axes: Where to draw.
        trace: The trace as Plotly stores it.
        before: The trace before it on the same axes, from which `fill: tonexty` starts.
        font: The figure's font, for texts.
    """
    xs, ys = numbers(trace.get("x")), numbers(trace.get("y"))
    zorder = 3 + 0.1 * trace.get("zorder", 0)
    if not len(xs):
        return
    fill = trace.get("fill", "none")
    if fill != "none":
        low = {"tonexty": lambda: numbers(before["y"]) if before else 0 * ys, "tozeroy": lambda: 0 * ys}[
            fill
        ]()
        axes.fill_between(xs, low, ys, color=colour_of(trace["fillcolor"]), linewidth=0, zorder=2.5)
    mode = trace.get("mode", "lines")
    if "lines" in mode:
        if trace.get("line", {}).get("shape") == "spline":
            xs, ys = _smoothed(np.column_stack([xs, ys])).T
        axes.plot(xs, ys, zorder=zorder, marker="", **line_look(trace))
    if "markers" in mode:
        axes.scatter(xs, ys, zorder=zorder + 1, clip_on=trace.get("cliponaxis", True), **marker_look(trace))
    if "text" in mode:
        _write_texts(axes, trace, xs, ys, font)


def _smoothed(points: np.ndarray) -> np.ndarray:
    """Return points of the smooth curves through `points[point, (x, y)]`; NaN parts the curves.

    Slopes are kept below three times the neighbouring steps, so that no curve swings back.
    """
    curves = [np.empty((0, 2))]
    for part in np.split(points, np.flatnonzero(np.isnan(points).any(axis=1))):
        given = part[~np.isnan(part).any(axis=1)]
        if len(given) < 2:
            continue
        step = np.diff(given, axis=0)
        steepest = 3 * np.minimum(abs(step[:-1]), abs(step[1:])) * (step[:-1] * step[1:] > 0)
        slope = np.vstack([step[:1], np.clip((step[:-1] + step[1:]) / 2, -steepest, steepest), step[-1:]])
        t = np.linspace(0, 1, _SMOOTH_STEPS, endpoint=False)[:, None, None]
        bend, twist = 3 * step - 2 * slope[:-1] - slope[1:], slope[:-1] + slope[1:] - 2 * step
        curve = given[:-1] + t * slope[:-1] + t**2 * bend + t**3 * twist
        curves += [curve.swapaxes(0, 1).reshape(-1, 2), given[-1:], np.full((1, 2), np.nan)]
    return np.vstack(curves)


def line_look(trace: dict[str, Any]) -> dict[str, Any]:
    """Return the Matplotlib settings of a trace's lines."""
    line = trace.get("line", {})
    return {
        "color": colour_of(line.get("color", "#444444")),
        "linewidth": line.get("width", 2) * POINTS_PER_PX,
        "linestyle": dash_of(line),
        "alpha": trace.get("opacity"),
        "solid_joinstyle": "round",
    }


def marker_look(trace: dict[str, Any]) -> dict[str, Any]:
    """Return the Matplotlib settings of a trace's markers."""
    marker = trace.get("marker", {})
    symbol = marker.get("symbol", "circle")
    shape = symbol.removesuffix("-open")
    colours = marker.get("color", "#444444")
    faces = [colour_of(colours)] if isinstance(colours, str) else [colour_of(colour) for colour in colours]
    rim = marker.get("line", {})
    is_hollow = symbol.endswith("-open")
    look: dict[str, Any] = {
        "marker": _SYMBOLS[shape],
        "s": (marker.get("size", 6) * POINTS_PER_PX * _SYMBOL_SCALE.get(shape, 0.95)) ** 2,
        "linewidths": (rim.get("width", 0) or (1.2 if is_hollow else 0)) * POINTS_PER_PX,
    }
    if is_hollow:
        return look | {"color" if shape == "line-ew" else "edgecolors": faces, "facecolors": "none"}
    return look | {"facecolors": faces, "edgecolors": colour_of(rim.get("color", "#444444"))}


def _write_texts(
    axes: "Axes", trace: dict[str, Any], xs: np.ndarray, ys: np.ndarray, font: dict[str, Any]
) -> None:
    own = font | trace.get("textfont", {})
    vertical, horizontal = trace.get("textposition", "middle center").split()
    for x, y, text in zip(xs, ys, trace["text"], strict=True):
        axes.text(
            x,
            y,
            plain(text),
            fontsize=font_points(own["size"]),
            color=colour_of(own["color"]),
            fontweight="bold" if "<b>" in text else "normal",
            ha=_ANCHORS[horizontal],
            va=_ANCHORS[vertical],
            zorder=6,
        )
