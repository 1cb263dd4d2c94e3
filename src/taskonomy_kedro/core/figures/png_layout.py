"""Draws axes, shapes, notes and the title of a Plotly figure with Matplotlib."""

from typing import TYPE_CHECKING, Any

from taskonomy_kedro.core.figures.png_text import (
    POINTS_PER_PX,
    colour_of,
    font_points,
    line_offsets,
    parse_lines,
    plain,
    text_settings,
)
from taskonomy_kedro.core.figures.png_traces import dash_of

if TYPE_CHECKING:
    from matplotlib.artist import Artist
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from matplotlib.transforms import Transform

_MARGIN = {"l": 80, "r": 80, "t": 100, "b": 80}  # Plotly's own
_EDGE = 8.0


class Paper:
    """The part of a figure between its margins, on which Plotly measures places from 0 to 1.

    Attributes:
        canvas: The Matplotlib figure.
        size: Width and height of the whole figure in px.
        margin: The margins in px; `make_room` widens them.
        transform: From places on the paper to dots; follows the margins.
    """

    def __init__(self, canvas: "Figure", size: tuple[int, int], margin: dict[str, float]) -> None:
        from matplotlib.transforms import Bbox, BboxTransformTo

        self.canvas = canvas
        self.size = size
        self.margin = {side: float(margin.get(side, _MARGIN[side])) for side in _MARGIN}
        self._box = Bbox.unit()
        self._placed: list[tuple[Axes, tuple[float, float], tuple[float, float], float]] = []
        self.transform: Transform = BboxTransformTo(self._box) + canvas.transFigure
        self._follow_margins()

    def add_axes(self, x_domain: Any, y_domain: Any, *, shift: float = 0.0) -> "Axes":
        """Add axes over a part of the paper.

        Args:
            x_domain: From where to where on the paper, as shares of its width.
            y_domain: The same for its height.
            shift: Further to the right by so many px.
        """
        axes = self.canvas.add_axes((0.0, 0.0, 1.0, 1.0))
        self._placed.append((axes, (x_domain[0], x_domain[1]), (y_domain[0], y_domain[1]), shift))
        self._follow_margins()
        return axes

    def shifted(self, transform: "Transform", right: float, up: float) -> "Transform":
        """Return a transform that also moves by so many px."""
        from matplotlib.transforms import ScaledTranslation

        return transform + ScaledTranslation(right / 100, up / 100, self.canvas.dpi_scale_trans)

    def make_room(self) -> None:
        """Widen the margins until nothing that is drawn leaves the figure."""
        renderer = self.canvas.canvas.get_renderer()  # type: ignore[attr-defined]
        dots = self.canvas.dpi / 100
        parts: list[Artist] = [*self.canvas.axes, *self.canvas.legends, *self.canvas.texts]
        boxes = [box for part in parts if (box := part.get_tightbbox(renderer)) is not None]
        if not boxes:
            return
        over = {
            "l": _EDGE - min(box.x0 for box in boxes) / dots,
            "b": _EDGE - min(box.y0 for box in boxes) / dots,
            "r": max(box.x1 for box in boxes) / dots + _EDGE - self.size[0],
            "t": max(box.y1 for box in boxes) / dots + _EDGE - self.size[1],
        }
        for side, missing in over.items():
            self.margin[side] += max(0.0, missing)
        self._follow_margins()

    def _follow_margins(self) -> None:
        width, height = self.size
        left, bottom = self.margin["l"] / width, self.margin["b"] / height
        right, top = 1 - self.margin["r"] / width, 1 - self.margin["t"] / height
        self._box.set_points([[left, bottom], [right, top]])
        for axes, (x0, x1), (y0, y1), shift in self._placed:
            start, end = left + x0 * (right - left), left + x1 * (right - left)
            low, high = bottom + y0 * (top - bottom), bottom + y1 * (top - bottom)
            axes.set_position((start + shift / width, low, end - start, high - low))


def draw_axis(
    axes: "Axes", name: str, settings: dict[str, Any], font: dict[str, Any], *, is_repeated: bool = False
) -> None:
    """Draw range, ticks, names, grid and title of one axis.

    Args:
        axes: The Matplotlib axes.
        name: What traces call the axis; the first letter tells its direction.
        settings: Plotly's settings of it.
        font: The figure's font.
        is_repeated: Other axes show its ticks and title already.
    """
    is_x = name[0] == "x"
    side = settings.get("side", "bottom" if is_x else "left")
    if "range" in settings:
        (axes.set_xlim if is_x else axes.set_ylim)(*settings["range"])
    for edge in ("bottom", "top") if is_x else ("left", "right"):
        is_shown = edge == side and settings.get("showline", False) and not is_repeated
        axes.spines[edge].set(
            visible=is_shown, color=colour_of(settings.get("linecolor", "#444444")), linewidth=0.8
        )
    axis = axes.xaxis if is_x else axes.yaxis
    axis.set_ticks_position(side)
    axis.set_label_position(side)
    _draw_ticks(
        axes, settings, font | settings.get("tickfont", {}), is_x=is_x, side=side, is_repeated=is_repeated
    )
    axes.set_axisbelow(True)
    if settings.get("showgrid", True) and not is_repeated:
        axis.grid(visible=True, color=colour_of(settings.get("gridcolor", "#EEEEEE")), linewidth=0.7)
    title = settings.get("title", {})
    if title.get("text") and not is_repeated:
        own = font | title.get("font", {})
        axis.set_label_text(
            plain(title["text"]), fontsize=font_points(own["size"]), color=colour_of(own["color"])
        )


def _draw_ticks(
    axes: "Axes", settings: dict[str, Any], font: dict[str, Any], *, is_x: bool, side: str, is_repeated: bool
) -> None:
    from matplotlib.ticker import MultipleLocator

    axis = axes.xaxis if is_x else axes.yaxis
    is_named = settings.get("showticklabels", True) and not is_repeated
    axes.tick_params(
        axis="x" if is_x else "y",
        length=settings.get("ticklen", 5) * POINTS_PER_PX if settings.get("ticks") and not is_repeated else 0,
        width=0.8,
        color=colour_of(settings.get("tickcolor", "#444444")),
        labelsize=font_points(font["size"]),
        labelcolor=colour_of(font["color"]),
        **({f"label{side}": is_named}),
    )
    if "dtick" in settings:
        axis.set_major_locator(MultipleLocator(settings["dtick"]))
    if "tickvals" not in settings:
        return
    markups = [str(text) for text in settings.get("ticktext", settings["tickvals"])]
    axis.set_ticks(list(settings["tickvals"]), labels=[plain(markup) for markup in markups])
    if not is_named:
        return
    # a PNG is never small: of several angles the first
    angle = -settings.get("tickangle", settings.get("autotickangles", (0,))[0])
    for label, markup in zip(axis.get_ticklabels(), markups, strict=True):
        line = parse_lines(markup, size=font["size"], colour=font["color"])[0]
        label.set(**text_settings(line))
        if angle and is_x:
            ends_at_tick = (angle > 0) == (side == "bottom")
            label.set(
                rotation=angle, rotation_mode="anchor", va="center", ha="right" if ends_at_tick else "left"
            )


def draw_shape(paper: Paper, shape: dict[str, Any], axes: dict[tuple[str, str], "Axes"]) -> None:
    """Draw a straight line or a rectangle between places of two axes."""
    from matplotlib.lines import Line2D
    from matplotlib.patches import Rectangle

    part = axes.get((shape["xref"], shape["yref"]))
    if part is None:
        return
    line = shape.get("line", {})
    look: dict[str, Any] = {
        "linewidth": line.get("width", 2) * POINTS_PER_PX,
        "linestyle": dash_of(line),
        "alpha": shape.get("opacity"),
        "zorder": 0.5 if shape.get("layer") == "below" else 5,
    }
    xs, ys = (shape["x0"], shape["x1"]), (shape["y0"], shape["y1"])
    if shape["type"] == "line":
        part.add_line(Line2D(xs, ys, color=colour_of(line.get("color", "#444444")), **look))
        return
    edge = {"facecolor": colour_of(shape["fillcolor"]), "edgecolor": colour_of(line.get("color", "#444444"))}
    part.add_patch(Rectangle((xs[0], ys[0]), xs[1] - xs[0], ys[1] - ys[0], **edge, **look))


def draw_note(
    paper: Paper, annotation: dict[str, Any], axes: dict[tuple[str, str], "Axes"], font: dict[str, Any]
) -> None:
    """Write an annotation, without its arrow."""
    place = (annotation.get("xref", "paper"), annotation.get("yref", "paper"))
    transform = axes[place].transData if place in axes else paper.transform
    own = font | annotation.get("font", {})
    lines = parse_lines(annotation["text"], size=own["size"], colour=own["color"])
    offsets = line_offsets(lines, anchor=annotation.get("yanchor", "middle"))
    for line, offset in zip(lines, offsets, strict=True):
        moved = paper.shifted(transform, annotation.get("xshift", 0), annotation.get("yshift", 0) + offset)
        paper.canvas.text(
            annotation["x"],
            annotation["y"],
            line.text,
            transform=moved,
            ha=annotation.get("xanchor", "center"),
            va="center",
            **text_settings(line),
        )


def draw_title(paper: Paper, title: dict[str, Any], font: dict[str, Any]) -> None:
    """Write the title where its first line is in the middle of the upper margin, as Plotly does."""
    if not title.get("text"):
        return
    own = {**font, "size": 17} | title.get("font", {})
    lines = parse_lines(title["text"], size=own["size"], colour=own["color"])
    first = -paper.margin["t"] / 2
    offsets = line_offsets(lines, anchor="top")
    for line, offset in zip(lines, offsets, strict=True):
        up = paper.margin["t"] + first + offset - offsets[0]
        paper.canvas.text(
            title.get("x", 0.5),
            1.0,
            line.text,
            transform=paper.shifted(paper.transform, 0, up),
            ha=title.get("xanchor", "center") if title.get("xanchor") != "auto" else "center",
            va="center",
            **text_settings(line),
        )
