"""Cupboards, shelves, chests."""

from collections.abc import Sequence
from functools import partial

from taskonomy_kedro.rooms.furniture.parts import Model, Parts, around, furniture, spread
from taskonomy_kedro.rooms.materials import Palette


def make_cabinet(
    palette: Palette, name: str, width: float, depth: float, height: float, *, front: str = "doors"
) -> Model:
    """Build a cabinet with doors or drawers in front; things can stand on it."""
    body = palette.cabinet(front)
    case = palette.painted(body.colors[0])
    foot = palette.draw(0.04, 0.14) if palette.chance(0.6) else 0.0
    parts = Parts()
    if foot:
        parts.legs(width - 0.04, depth - 0.04, foot, 0.04, palette.wood())
    parts.box((0, 0), foot, (width, depth, height - foot - 0.03), case)
    parts.quad((0, -depth / 2 - 0.002, (height + foot - 0.03) / 2), width - 0.01, height - foot - 0.04, body)
    top = palette.wood() if palette.chance(0.5) else case
    parts.box((0, 0), height - 0.03, (width + 0.02, depth + 0.02, 0.03), top)
    parts.support((-width / 2 + 0.05, width / 2 - 0.05), (-depth / 2 + 0.05, depth / 2 - 0.05), height)
    return parts.model(name, clearance=0.35)


def _make_sized_cabinet(
    palette: Palette, *, name: str, size: Sequence[tuple[float, float]], front: str = "drawers"
) -> Model:
    """Build a cabinet with width, depth and height from three ranges, metres; an empty `front` is drawn."""
    width, depth, height = (palette.draw(*limits) for limits in size)
    front = front or palette.choose(["doors", "drawers"])
    return make_cabinet(palette, name, width, depth, height, front=front)


_NIGHTSTAND = [(0.38, 0.5), (0.36, 0.42), (0.45, 0.58)]  # ranges of width, depth and height
_DRESSER = [(0.8, 1.3), (0.4, 0.5), (0.75, 1.0)]
_CONSOLE = [(0.7, 1.1), (0.28, 0.36), (0.75, 0.9)]
_SIDEBOARD = [(1.1, 1.7), (0.38, 0.46), (0.48, 0.8)]
make_nightstand = partial(_make_sized_cabinet, name="nightstand", size=_NIGHTSTAND)
make_dresser = partial(_make_sized_cabinet, name="dresser", size=_DRESSER)
make_console = partial(_make_sized_cabinet, name="console", size=_CONSOLE)
make_sideboard = partial(_make_sized_cabinet, name="sideboard", size=_SIDEBOARD, front="")


@furniture("wardrobe", clearance=0.6)
def make_wardrobe(parts: Parts, palette: Palette) -> None:
    """Build a tall cupboard for clothes."""
    width, depth, height = palette.draw(0.9, 1.8), palette.draw(0.55, 0.62), palette.draw(1.9, 2.2)
    front = palette.cabinet("doors")
    case = palette.painted(front.colors[0])
    parts.box((0, 0), 0.0, (width, depth, height), case)
    halves = 1 if width < 1.2 else 2
    for x in spread(halves, width):
        parts.quad((x, -depth / 2 - 0.002, height / 2 + 0.02), width / halves - 0.01, height - 0.08, front)
    parts.box((0, 0), height, (width + 0.03, depth + 0.03, 0.04), case)


@furniture("bookshelf", clearance=0.5)
def make_bookshelf(parts: Parts, palette: Palette, *, low: bool = False) -> None:
    """Build open boards between two sides, for books and vases."""
    width, depth = palette.draw(0.6, 1.1), palette.draw(0.26, 0.32)
    height = palette.draw(0.75, 1.0) if low else palette.draw(1.5, 2.05)
    wood, board = palette.wood(other=palette.chance(0.5)), 0.025
    shelves = 2 if low else palette.integer(4, 6)
    for x in (-(width - board) / 2, (width - board) / 2):
        parts.box((x, 0), 0.0, (board, depth, height), wood)
    parts.box((0, depth / 2 - 0.006), 0.05, (width - 2 * board, 0.01, height - 0.06), wood)
    gap = (height - board - 0.06) / shelves
    reach = width / 2 - board - 0.02
    for k in range(shelves):
        z = 0.06 + k * gap
        parts.box((0, -0.005), z - board + 0.005, (width - 2 * board, depth - 0.025, board), wood)
        parts.support((-reach, reach), (-depth / 2 + 0.02, depth / 2 - 0.03), z + 0.005, gap - board - 0.02)
    parts.box((0, 0), height - board, (width - 2 * board, depth, board), wood)
    parts.support((-reach, reach), (-depth / 2 + 0.03, depth / 2 - 0.03), height)


@furniture("wall shelf")
def make_wall_shelf(parts: Parts, palette: Palette, *, depth: float = 0.2) -> None:
    """Build a board on the wall on two brackets."""
    width = palette.draw(0.5, 1.0)
    wood = palette.wood(other=palette.chance(0.5))
    parts.box((0, 0), 0.1, (width, depth, 0.025), wood)
    for x in (-width / 2 + 0.1, width / 2 - 0.1):
        parts.box((x, 0.02), 0.0, (0.02, depth - 0.05, 0.1), palette.metal())
    parts.support((-width / 2 + 0.02, width / 2 - 0.02), (-depth / 2 + 0.02, depth / 2 - 0.02), 0.125)


def make_crate(palette: Palette) -> Model:
    """Build a cardboard box, a basket or a chest for toys."""
    width, depth, height = palette.draw(0.3, 0.55), palette.draw(0.26, 0.4), palette.draw(0.22, 0.4)
    kind = palette.integer(3)
    parts = Parts()
    if kind == 0:
        card = palette.pick(["#b98d5c", "#a67c4e"])
        parts.box((0, 0), 0.0, (width, depth, height), palette.painted(card, gloss=0.0))
        parts.box((0, 0), height, (width * 0.16, depth, 0.003), palette.painted((0.55, 0.45, 0.3)))
    elif kind == 1:
        radius = width * 0.45
        wicker = palette.fabric(palette.pick(["#b89a6b", "#8f8577"]))
        parts.wall((0, 0), 0.0, radius * 0.8, height, wicker, top=radius)
        parts.cylinder((0, 0), 0.0, radius * 0.78, 0.015, wicker)
        for k in range(3):  # folded cloths
            x, y = around(k * 2.1, radius * 0.35)
            parts.ball((x, y, height * 0.5), (radius * 0.4, radius * 0.4, height * 0.3), palette.fabric())
        return parts.model("basket")
    else:
        body = palette.plastic() if palette.chance(0.5) else palette.wood()
        parts.box((0, 0), 0.0, (width, depth, height - 0.03), body)
        parts.box((0, 0), height - 0.03, (width + 0.02, depth + 0.02, 0.03), palette.wood(other=True))
    parts.support((-width / 3, width / 3), (-depth / 3, depth / 3), height + 0.005)
    return parts.model("crate")
