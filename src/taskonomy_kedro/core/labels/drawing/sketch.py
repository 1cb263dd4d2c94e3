"""Lines, arrows and marks over a picture, smooth at any size."""

import math

import numpy as np
from PIL import Image, ImageDraw

from taskonomy_kedro.core.labels.drawing.pixels import Color, font

_FINER = 3  # drawn at so many times the size, then averaged
_HALO: Color = (20, 20, 20)

Place = tuple[float, float]
Segment = tuple[Place, Place]


class Sketch:
    """A picture to draw on; places are (right, down) in its pixels, (0, 0) its outer corner."""

    def __init__(self, picture: np.ndarray) -> None:
        self._size = (picture.shape[1], picture.shape[0])
        fine = (picture.shape[1] * _FINER, picture.shape[0] * _FINER)
        self._image = Image.fromarray(np.ascontiguousarray(picture)).resize(fine, Image.Resampling.NEAREST)
        self._pen = ImageDraw.Draw(self._image)

    @property
    def width(self) -> int:
        """Pixels across."""
        return self._size[0]

    def line(self, segment: Segment, color: Color, *, width: float = 1.0, has_halo: bool = False) -> None:
        """Draw a straight line; what lies outside the picture is cut off."""
        inside = clipped(segment, self._size)
        if inside is None:
            return
        ends = [(x * _FINER, y * _FINER) for x, y in inside]
        if has_halo:
            self._pen.line(ends, fill=_HALO, width=max(1, round((width + 1.2) * _FINER)))
        self._pen.line(ends, fill=color, width=max(1, round(width * _FINER)))

    def arrow(self, segment: Segment, color: Color, *, width: float = 1.5, head: float = 6.0) -> None:
        """Draw an arrow from the first place to the second; a short one is all head."""
        (x0, y0), (x1, y1) = segment
        length = math.hypot(x1 - x0, y1 - y0)
        if length < 1e-9:
            return
        ux, uy = (x1 - x0) / length, (y1 - y0) / length
        head = min(head, length)
        neck = (x1 - ux * head, y1 - uy * head)
        wide = head * 0.45
        corners = [
            (x1, y1),
            (neck[0] - uy * wide, neck[1] + ux * wide),
            (neck[0] + uy * wide, neck[1] - ux * wide),
        ]
        self.line(((x0, y0), neck), color, width=width, has_halo=True)
        self._pen.polygon(
            [(x * _FINER, y * _FINER) for x, y in corners], fill=color, outline=_HALO, width=_FINER // 2
        )

    def ring(self, center: Place, radius: float, color: Color, *, width: float = 1.5) -> None:
        """Draw a circle with a dark rim."""
        for reach, ink, wide in ((radius + 0.6, _HALO, width + 1.2), (radius, color, width)):
            box = [(c + sign * reach) * _FINER for sign in (-1, 1) for c in center]
            self._pen.ellipse(box, outline=ink, width=max(1, round(wide * _FINER)))

    def dot(self, center: Place, radius: float, color: Color) -> None:
        """Draw a filled circle."""
        box = [(c + sign * radius) * _FINER for sign in (-1, 1) for c in center]
        self._pen.ellipse(box, fill=color)

    def cross(self, center: Place, reach: float, color: Color, *, width: float = 1.2) -> None:
        """Draw two lines that cross upright."""
        x, y = center
        for segment in (((x - reach, y), (x + reach, y)), ((x, y - reach), (x, y + reach))):
            self.line(segment, color, width=width, has_halo=True)

    def polygon(self, corners: list[Place], color: Color) -> None:
        """Fill a polygon."""
        self._pen.polygon([(x * _FINER, y * _FINER) for x, y in corners], fill=color)

    def badge(self, text: str, place: Place, color: Color, *, tall: float) -> None:
        """Write a short text in white on a coloured square whose upper left corner is given."""
        x, y = (c * _FINER for c in place)
        side = tall * _FINER
        self._pen.rectangle([x, y, x + side, y + side], fill=color)
        letters = font(round(side * 0.8))
        self._pen.text((x + side / 2, y + side / 2), text, fill=(255, 255, 255), font=letters, anchor="mm")

    def text(self, text: str, place: Place, color: Color, *, tall: float, anchor: str = "lm") -> None:
        """Write a text; `anchor` as Pillow has it."""
        letters = font(round(tall * _FINER))
        x, y = place
        self._pen.text((x * _FINER, y * _FINER), text, fill=color, font=letters, anchor=anchor)

    def finished(self) -> np.ndarray:
        """Return the picture, (height, width, 3) uint8."""
        return np.asarray(self._image.resize(self._size, Image.Resampling.BOX))


def clipped(segment: Segment, size: tuple[int, int]) -> Segment | None:
    """Return the part of a line that lies within a picture of that width and height, or None."""
    (x0, y0), (x1, y1) = segment
    start, end = 0.0, 1.0
    for at, step, most in ((x0, x1 - x0, size[0]), (y0, y1 - y0, size[1])):
        if abs(step) < 1e-12:
            if not 0 <= at <= most:
                return None
            continue
        first, last = sorted(((0 - at) / step, (most - at) / step))
        start, end = max(start, first), min(end, last)
    if start > end:
        return None
    return (
        (x0 + start * (x1 - x0), y0 + start * (y1 - y0)),
        (x0 + end * (x1 - x0), y0 + end * (y1 - y0)),
    )
