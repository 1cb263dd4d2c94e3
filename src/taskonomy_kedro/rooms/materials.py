"""Materials of surfaces, and the palette of one room."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np

Color = tuple[float, float, float]


@dataclass(frozen=True, slots=True)
class Material:
    """A pattern in three colours.

    Attributes:
        texture: Name of a pattern of the atlas.
        colors: Three colours in linear light, each (red, green, blue) in [0, 1].
        tile_size: Metres after which the pattern repeats; 0 stretches it over the whole face.
        gloss: Strength of the highlight of lamps, 0 (matt) to 1.
        glow: Light it emits, in multiples of its colour; a positive value turns shading off.
        is_sky: Sky behind a window: no geometry.
    """

    texture: str
    colors: tuple[Color, Color, Color]
    tile_size: float = 1.0
    gloss: float = 0.0
    glow: float = 0.0
    is_sky: bool = False


def linear(code: str) -> Color:
    """Convert `#rrggbb` to linear light, with the square as gamma."""
    values = [int(code[i : i + 2], 16) / 255.0 for i in (1, 3, 5)]
    return (values[0] ** 2, values[1] ** 2, values[2] ** 2)


def scaled(color: Color, factor: float) -> Color:
    """Return a darker or lighter colour, each component at most 0.95."""
    return (min(0.95, color[0] * factor), min(0.95, color[1] * factor), min(0.95, color[2] * factor))


def mixed(a: Color, b: Color, share: float) -> Color:
    """Return the colour at `share` of the way from a to b."""
    return (
        a[0] + (b[0] - a[0]) * share,
        a[1] + (b[1] - a[1]) * share,
        a[2] + (b[2] - a[2]) * share,
    )


WOODS = ["#c89b6a", "#a8743f", "#7b4a2a", "#dcc09a", "#5b3a29", "#b5835a", "#8f5f3c", "#e0cfb4"]
PAINTS = ["#efe9dc", "#e6e3da", "#d9e2e3", "#e9dcc9", "#cfd8c6", "#d7cfe0", "#f0e2d2", "#c9d6df", "#e8d0c8"]
BOLD_PAINTS = ["#6f8fa6", "#8a9a6f", "#b5695a", "#4f6272", "#c29b4b", "#7d6a8c", "#5d8a86", "#a9b7c0"]
FABRICS = [
    "#5b7ba3", "#8c3b3b", "#6b7d5a", "#b7a58a", "#3f4a5a", "#c2773d", "#7a6a86", "#d2c6b2",
    "#2f5f5c", "#a04e6a", "#8e8e8e", "#d6b24a", "#44618c", "#943f2f", "#e3ddd0",
]  # fmt: skip
BRIGHT = ["#d8352a", "#2b6fc4", "#f0b91f", "#3a9a4b", "#e8702a", "#8a3fa0", "#27a7b5", "#e65a8e"]
METALS = ["#c9ccce", "#9ea3a6", "#6a6f73", "#b8a27a"]
CERAMICS = ["#f4f2ee", "#eceae4", "#e9e3d5"]
STONES = ["#cfc8bd", "#8d8a86", "#e4e0d8", "#5a5856", "#b9ab98"]
GREENS = ["#3f6b35", "#557f3d", "#2f5a3a", "#7d9448"]
POTS = ["#b5623d", "#e8e2d6", "#5a5f66", "#9a4f34", "#d9c7a3", "#3f5d6b"]

ART = ("landscape", "abstract", "portrait", "flowers", "bands")


class Palette:
    """The random draws of one room, and the colours that its furniture shares."""

    def __init__(self, rng: "np.random.Generator") -> None:
        self.rng = rng
        self.main_wood = self.pick(WOODS)
        self.other_wood = self.pick(WOODS)
        self.paint = self.pick(PAINTS)
        self.accent = self.pick(FABRICS)
        self.other_accent = self.pick(FABRICS)
        self.metal_color = self.pick(METALS)
        self.front = self.pick([*PAINTS, *BOLD_PAINTS, "#f2f0ec", "#f2f0ec"])

    def draw(self, low: float, high: float) -> float:
        """Draw a number from [low, high)."""
        return low + (high - low) * float(self.rng.random())

    def chance(self, share: float) -> bool:
        """Return True with probability `share`."""
        return bool(self.rng.random() < share)

    def integer(self, low: int, high: int | None = None) -> int:
        """Draw a whole number from [low, high), or from [0, low)."""
        return int(self.rng.integers(low, high))

    def choose(self, names: Sequence[str]) -> str:
        """Draw one of the names."""
        return str(self.rng.choice(list(names)))

    def pick(self, codes: list[str], *, spread: float = 0.1) -> Color:
        """Draw one of the listed colours, a little lighter or darker."""
        code = codes[self.integer(len(codes))]
        return scaled(linear(code), 1.0 + spread * (2.0 * float(self.rng.random()) - 1.0))

    def wood(self, *, other: bool = False) -> Material:
        """Return wood of the room's first colour, or of its second."""
        base = self.other_wood if other else self.main_wood
        return Material("wood", (base, scaled(base, 0.62), base), 0.8, 0.12)

    def cabinet(self, texture: str = "doors") -> Material:
        """Return the front of a cabinet, `doors` or `drawers`, of wood or painted."""
        base = self.main_wood if self.rng.random() < 0.5 else self.front
        return Material(texture, (base, scaled(base, 0.75), self.metal_color), 0.0, 0.1)

    def painted(self, color: Color, *, gloss: float = 0.1) -> Material:
        """Return one uniform colour."""
        return Material("plain", (color, color, color), 0.6, gloss)

    def fabric(self, color: Color | None = None) -> Material:
        """Return fabric of seats and cushions, plain or patterned."""
        base = self.pick(FABRICS) if color is None else color
        texture = self.choose(["fabric", "fabric", "fabric", "plaid", "stripes", "dots"])
        other = mixed(base, self.pick(FABRICS), 0.6) if texture != "fabric" else scaled(base, 0.7)
        return Material(texture, (base, other, scaled(base, 1.5)), 0.5)

    def metal(self) -> Material:
        """Return brushed metal."""
        return Material(
            "brushed", (self.metal_color, scaled(self.metal_color, 0.7), self.metal_color), 0.4, 0.6
        )

    def ceramic(self, color: Color | None = None) -> Material:
        """Return glazed ceramic."""
        base = self.pick(CERAMICS, spread=0.03) if color is None else color
        return Material("plain", (base, base, base), 0.7, 0.7)

    def plastic(self, codes: list[str] | None = None) -> Material:
        """Return smooth, bright plastic."""
        base = self.pick(codes or BRIGHT)
        return Material("plain", (base, base, base), 0.7, 0.35)

    def dark(self) -> Material:
        """Return a nearly black, smooth material: dark screens, hobs, feet."""
        base = scaled(linear("#26282b"), 0.8 + 0.4 * float(self.rng.random()))
        return Material("plain", (base, base, base), 0.7, 0.3)

    def picture(self, textures: tuple[str, ...] = ART) -> Material:
        """Return a painting in three colours that differ."""
        texture = self.choose(textures)
        sky = texture in ("landscape", "screen")
        first = linear("#a9c8e0") if sky and self.rng.random() < 0.7 else self.pick([*PAINTS, *FABRICS])
        second = self.pick(GREENS) if sky else self.pick([*BOLD_PAINTS, *FABRICS])
        return Material(texture, (first, second, self.pick([*BRIGHT, *FABRICS])), 0.0)
