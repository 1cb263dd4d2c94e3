"""Repeating noise from an integer hash: the same bytes on every machine."""

import numpy as np


def hashed(*coordinates: np.ndarray | int) -> np.ndarray:
    """Hash integer coordinates into pseudo-random values.

    Args:
        coordinates: Integers of broadcastable shapes; the last one is usually a seed.

    Returns:
        uint32 of the broadcast shape, each bit 0 or 1 equally often.
    """
    state = np.uint32(0x9E3779B9)
    mixed: np.ndarray = np.asarray(state)
    with np.errstate(over="ignore"):
        for coordinate in coordinates:
            mixed = mixed ^ np.asarray(coordinate).astype(np.uint32)
            mixed = mixed * np.uint32(0x7FEB352D)
            mixed = mixed ^ (mixed >> np.uint32(15))
            mixed = mixed * np.uint32(0x846CA68B)
            mixed = mixed ^ (mixed >> np.uint32(16))
    return mixed


def hashed_unit(*coordinates: np.ndarray | int) -> np.ndarray:
    """As `hashed`, as float64 in [0, 1)."""
    return hashed(*coordinates) * 2.0**-32


def value_noise(u: np.ndarray, v: np.ndarray, period: tuple[int, int], seed: int) -> np.ndarray:
    """Return smooth noise that repeats over the unit square.

    Args:
        u: Coordinates, float64, any shape; v likewise.
        v: See u.
        period: Number of lattice cells along u and v in the unit square.
        seed: Each seed gives another noise.

    Returns:
        float64 in [0, 1), of the broadcast shape.
    """
    x, y = u * period[0], v * period[1]
    x0, y0 = np.floor(x), np.floor(y)
    fx, fy = x - x0, y - y0
    fx, fy = fx * fx * (3 - 2 * fx), fy * fy * (3 - 2 * fy)
    ix, iy = x0.astype(np.int64) % period[0], y0.astype(np.int64) % period[1]
    jx, jy = (ix + 1) % period[0], (iy + 1) % period[1]
    low = hashed_unit(ix, iy, seed) * (1 - fx) + hashed_unit(jx, iy, seed) * fx
    high = hashed_unit(ix, jy, seed) * (1 - fx) + hashed_unit(jx, jy, seed) * fx
    return low * (1 - fy) + high * fy


def layered_noise(
    u: np.ndarray, v: np.ndarray, period: tuple[int, int], seed: int, layers: int = 3
) -> np.ndarray:
    """Return the sum of `value_noise` at doubling frequency and halving weight, scaled to [0, 1)."""
    total, weight_sum, weight = np.zeros(np.broadcast(u, v).shape), 0.0, 1.0
    for layer in range(layers):
        cells = (period[0] << layer, period[1] << layer)
        total = total + weight * value_noise(u, v, cells, seed + layer)
        weight_sum += weight
        weight *= 0.5
    return total / weight_sum
