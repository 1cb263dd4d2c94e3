"""Place furniture: against walls, on the floor, on other furniture, on walls, under the ceiling.

Two objects do not overlap if no bounding boxes of their primitives do, so a chair can stand under a
table. Each method draws a few positions and takes the first free one; if none is free, it places
nothing and returns None.
"""

import math
from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np

from taskonomy_kedro.rooms.furniture.parts import Model, Support, enclose
from taskonomy_kedro.rooms.materials import Color, Palette
from taskonomy_kedro.rooms.placed import PlacedModel, first_placed
from taskonomy_kedro.rooms.primitives import Primitive
from taskonomy_kedro.rooms.scene import Box, Lamp, RoomObject, as_box

WEST, EAST, SOUTH, NORTH = 0, 1, 2, 3
"""Walls at low x, high x, low y, high y."""
_QUARTERS = {WEST: 1, EAST: 3, SOUTH: 2, NORTH: 0}  # quarter turns that put a model's back to a wall
_TURNS = ((1.0, 0.0), (0.0, 1.0), (-1.0, 0.0), (0.0, -1.0))
_SLACK = 1e-3  # metres by which bounding boxes of neighbours may overlap


class Plan:
    """A room that is being furnished."""

    def __init__(self, box: Box, palette: Palette) -> None:
        self.box = box
        self.palette = palette
        self.placed: list[PlacedModel] = []
        self.primitives: list[Primitive] = []
        self.owners: list[int] = []
        self.lamps: list[Lamp] = []
        self._taken = np.empty((1024, 6))
        self._count = 0
        self._clear_zones: dict[int, np.ndarray] = {}

    @property
    def height(self) -> float:
        """Height of the ceiling above the floor."""
        return self.box[2][1] - self.box[2][0]

    @property
    def size(self) -> tuple[float, float]:
        """Lengths of the room along x and y, metres."""
        (x0, x1), (y0, y1), _ = self.box
        return (x1 - x0, y1 - y0)

    @property
    def center(self) -> tuple[float, float]:
        """X and y of its middle in the world, metres."""
        (x0, x1), (y0, y1), _ = self.box
        return ((x0 + x1) / 2, (y0 + y1) / 2)

    def length_of(self, wall: int) -> float:
        """Length of a wall, metres."""
        return self.size[wall in (WEST, EAST)]

    def put(
        self,
        model: Model,
        x: float,
        y: float,
        z: float = 0.0,
        *,
        turn: tuple[float, float] = (1.0, 0.0),
        wall: int | None = None,
    ) -> PlacedModel | None:
        """Place a model if the position is inside the room and free.

        Args:
            model: The model.
            x: World coordinate of its origin, metres; `y` likewise.
            y: See `x`.
            z: Its height above the floor.
            turn: Cosine and sine of its rotation about the vertical.
            wall: The wall at its back, stored with it.
        """
        floor = self.box[2][0]
        parts = [part.moved(x, y, z + floor, *turn) for part in model.parts]
        boxes = np.array([part.bounds() for part in parts])
        whole = enclose(boxes)
        low, high = np.array(self.box).T
        if (whole[:3] < low - _SLACK).any() or (whole[3:] > high + _SLACK).any():
            return None
        ahead = self._clear_zone(model, x, y, turn, whole)
        if not model.is_flat and not self._is_free(boxes, ahead):
            return None
        placed = PlacedModel(
            number=len(self.placed),
            model=model,
            x=x,
            y=y,
            z=z,
            cosine=turn[0],
            sine=turn[1],
            wall=wall,
            box=whole,
        )
        self.placed.append(placed)
        self.primitives.extend(parts)
        self.owners.extend([placed.number] * len(parts))
        if not model.is_flat:
            if self._count + len(boxes) > len(self._taken):
                self._taken = np.concatenate([self._taken, np.empty_like(self._taken)])
            self._taken[self._count : self._count + len(boxes)] = boxes
            self._count += len(boxes)
            if ahead is not None:
                self._clear_zones[placed.number] = ahead
        return placed

    @contextmanager
    def uncleared(self, base: PlacedModel) -> Iterator[None]:
        """Within the context, allow other models in the clear space in front of a piece of furniture."""
        zone = self._clear_zones.pop(base.number, None)
        yield
        if zone is not None:
            self._clear_zones[base.number] = zone

    def _clear_zone(
        self, model: Model, x: float, y: float, turn: tuple[float, float], whole: np.ndarray
    ) -> np.ndarray | None:
        if not model.clearance:
            return None
        bounds, floor = model.bounds(), self.box[2][0]
        u = np.array([bounds[0] + 0.06, bounds[3] - 0.06])[:, None]
        v = np.array([bounds[1] - model.clearance, bounds[1] - 0.02])
        xs, ys = x + turn[0] * u - turn[1] * v, y + turn[1] * u + turn[0] * v
        top = max(floor + 0.5, float(whole[5]) - 0.05)
        return np.array([xs.min(), ys.min(), floor + 0.02, xs.max(), ys.max(), top])

    def _is_free(self, boxes: np.ndarray, ahead: np.ndarray | None) -> bool:
        taken = self._taken[: self._count]
        if not _are_apart(boxes, taken, _SLACK) or (
            ahead is not None and not _are_apart(ahead[None], taken, _SLACK)
        ):
            return False
        zones = np.array(list(self._clear_zones.values())).reshape(-1, 6)
        return _are_apart(boxes, zones, 0.0)

    def at_wall(
        self,
        model: Model,
        *,
        walls: list[int] | None = None,
        along: float | None = None,
        z: float = 0.0,
        gap: float = 0.0,
        tries: int = 10,
        corner: float = 0.3,
    ) -> PlacedModel | None:
        """Place a model with its back to a wall.

        Args:
            model: The model.
            walls: Walls in order of preference; by default all in random order.
            along: Share of the wall's free length, 0 to 1; by default random.
            z: Height of its base above the floor.
            gap: Distance from the wall.
            tries: Positions drawn for each wall.
            corner: Probability of a position in a corner.
        """
        rng, bounds = self.palette.rng, model.bounds()
        depth = float(bounds[4]) + gap
        for wall in rng.permutation(4).tolist() if walls is None else walls:
            axis, side = int(wall in (WEST, EAST)), wall % 2
            low, high = self.box[axis]
            back = self.box[1 - axis][side]
            # if the model is not symmetric, its own left end counts
            left, right = -float(bounds[0]), float(bounds[3])
            start, end = (right, left) if wall in (SOUTH, EAST) else (left, right)
            room = high - low - start - end
            if room < 0:
                continue
            for _ in range(tries if along is None else 1):
                share = float(rng.random()) if along is None else along
                if along is None and self.palette.chance(corner):
                    share = 0.0 if self.palette.chance(0.5) else 1.0
                place = low + start + share * room
                front = back - depth if side else back + depth
                x, y = (front, place) if axis else (place, front)
                placed = self.put(model, x, y, z, turn=_TURNS[_QUARTERS[wall]], wall=wall)
                if placed is not None:
                    return placed
        return None

    def on_floor(self, model: Model, *, tries: int = 12, is_turned: bool = True) -> PlacedModel | None:
        """Place a model anywhere on the floor, at a random rotation."""
        draw = self.palette.draw
        reach = float(np.abs(model.bounds()[[0, 1, 3, 4]]).max())
        (x0, x1), (y0, y1), _ = self.box
        if min(self.size) < 2 * reach:
            return None

        def attempt() -> PlacedModel | None:
            angle = draw(0.0, math.tau)
            turn = (math.cos(angle), math.sin(angle)) if is_turned else _TURNS[self.palette.integer(4)]
            return self.put(model, draw(x0 + reach, x1 - reach), draw(y0 + reach, y1 - reach), turn=turn)

        return first_placed(attempt() for _ in range(tries))

    def near(
        self, model: Model, base: PlacedModel, u: float, v: float, *, yaw: float = 0.0, z: float = 0.0
    ) -> PlacedModel | None:
        """Place a model at (u, v) in another's frame, rotated against it by `yaw`."""
        c, s = math.cos(yaw), math.sin(yaw)
        turn = (base.cosine * c - base.sine * s, base.sine * c + base.cosine * s)
        return self.put(model, *base.at(u, v), z, turn=turn)

    def beside(self, model: Model, base: PlacedModel, *, side: int, gap: float = 0.04) -> PlacedModel | None:
        """Place a model left (-1) or right (1) of another, with aligned backs."""
        mine, other = model.bounds(), base.model.bounds()
        u = other[3] + gap - mine[0] if side > 0 else other[0] - gap - mine[3]
        x, y = base.at(float(u), float(other[4] - mine[4]))
        return self.put(model, x, y, turn=(base.cosine, base.sine), wall=base.wall)

    def on_top(
        self,
        model: Model,
        base: PlacedModel,
        *,
        support: Support | None = None,
        u: float | None = None,
        v: float | None = None,
        yaw: float | None = None,
        tries: int = 6,
    ) -> PlacedModel | None:
        """Place a model on a support of another, at (u, v) or at a random position."""
        supports = base.model.supports if support is None else (support,)
        if not supports:
            return None
        chosen = supports[self.palette.integer(len(supports))] if support is None else support
        bounds = model.bounds()
        if bounds[5] > chosen.headroom:
            return None
        # only the base of a thing must not overhang, not leaves that spread
        half_u, half_v = min(0.5, float(bounds[3])), min(0.5, float(bounds[4]))

        def attempt() -> PlacedModel | None:
            angle = self.palette.draw(-0.5, 0.5) if yaw is None else yaw
            place_u = self._within(chosen.x, half_u) if u is None else u
            place_v = self._within(chosen.y, half_v) if v is None else v
            return self.near(model, base, place_u, place_v, yaw=angle, z=base.z + chosen.z)

        return first_placed(attempt() for _ in range(tries))

    def _within(self, span: tuple[float, float], half: float) -> float:
        low, high = span[0] + half, span[1] - half
        return (low + high) / 2 if low >= high else self.palette.draw(low, high)

    def hang(
        self, model: Model, *, bottom: float, walls: list[int] | None = None, tries: int = 6
    ) -> PlacedModel | None:
        """Hang a model on a wall with its lower edge at `bottom` metres above the floor."""
        return self.at_wall(model, walls=walls, z=bottom, gap=0.003, tries=tries, corner=0.0)

    def objects(self, first: int) -> list[RoomObject]:
        """Return the objects, numbered from `first`."""
        return [
            RoomObject(
                object_id=first + placed.number,
                name=placed.model.name,
                semantic=placed.model.semantic,
                box=as_box(placed.box.tolist()),
                is_flat=placed.model.is_flat,
            )
            for placed in self.placed
        ]

    def shine(self, x: float, y: float, z: float, color: Color, power: float, *, size: float = 0.25) -> None:
        """Add a bulb at (x, y), z above the floor; its light has no upper limit, unlike that of surfaces."""
        arms = ((size, 0.0, 0.0), (0.0, size, 0.0))
        light = (color[0] * power, color[1] * power, color[2] * power)
        self.lamps.append(Lamp(location=(x, y, self.box[2][0] + z), arms=arms, color=light))


def _are_apart(boxes: np.ndarray, others: np.ndarray, slack: float) -> bool:
    """Return whether no bounding box overlaps another one by more than `slack` metres; (n, 6) and (m, 6)."""
    above = boxes[:, None, :3] >= others[None, :, 3:] - slack
    below = boxes[:, None, 3:] <= others[None, :, :3] + slack
    return bool((above | below).any(axis=2).all())
