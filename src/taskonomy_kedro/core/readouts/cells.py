"""Which pixels of an item are compared, by the cells of the representation they lie in.

Decoders put out all pixels of a cell at once. Maps are therefore stored by cells: (…, cells, pixels a cell).
"""

from dataclasses import dataclass, replace

import torch
from torch import Tensor

from taskonomy_kedro.core.training.batch_tensors import Movable, TargetTensors

_DRAWN_TOGETHER = 128  # items: each costs a random number for every pixel of its cells


@dataclass(frozen=True, kw_only=True, eq=False)
class ComparedPixels(Movable):
    """The pixels at which outputs are compared.

    Attributes:
        cells: (n, K) int64, of each item; None: all, in order.
        within: (n, P) int64, among the K·r² pixels of these cells; None: all of them.
    """

    cells: Tensor | None = None
    within: Tensor | None = None

    def of_items(self, rows: slice) -> "ComparedPixels":
        """Return those of some of the items."""
        return ComparedPixels(
            cells=None if self.cells is None else self.cells[rows],
            within=None if self.within is None else self.within[rows],
        )


def draw_pixels(
    n_items: int,
    n_cells: int,
    cell: int,
    *,
    cells: int | None,
    pixels: int | None,
    generator: torch.Generator,
) -> ComparedPixels:
    """Draw cells of each item, and pixels among theirs.

    Args:
        n_items: Items.
        n_cells: Cells of an image.
        cell: Pixels a side of one.
        cells: How many are drawn, without repeats; None: all.
        pixels: How many pixels among them, without repeats; None: all.
        generator: On the processor.
    """
    chosen = None
    if cells is not None and cells < n_cells:
        chosen = torch.rand(n_items, n_cells, generator=generator).argsort(dim=1)[:, :cells]
        n_cells = cells
    within = None
    if pixels is not None and pixels < n_cells * cell**2:
        within = torch.rand(n_items, n_cells * cell**2, generator=generator).argsort(dim=1)[:, :pixels]
    return ComparedPixels(cells=chosen, within=within)


def draw_fixed_pixels(
    n_items: int,
    n_cells: int,
    cell: int,
    *,
    cells: int | None,
    pixels: int | None,
    generator: torch.Generator,
) -> ComparedPixels:
    """Draw pixels of all items of a split once, so that they do not depend on batches.

    Args:
        n_items: Items of the split.
        n_cells: Cells of an image.
        cell: Pixels a side of one.
        cells: As of `draw_pixels`.
        pixels: As of `draw_pixels`.
        generator: On the processor.
    """
    parts = [
        draw_pixels(
            min(_DRAWN_TOGETHER, n_items - start),
            n_cells,
            cell,
            cells=cells,
            pixels=pixels,
            generator=generator,
        )
        for start in range(0, n_items, _DRAWN_TOGETHER)
    ]
    chosen = [part.cells for part in parts if part.cells is not None]
    within = [part.within for part in parts if part.within is not None]
    return ComparedPixels(
        cells=torch.cat(chosen) if chosen else None, within=torch.cat(within) if within else None
    )


def compared_in_test(target: TargetTensors, cell: int) -> ComparedPixels:
    """Return all pixels; for a metric loss, those of the target."""
    if target.pixels is None:
        return ComparedPixels()
    width = target.values.shape[-1]
    y, x = target.pixels // width, target.pixels % width
    cells_wide = width // cell
    number = (y // cell * cells_wide + x // cell) * cell**2 + y % cell * cell + x % cell
    return ComparedPixels(within=number)


def target_at(target: TargetTensors, pixels: ComparedPixels, cell: int) -> TargetTensors:
    """Return the target of a map at some pixels: maps of P×1 pixels, (n, channels, P, 1) or (n, P, 1)."""
    values, weights = (_at(array, pixels, cell) for array in (target.values, target.weights))
    places = None
    if target.pixels is not None:
        places = torch.arange(values.shape[1], device=values.device).expand(len(values), -1)
    return replace(target, values=values, weights=weights, pixels=places)


def _at(array: Tensor, pixels: ComparedPixels, cell: int) -> Tensor:
    maps = array if array.ndim == 4 else array[:, None]
    n_items, channels, height, width = maps.shape
    by_cell = maps.reshape(n_items, channels, height // cell, cell, width // cell, cell)
    by_cell = by_cell.permute(0, 1, 2, 4, 3, 5).reshape(n_items, channels, -1, cell**2)
    if pixels.cells is not None:
        chosen = pixels.cells[:, None, :, None].expand(-1, channels, -1, cell**2)
        by_cell = by_cell.gather(2, chosen)
    found = by_cell.flatten(2)
    if pixels.within is not None:
        found = found.gather(2, pixels.within[:, None].expand(-1, channels, -1))
    return (found if array.ndim == 4 else found[:, 0])[..., None]


def repeated(target: TargetTensors, times: int) -> TargetTensors:
    """Return the target of the same items, once for each of some networks, (times·n, …)."""

    def again(array: Tensor) -> Tensor:
        return array.expand(times, *array.shape).flatten(0, 1)

    return TargetTensors(
        values=again(target.values),
        weights=again(target.weights),
        shares=None if target.shares is None else again(target.shares),
        pixels=None if target.pixels is None else again(target.pixels),
    )
