"""The look that all figures share: colours, names for people, axes and titles.

kedro-viz lays its own background, text colour, margins and first pair of axes over a figure, and
its theme may be dark. So text keeps the common colour unless its colour has a meaning, every colour
reads on white and on black, and figures number their axes from 2, which that overlay leaves alone.

It shows the same figure twice: in a side panel of 400 by 300 px, without legend and dead to the mouse, and
enlarged. So titles are short, names of rows and columns stand on axes of categories, of which Plotly leaves
out what has no room, and lines have their names beside them. What is there to be clicked stands where
it takes no room, or outermost, where it is cut off first.
"""

from collections.abc import Callable, Iterable
from typing import Any

import plotly.graph_objects as go

from taskonomy_kedro.core.tasks import FAMILIES, Family, family_of

FAMILY_COLOURS: dict[str, str] = {
    "2d": "#1B86C8",
    "3d": "#D5661C",
    "geometric": "#12966F",
    "semantic": "#B65FA6",
    "other": "#8C8C8C",
}
FAMILY_LABELS: dict[str, str] = {
    "2d": "2D",
    "3d": "3D",
    "geometric": "Geometric",
    "semantic": "Semantic",
    "other": "Other",
}
CLUSTER_COLOURS: tuple[str, ...] = (
    "#5B7FD6",
    "#C9852B",
    "#2FA39B",
    "#CC5F75",
    "#8A9A2E",
    "#9A6BC9",
    "#A1663E",
    "#4BA3D3",
)
ORDER_COLOURS: tuple[str, ...] = ("#8B6FD0", "#2E86C1", "#18A07B", "#BF9A10", "#D5661C", "#C2538B")

FONT_FAMILY = "Arial, Helvetica, sans-serif"
TEXT_COLOUR = "#2B2B2B"
NEUTRAL_COLOUR = "#808080"
MISSING_COLOUR = "#B4B4B4"
GRID_COLOUR = "rgba(128,128,128,0.25)"
LINE_COLOUR = "rgba(128,128,128,0.7)"
BUTTON_TEXT_COLOUR = "#2878B5"

TASK_LABELS: dict[str, str] = {
    "autoencoding": "Autoencoding",
    "denoising": "Denoising",
    "colorization": "Colorization",
    "inpainting": "In-painting",
    "edge_texture": "2D edges",
    "keypoints2d": "2D keypoints",
    "segment_unsup2d": "2D segments",
    "depth_zbuffer": "Depth (z)",
    "depth_euclidean": "Distance",
    "normal": "Normals",
    "reshading": "Reshading",
    "curvature": "Curvature",
    "edge_occlusion": "Occlusion edges",
    "keypoints3d": "3D keypoints",
    "segment_unsup25d": "2.5D segments",
    "vanishing_point": "Vanishing points",
    "room_layout": "Room layout",
    "fixated_pose": "Fixated pose",
    "nonfixated_pose": "Non-fixated pose",
    "egomotion": "Egomotion",
    "point_matching": "Matching",
    "class_object": "Object classes",
    "class_object_100": "100 object classes",
    "class_scene": "Scene classes",
    "segment_semantic": "Semantic segm.",
    "jigsaw": "Jigsaw",
    "random_projection": "Random proj.",
    "imagenet": "ImageNet",
}
_TASK_POSITION = {task: position for position, task in enumerate(TASK_LABELS)}


def task_label(task: str) -> str:
    """Return the name of a task for people; a task of the user's own is shown with spaces."""
    return TASK_LABELS.get(task, task.replace("_", " "))


def coloured_task_label(task: str) -> str:
    """Return the name of a task for people in the colour of its family, as Plotly markup.

    The axis that shows it needs an opaque text colour of its own: the colour set here keeps the
    transparency of what it replaces.
    """
    return f'<span style="color:{FAMILY_COLOURS[family_of(task)]}">{task_label(task)}</span>'


def order_by_family(tasks: Iterable[str], family_of: Callable[[str], Family] = family_of) -> list[str]:
    """Sort tasks by family, then as the dictionary lists them; unknown names follow by name."""
    last = len(_TASK_POSITION)
    return sorted(
        set(tasks),
        key=lambda task: (FAMILIES.index(family_of(task)), _TASK_POSITION.get(task, last), task),
    )


def family_boundaries(tasks: list[str]) -> list[int]:
    """Return every position at which a list ordered by family enters a new family."""
    families = [family_of(task) for task in tasks]
    return [i for i in range(1, len(tasks)) if families[i] != families[i - 1]]


def title_text(title: str, subtitle: str = "") -> str:
    """Return a bold title, with a smaller second line where there is a subtitle, as Plotly markup.

    Above panels that have titles of their own there is room for one line only.
    """
    second = f'<br><span style="font-size:12px">{subtitle}</span>' if subtitle else ""
    return f"<b>{title}</b>{second}"


def common_layout(
    *, page_size: tuple[int, int], margin: dict[str, int] | None = None, title: str = ""
) -> dict[str, Any]:
    """Return the layout settings that every figure starts from.

    Args:
        page_size: Least width and the height, in px, on the report page; elsewhere the figure fills
            the space that it gets.
        margin: Distances in px that differ from the common ones; keys `l`, `r`, `t`, `b`.
        title: Title as Plotly markup; none by default.
    """
    return {
        "template": go.layout.Template(),
        "font": {"family": FONT_FAMILY, "size": 12, "color": TEXT_COLOUR},
        "title": {
            "text": title,
            "x": 0,
            "xref": "paper",
            "xanchor": "left",
            "yanchor": "middle",
            "font": {"size": 16},
        },
        "paper_bgcolor": "white",
        "plot_bgcolor": "white",
        "margin": {"l": 72, "r": 40, "t": 64, "b": 72, **(margin or {})},
        "hovermode": "closest",
        "meta": {"page_size": list(page_size)},
    }


def common_axis(**settings: Any) -> dict[str, Any]:
    """Return the settings of one axis.

    Args:
        settings: Plotly's, except that `title` is the text alone; they win over the common ones.
    """
    return {
        "automargin": True,
        "showgrid": True,
        "gridcolor": GRID_COLOUR,
        "zeroline": False,
        "showline": True,
        "linecolor": LINE_COLOUR,
        "ticks": "outside",
        "ticklen": 4,
        "tickcolor": LINE_COLOUR,
        "tickfont": {"size": 11},
        **settings,
        "title": {"text": settings.get("title", ""), "font": {"size": 12}},
    }


def category_axis(labels: list[str], *, is_reversed: bool = False, **settings: Any) -> dict[str, Any]:
    """Return the settings of an axis of names; where there is no room for all, only some are written.

    Args:
        labels: What is written, as Plotly markup; traces give their places by the same texts.
        is_reversed: The first one comes last.
        settings: Plotly's, see `common_axis`.
    """
    ends = [-0.5, len(labels) - 0.5]
    return common_axis(
        **{
            "type": "category",
            "categoryorder": "array",
            "categoryarray": labels,
            "range": ends[::-1] if is_reversed else ends,
            "showgrid": False,
            "showline": False,
            "ticks": "",
            "tickfont": {"size": 10, "color": NEUTRAL_COLOUR},
            **settings,
        }
    )


def button_row(
    labels_and_args: list[tuple[str, list[Any]]], *, active: int, **settings: Any
) -> dict[str, Any]:
    """Return a row of buttons, by default at the right edge of the panels, where it takes no room.

    Args:
        labels_and_args: What each button says, and the arguments of Plotly's `update` behind it.
        active: The button that is pressed at first.
        settings: Plotly's settings of the place.
    """
    return {
        "type": "buttons",
        "direction": "right",
        "active": active,
        "x": 1.0,
        "xanchor": "right",
        "yanchor": "bottom",
        "bgcolor": "rgba(128,128,128,0.15)",
        "bordercolor": "rgba(128,128,128,0.4)",
        "font": {"color": BUTTON_TEXT_COLOUR, "size": 12},
        "buttons": [{"label": label, "method": "update", "args": args} for label, args in labels_and_args],
        **settings,
    }


def button_note(text: str, **settings: Any) -> dict[str, Any]:
    """Return the note beside a row of buttons."""
    return note(text, font={"size": 12}, **settings)


def note(text: str, **settings: Any) -> dict[str, Any]:
    """Return an annotation without an arrow, placed on the paper unless `settings` say otherwise."""
    return {"text": text, "showarrow": False, "xref": "paper", "yref": "paper", **settings}
