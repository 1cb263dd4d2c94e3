"""The small dense decoders of a stack: the trunk on all cells, pixels only of compared cells."""

import torch
from torch import Tensor
from torch.nn import functional

from taskonomy_kedro.core.networks.decoder import NEGATIVE_SLOPE
from taskonomy_kedro.core.networks.small_decoders import SmallDenseDecoder
from taskonomy_kedro.core.readouts.cells import ComparedPixels
from taskonomy_kedro.core.readouts.stacked_layers import StackedLayers

_LAST = "decoder.decoder_output"


def decode_dense(
    layers: StackedLayers, decoder: SmallDenseDecoder, features: Tensor, pixels: ComparedPixels
) -> Tensor:
    """Return the outputs of the `SmallDenseDecoder` of each readout at some pixels.

    Args:
        layers: The weights.
        decoder: One of the decoders, for its architecture.
        features: (n, S·C, h, w).
        pixels: Which; P of them an item.

    Returns:
        Maps (S, n, n_outputs, P, 1), pixels in the order of `pixels`.
    """
    n_items, n_cells = features.shape[0], features.shape[2] * features.shape[3]
    chosen = _chosen_cells(_trunk(layers, features), pixels.cells)  # (n·K, S·C)
    by_readout = chosen.view(len(chosen), layers.size, -1).transpose(0, 1)
    hidden = layers.multiply(by_readout, f"{_LAST}.0")  # (S, n·K, channels·r²)
    constants = layers.weights["decoder.constant.places"]
    if len(decoder.decoder_output) == 2:  # the pixels themselves
        maps = _by_channel(hidden, n_items, decoder.n_outputs)
        maps = maps + _constant_cells(constants, pixels.cells, n_cells)
        maps = _at(maps.flatten(3), pixels.within)
    else:
        n_hidden = layers.weights[f"{_LAST}.3.weight"].shape[2]
        inner = _at(_by_channel(hidden, n_items, n_hidden).flatten(3), pixels.within)
        inner = functional.relu(inner.transpose(2, 3)).flatten(1, 2)  # (S, n·P, hidden)
        values = layers.multiply(inner, f"{_LAST}.3").view(layers.size, n_items, -1, decoder.n_outputs)
        maps = (values + _constant_pixels(constants, pixels, n_cells)).transpose(2, 3)
    return (torch.tanh(maps) if decoder.has_tanh else maps)[..., None]


def _trunk(layers: StackedLayers, features: Tensor) -> Tensor:
    inner = layers.add_places(layers.convolve(features, "decoder.trunk.0"), "decoder.trunk.1")
    inner = layers.normalise(inner, "decoder.trunk.2")
    inner = functional.leaky_relu(inner, NEGATIVE_SLOPE, inplace=True)
    inner = layers.normalise(layers.convolve(inner, "decoder.trunk.4.0"), "decoder.trunk.4.1")
    return functional.leaky_relu(inner, NEGATIVE_SLOPE, inplace=True)


def _chosen_cells(features: Tensor, cells: Tensor | None) -> Tensor:
    """Return (n·K, channels) of features (n, channels, h, w)."""
    by_cell = features.permute(0, 2, 3, 1).flatten(1, 2)
    if cells is None:
        return by_cell.flatten(0, 1)
    first = torch.arange(len(cells), device=cells.device)[:, None] * by_cell.shape[1]
    return by_cell.flatten(0, 1).index_select(0, (cells + first).flatten())


def _by_channel(hidden: Tensor, n_items: int, channels: int) -> Tensor:
    """Return (S, n, channels, K, r²) of (S, n·K, channels·r²)."""
    return hidden.view(hidden.shape[0], n_items, -1, channels, hidden.shape[2] // channels).transpose(2, 3)


def _at(maps: Tensor, within: Tensor | None) -> Tensor:
    """Return (S, n, channels, P) of maps (S, n, channels, K·r²)."""
    if within is None:
        return maps
    return maps.gather(3, within[None, :, None].expand(*maps.shape[:1], -1, maps.shape[2], -1))


def _rows_of_cells(constants: Tensor, n_cells: int) -> Tensor:
    """Return (cells, r², S, channels) of maps (S, 1, channels, H, W), H = W."""
    side = round(n_cells**0.5)
    size, _, channels, height, _ = constants.shape
    cell = height // side
    by_cell = constants.view(size, channels, side, cell, side, cell).permute(2, 4, 3, 5, 0, 1)
    return by_cell.reshape(n_cells, cell**2, size, channels)


def _constant_cells(constants: Tensor, cells: Tensor | None, n_cells: int) -> Tensor:
    """Return the constant maps at cells, (S, n or 1, channels, K, r²)."""
    rows = _rows_of_cells(constants, n_cells)
    if cells is None:
        return rows[None].permute(3, 0, 4, 1, 2)
    # copying whole cells is many times as fast as copying pixels
    return rows.index_select(0, cells.flatten()).unflatten(0, cells.shape).permute(3, 0, 4, 1, 2)


def _constant_pixels(constants: Tensor, pixels: ComparedPixels, n_cells: int) -> Tensor:
    """Return the constant maps at pixels, (S, n or 1, P, channels); (1, …) if all readouts share one."""
    side = round(n_cells**0.5)
    size, _, channels, height, _ = constants.shape
    cell = height // side
    numbers = torch.arange(height**2, device=constants.device)
    by_cell = numbers.view(side, cell, side, cell).transpose(1, 2).reshape(1, n_cells, cell**2)
    chosen = by_cell if pixels.cells is None else by_cell[0][pixels.cells]
    places = chosen.flatten(1)
    if pixels.within is not None:
        places = places.expand(len(pixels.within), -1).gather(1, pixels.within)
    found = constants.view(size * channels, -1).index_select(1, places.flatten())
    # in the memory order of what it is added to: otherwise the sum takes many times as long
    return found.view(size, channels, *places.shape).permute(0, 2, 3, 1).contiguous()
