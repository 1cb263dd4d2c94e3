"""Kitchens, offices and bathrooms."""

from dataclasses import dataclass, field

from taskonomy_kedro.rooms.furniture import bathroom, decor, kitchen, seats, small_objects, storage
from taskonomy_kedro.rooms.furniture.parts import Model
from taskonomy_kedro.rooms.layouts.common import add_clutter, add_pictures, decorate, fill_bookshelf
from taskonomy_kedro.rooms.layouts.living import add_dining_group
from taskonomy_kedro.rooms.layouts.sleeping import add_desk
from taskonomy_kedro.rooms.materials import Material
from taskonomy_kedro.rooms.placed import PlacedModel, first_placed
from taskonomy_kedro.rooms.placement import EAST, SOUTH, WEST, Plan


def furnish_kitchen(plan: Plan) -> None:
    """Place one or two runs of counters with sink, cooker and refrigerator, perhaps a table."""
    palette = plan.palette
    walls = sorted(range(4), key=lambda wall: (-plan.length_of(wall), float(palette.rng.random())))
    fitted = _FittedKitchen(plan, kitchen.counter_top(palette), palette.cabinet("doors"))
    # the essential units choose their places first
    todo = [str(name) for name in palette.rng.permutation(["sink", "oven", "fridge", "counter"])]
    todo += [str(name) for name in palette.rng.permutation(["drawer", "counter"])]
    for wall in walls[: 2 if palette.chance(0.7) else 3]:
        todo = fitted.line(wall, todo)
    for name in todo:
        if name in ("sink", "oven", "fridge"):
            fitted.add(name, plan.at_wall(fitted.unit(name, 0.75), walls=walls, corner=0.4))
    free = [unit for unit in fitted.units if unit.model.name == "counter" and not _is_used(plan, unit)]
    homeless = [
        model
        for model in (kitchen.make_microwave(palette), kitchen.make_toaster(palette))
        if not any(
            plan.on_top(model, free[i], v=0.08, yaw=0.0, tries=16) for i in palette.rng.permutation(len(free))
        )
    ]
    for unit in free:
        what = ("bottle", "bowl", "cup", "bottle", "plant", "plate")
        decorate(plan, unit, count=palette.integer(1, 3), what=what)
    for unit in fitted.units:
        fitted.hang_above(unit)
    table = None
    if homeless or palette.chance(0.75):
        table = add_dining_group(plan, seats_wanted=4 if palette.chance(0.6) else 2)
    for model in homeless:
        first_placed(
            plan.on_top(model, base, tries=16) for base in (table, *fitted.units) if base is not None
        )
    plan.hang(small_objects.make_wall_clock(palette), bottom=palette.draw(1.6, 1.8))
    add_pictures(plan, 2)
    plan.at_wall(bathroom.make_bin(palette), gap=0.04)
    add_clutter(plan, palette.integer(0, 2))


def _is_used(plan: Plan, unit: PlacedModel) -> bool:
    return any(
        other.z > 0.5 and abs(other.x - unit.x) < 0.3 and abs(other.y - unit.y) < 0.3 for other in plan.placed
    )


@dataclass
class _FittedKitchen:
    """The units along the walls of a kitchen, which share the material of their tops and fronts."""

    plan: Plan
    top: Material
    front: Material
    units: list[PlacedModel] = field(default_factory=list)

    def unit(self, name: str, width: float) -> Model:
        """Build a unit that stands on the floor."""
        palette = self.plan.palette
        if name == "oven":
            return kitchen.make_oven(palette)
        if name == "fridge":
            return kitchen.make_refrigerator(palette)
        front = Material("drawers", self.front.colors, 0.0, 0.1) if name == "drawer" else self.front
        return kitchen.make_counter(palette, width=width, top=self.top, front=front)

    def add(self, name: str, placed: PlacedModel | None) -> None:
        """Add a unit that found a place, with the basin of a sink."""
        if placed is not None:
            self.units.append(placed)
            if name == "sink":
                self.plan.on_top(kitchen.make_kitchen_sink(self.plan.palette), placed, u=0.0, v=0.0, yaw=0.0)

    def line(self, wall: int, todo: list[str]) -> list[str]:
        """Place units along a wall, starting in a corner; return the names of those without a place."""
        left: list[str] = []
        share, length = 0.02, self.plan.length_of(wall)
        for name in todo:
            model = self.unit(name, self.plan.palette.draw(0.75 if name == "sink" else 0.6, 0.95))
            bounds = model.bounds()
            wide = float(bounds[3] - bounds[0])
            placed = None
            while placed is None and share + wide < length:
                along = share / max(1e-6, length - wide)
                placed = self.plan.at_wall(model, walls=[wall], along=along, corner=0.0)
                share += 0.12 if placed is None else wide + 0.004
            self.add(name, placed)
            if placed is None:
                left.append(name)
        return left

    def hang_above(self, unit: PlacedModel) -> None:
        """Hang a hood above a cooker, and a cupboard above most counters."""
        palette, bounds = self.plan.palette, unit.model.bounds()
        wide, back = float(bounds[3] - bounds[0]), float(bounds[4])
        if unit.model.name == "oven":
            model, bottom = kitchen.make_hood(palette, width=wide), 1.55
        elif unit.model.name == "counter" and palette.chance(0.75):
            model, bottom = kitchen.make_upper_cabinet(palette, width=wide - 0.01, front=self.front), 1.42
        else:
            return
        self.plan.near(model, unit, 0.0, back - float(model.bounds()[4]), z=bottom)


def furnish_office(plan: Plan) -> None:
    """Place desks with screens, swivel chairs, shelves of books."""
    palette = plan.palette
    for _ in range(palette.integer(1, 4)):
        add_desk(plan)
    for _ in range(palette.integer(1, 4)):
        fill_bookshelf(plan, plan.at_wall(storage.make_bookshelf(palette), gap=0.01, corner=0.4))
    cabinet = plan.at_wall(storage.make_dresser(palette), gap=0.01) if palette.chance(0.6) else None
    decorate(plan, cabinet, count=3, what=("plant", "books", "clock", "vase", "bottle"))
    if palette.chance(0.35):
        couch = plan.at_wall(seats.make_couch(palette, width=palette.draw(1.4, 1.7)), gap=0.04)
        if couch is None:
            plan.at_wall(seats.make_armchair(palette), corner=0.8, gap=0.06)
    if palette.chance(0.5):
        rug = decor.make_rug(palette, width=plan.size[0] * 0.55, depth=plan.size[1] * 0.5)
        plan.put(rug, *plan.center)
    plan.at_wall(bathroom.make_bin(palette), gap=0.05)
    plan.at_wall(small_objects.make_plant(palette), corner=0.9, gap=0.04)
    plan.hang(small_objects.make_wall_clock(palette), bottom=1.65)
    add_pictures(plan, 3)
    add_clutter(plan, palette.integer(0, 3))


def furnish_bathroom(plan: Plan) -> None:
    """Place a toilet, a basin below a mirror, a bathtub or a shower."""
    palette, tub = plan.palette, None
    if palette.chance(0.6):
        walls = [WEST, EAST] if plan.length_of(WEST) > plan.length_of(SOUTH) else None
        tub = plan.at_wall(bathroom.make_bathtub(palette), walls=walls, corner=0.9)
    if tub is None:
        plan.at_wall(bathroom.make_shower(palette), corner=1.0)
    plan.at_wall(bathroom.make_toilet(palette), gap=0.01, corner=0.2, tries=30)
    basin = first_placed(
        plan.at_wall(bathroom.make_basin(palette), gap=0.005, corner=corner, tries=30)
        for corner in (0.1, 0.5)
    )
    if basin is not None and basin.wall is not None:
        mirror = decor.make_mirror(palette, width=palette.draw(0.5, 0.8), height=palette.draw(0.6, 0.85))
        back = float(basin.model.bounds()[4]) - float(mirror.bounds()[4])
        plan.near(mirror, basin, 0.0, back, z=1.15)
    if palette.chance(0.4):
        machine = plan.at_wall(bathroom.make_washing_machine(palette), gap=0.03, corner=0.6)
        decorate(plan, machine, count=2, what=("bottle", "bottle", "crate"))
    for _ in range(2):
        shelf = plan.hang(storage.make_wall_shelf(palette, depth=0.16), bottom=palette.draw(1.1, 1.4))
        decorate(plan, shelf, count=3, what=("bottle", "bottle", "cup", "vase"))
    low = plan.at_wall(storage.make_nightstand(palette), gap=0.02) if palette.chance(0.5) else None
    decorate(plan, low, count=2, what=("bottle", "plant", "bottle", "vase"))
    plan.hang(bathroom.make_towel_rail(palette), bottom=0.75)
    plan.at_wall(bathroom.make_bin(palette), gap=0.04, corner=0.6)
    if palette.chance(0.6):
        mat = decor.make_rug(palette, width=palette.draw(0.7, 0.9), depth=palette.draw(0.5, 0.6))
        plan.on_floor(mat, is_turned=False)
    add_pictures(plan, 1)
    if palette.chance(0.4):
        plan.at_wall(small_objects.make_plant(palette, height=palette.draw(0.4, 0.8)), corner=0.9, gap=0.04)
