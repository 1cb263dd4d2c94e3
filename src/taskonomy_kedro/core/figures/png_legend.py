"""Draws the colour bars and the legend of a Plotly figure with Matplotlib."""

from typing import TYPE_CHECKING, Any

from taskonomy_kedro.core.figures.png_layout import Paper
from taskonomy_kedro.core.figures.png_text import colour_of, font_points, plain
from taskonomy_kedro.core.figures.png_traces import line_look, marker_look

if TYPE_CHECKING:
    from matplotlib.artist import Artist
    from matplotlib.cm import ScalarMappable
    from matplotlib.legend import Legend

_SAMPLE_EMS, _PAD_EMS = 2.6, 0.8
_VERTICAL = {"top": "upper", "middle": "center", "bottom": "lower"}


def draw_colorbar(
    paper: Paper, cells: "ScalarMappable", settings: dict[str, Any], font: dict[str, Any]
) -> None:
    """Draw the colour bar of a heatmap to the right of its place on the paper."""
    thickness = settings.get("thickness", 30) / paper.size[0]
    inner = 1 - (paper.margin["l"] + paper.margin["r"]) / paper.size[0]
    start = settings.get("x", 1.02)
    middle, length = settings.get("y", 0.5), settings.get("len", 1.0)
    axes = paper.add_axes(
        (start, start + thickness / inner),
        (middle - length / 2, middle + length / 2),
        shift=settings.get("xpad", 10),
    )
    bar = paper.canvas.colorbar(cells, cax=axes)
    bar.outline.set_visible(False)
    small = font | settings.get("tickfont", {})
    axes.tick_params(
        length=0, labelsize=font_points(small["size"]), labelcolor=colour_of(small["color"]), pad=3
    )
    title = settings.get("title", {})
    if title.get("text"):
        own = font | title.get("font", {})
        bar.set_label(plain(title["text"]), fontsize=font_points(own["size"]), color=colour_of(own["color"]))


def draw_legend(
    paper: Paper, traces: list[dict[str, Any]], settings: dict[str, Any], font: dict[str, Any]
) -> None:
    """Draw one entry for every named trace, groups together and under their titles."""
    named = [trace for trace in traces if trace.get("name") and trace.get("showlegend", True)]
    if not named or settings.get("visible") is False:
        return
    if settings.get("traceorder") == "reversed":
        named.reverse()
    groups: dict[str, list[dict[str, Any]]] = {}
    for position, trace in enumerate(named):
        groups.setdefault(trace.get("legendgroup", f"ungrouped {position}"), []).append(trace)
    handles: list[Artist] = []
    labels: list[str] = []
    titles: list[int] = []
    for members in groups.values():
        title = next(
            (text for trace in members if (text := trace.get("legendgrouptitle", {}).get("text"))), ""
        )
        if title:
            gap = 1 if labels else 0
            titles.append(len(labels) + gap)
            handles += [_blank()] * (gap + 1)
            labels += [""] * gap + [plain(title)]
        handles += [_sample(trace) for trace in members]
        labels += [plain(trace["name"]) for trace in members]
    _place(paper, handles, labels, titles, settings, font | settings.get("font", {}))


def _place(
    paper: Paper,
    handles: "list[Artist]",
    labels: list[str],
    titles: list[int],
    settings: dict[str, Any],
    font: dict[str, Any],
) -> None:
    vertical = _VERTICAL[settings.get("yanchor", "top")]
    horizontal = settings.get("xanchor", "left")
    loc: Any = "center" if vertical == horizontal == "center" else f"{vertical} {horizontal}"
    legend: Legend = paper.canvas.legend(
        handles,
        labels,
        loc=loc,
        bbox_to_anchor=(settings.get("x", 1.02), settings.get("y", 1.0)),
        bbox_transform=paper.transform,
        frameon=False,
        fontsize=font_points(font["size"]),
        labelcolor=colour_of(font["color"]),
        borderaxespad=0.0,
        handlelength=_SAMPLE_EMS,
        handletextpad=_PAD_EMS,
        labelspacing=0.55,
    )
    for position in titles:
        # A title has no sample before it, so it moves to where samples start.
        em = font_points(font["size"]) * paper.canvas.dpi / 72
        legend.get_texts()[position].set(fontweight="bold", x=-(_SAMPLE_EMS + _PAD_EMS) * em)


def _blank() -> "Artist":
    from matplotlib.lines import Line2D

    return Line2D([], [], linestyle="none")


def _sample(trace: dict[str, Any]) -> "Artist":
    """Return what stands for a trace in the legend."""
    from matplotlib.lines import Line2D
    from matplotlib.patches import Patch

    if trace.get("fill", "none") != "none":
        return Patch(facecolor=colour_of(trace["fillcolor"]), linewidth=0)
    mode = trace.get("mode", "lines")
    look: dict[str, Any] = line_look(trace) if "lines" in mode else {"linestyle": "none"}
    if "markers" in mode:
        marker = marker_look(trace)
        look |= {
            "marker": marker["marker"],
            "markersize": marker["s"] ** 0.5,
            "markerfacecolor": marker["facecolors"][0],
            "markeredgewidth": 0,
        }
    return Line2D([], [], **look)
