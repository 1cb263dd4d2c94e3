"""Reads the markup of Plotly texts and writes it with Matplotlib."""

import html
import re
from dataclasses import dataclass
from typing import Any

POINTS_PER_PX = 0.72
"""At 100 dots per inch, where one px of Plotly is one dot."""

_FONT_SCALE = 0.88  # DejaVu, which Matplotlib brings along, is wider than what browsers use
_LINE_HEIGHT = 1.35
_TAG = re.compile(r"<[^>]+>")
_COLOUR = re.compile(r"[^-]color:\s*([^;\"']+)")
_SIZE = re.compile(r"font-size:\s*([\d.]+)px")
_RGBA = re.compile(r"rgba?\(([^)]*)\)")


@dataclass(frozen=True, kw_only=True)
class Line:
    """One line of a text and its look; sizes in px."""

    text: str
    size: float
    colour: str
    is_bold: bool


def colour_of(plotly_colour: str) -> Any:
    """Return a colour as Matplotlib takes it: `rgba(…)` as numbers in [0, 1], all else as it is."""
    match = _RGBA.match(plotly_colour)
    if match is None:
        return plotly_colour
    numbers = [float(part) for part in match[1].split(",")]
    return (*(number / 255 for number in numbers[:3]), *(numbers[3:] or [1.0]))


def font_points(px: float) -> float:
    """Return the size in points of a font that Plotly sets in px."""
    return px * POINTS_PER_PX * _FONT_SCALE


def parse_lines(markup: str, *, size: float, colour: str) -> list[Line]:
    """Split Plotly markup into lines; a look counts for a whole line, and bold only where all of it is."""
    return [
        Line(
            # A dollar sign would start Matplotlib's own formulas.
            text=html.unescape(_TAG.sub("", line)).replace("$", r"\$"),
            size=float(found[1]) if (found := _SIZE.search(line)) else size,
            colour=found[1].strip() if (found := _COLOUR.search(line)) else colour,
            is_bold=line.startswith("<b>") and line.endswith("</b>"),
        )
        for line in re.split(r"<br\s*/?>", markup)
    ]


def plain(markup: str) -> str:
    """Return the text of Plotly markup without its tags, lines kept."""
    return "\n".join(line.text for line in parse_lines(markup, size=0, colour=""))


def text_settings(line: Line) -> dict[str, Any]:
    """Return the Matplotlib settings of one line."""
    return {
        "fontsize": font_points(line.size),
        "color": colour_of(line.colour),
        "fontweight": "bold" if line.is_bold else "normal",
    }


def block_height(lines: list[Line]) -> float:
    """Return the height of stacked lines in px."""
    return sum(line.size * _LINE_HEIGHT for line in lines)


def line_offsets(lines: list[Line], *, anchor: str) -> list[float]:
    """Return how many px above the anchor the middle of each stacked line lies.

    Args:
        lines: From top to bottom.
        anchor: Which part of the block is at the anchor: `top`, `middle` or `bottom`.
    """
    height = block_height(lines)
    top = {"top": 0.0, "middle": height / 2, "bottom": height}[anchor]
    offsets = []
    for line in lines:
        offsets.append(top - line.size * _LINE_HEIGHT / 2)
        top -= line.size * _LINE_HEIGHT
    return offsets
