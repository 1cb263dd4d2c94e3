"""Cupboards, shelves, chests."""

from taskonomy_kedro.rooms.furniture.parts import Model, Parts, around, between, chance
from taskonomy_kedro.rooms.materials import Palette


def make_cabinet(
    palette: Palette,
    *,
    width: float,
    depth: float,
    height: float,
    name: str = "cabinet",
    front: str = "doors",
) -> Model:
    """Build a cabinet with doors or drawers in front; things can stand on it."""
    rng = palette.rng
    body = palette.cabinet(front)
    case = palette.painted(body.colors[0])
    foot = between(rng, 0.04, 0.14) if chance(rng, 0.6) else 0.0
    parts = Parts()
    if foot:
        parts.legs(width - 0.04, depth - 0.04, foot, 0.04, palette.wood())
    parts.box((0, 0), foot, (width, depth, height - foot - 0.03), case)
    parts.quad((0, -depth / 2 - 0.002, (height + foot - 0.03) / 2), width - 0.01, height - foot - 0.04, body)
    parts.box(
        (0, 0),
        height - 0.03,
        (width + 0.02, depth + 0.02, 0.03),
        palette.wood() if chance(rng, 0.5) else case,
    )
    parts.support((-width / 2 + 0.05, width / 2 - 0.05), (-depth / 2 + 0.05, depth / 2 - 0.05), height)
    return parts.model(name, clearance=0.35)


def make_sized_cabinet(
    palette: Palette, name: str, *size: tuple[float, float], front: str = "drawers"
) -> Model:
    """Build a cabinet with width, depth and height drawn from three ranges, metres.

    An empty `front` is drawn too.
    """
    width, depth, height = (between(palette.rng, *limits) for limits in size)
    front = front or str(palette.rng.choice(["doors", "drawers"]))
    return make_cabinet(palette, width=width, depth=depth, height=height, name=name, front=front)


def make_nightstand(palette: Palette) -> Model:
    """Build a small chest beside a bed."""
    return make_sized_cabinet(palette, "nightstand", (0.38, 0.5), (0.36, 0.42), (0.45, 0.58))


def make_dresser(palette: Palette) -> Model:
    """Build a chest of drawers."""
    return make_sized_cabinet(palette, "dresser", (0.8, 1.3), (0.4, 0.5), (0.75, 1.0))


def make_sideboard(palette: Palette) -> Model:
    """Build a long low cupboard with doors or drawers, for the tv or in a dining room."""
    return make_sized_cabinet(palette, "sideboard", (1.1, 1.7), (0.38, 0.46), (0.48, 0.8), front="")


def make_console(palette: Palette) -> Model:
    """Build a narrow chest of drawers for a corridor."""
    return make_sized_cabinet(palette, "console", (0.7, 1.1), (0.28, 0.36), (0.75, 0.9))


def make_wardrobe(palette: Palette) -> Model:
    """Build a tall cupboard for clothes."""
    rng = palette.rng
    width, depth, height = between(rng, 0.9, 1.8), between(rng, 0.55, 0.62), between(rng, 1.9, 2.2)
    parts = Parts()
    front = palette.cabinet("doors")
    case = palette.painted(front.colors[0])
    parts.box((0, 0), 0.0, (width, depth, height), case)
    halves = 1 if width < 1.2 else 2
    for k in range(halves):
        x = (k - (halves - 1) / 2) * width / halves
        parts.quad((x, -depth / 2 - 0.002, height / 2 + 0.02), width / halves - 0.01, height - 0.08, front)
    parts.box((0, 0), height, (width + 0.03, depth + 0.03, 0.04), case)
    return parts.model("wardrobe", clearance=0.6)


def make_bookshelf(palette: Palette, *, low: bool = False) -> Model:
    """Build open boards between two sides, for books and vases."""
    rng = palette.rng
    width, depth = between(rng, 0.6, 1.1), between(rng, 0.26, 0.32)
    height = between(rng, 0.75, 1.0) if low else between(rng, 1.5, 2.05)
    wood, board = palette.wood(other=chance(rng, 0.5)), 0.025
    shelves = 2 if low else int(rng.integers(4, 6))
    parts = Parts()
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
    return parts.model("bookshelf", clearance=0.5)


def make_wall_shelf(palette: Palette, *, depth: float = 0.2) -> Model:
    """Build a board on the wall on two brackets."""
    rng = palette.rng
    width = between(rng, 0.5, 1.0)
    wood = palette.wood(other=chance(rng, 0.5))
    parts = Parts()
    parts.box((0, 0), 0.1, (width, depth, 0.025), wood)
    for x in (-width / 2 + 0.1, width / 2 - 0.1):
        parts.box((x, 0.02), 0.0, (0.02, depth - 0.05, 0.1), palette.metal())
    parts.support((-width / 2 + 0.02, width / 2 - 0.02), (-depth / 2 + 0.02, depth / 2 - 0.02), 0.125)
    return parts.model("wall shelf")


def make_crate(palette: Palette) -> Model:
    """Build a cardboard box, a basket or a chest for toys."""
    rng = palette.rng
    width, depth, height = between(rng, 0.3, 0.55), between(rng, 0.26, 0.4), between(rng, 0.22, 0.4)
    kind = int(rng.integers(3))
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
        body = palette.plastic() if chance(rng, 0.5) else palette.wood()
        parts.box((0, 0), 0.0, (width, depth, height - 0.03), body)
        parts.box((0, 0), height - 0.03, (width + 0.02, depth + 0.02, 0.03), palette.wood(other=True))
    parts.support((-width / 3, width / 3), (-depth / 3, depth / 3), height + 0.005)
    return parts.model("crate")
