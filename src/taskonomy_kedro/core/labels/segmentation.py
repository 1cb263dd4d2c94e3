"""Unsupervised segmentation: by colour alone, and by depth and normals.

Small regions from Felzenszwalb's graph cut are the nodes of a graph, with edges between neighbours
weighted by their similarity, and normalised cuts partition that graph. The graph has few nodes, so the
cuts are solved densely; each is the second eigenvector of the normalised Laplacian.
"""

import warnings
from dataclasses import dataclass

import numpy as np
from scipy.linalg import lapack
from skimage.segmentation import felzenszwalb

from taskonomy_kedro.core.labels.edges_keypoints import scaled_sigma
from taskonomy_kedro.core.labels.surface_keypoints import plane_distance

_GREATEST_SIZE = 128  # larger images are subsampled first: they take four times as long for the same regions
_COLOR_SMOOTHING = 3.0  # pixels of a 512-pixel image
_COLOR_SCALE = 0.004  # times the area: the tolerated difference within a large region
_COLOR_LEAST_SHARE = 1 / 180
_COLOR_DEVIATION = 255.0
_COLOR_THRESHOLD = 0.05
_SURFACE_SCALE = 0.00076
_SURFACE_LEAST_SHARE = 1 / 437
_SURFACE_DEVIATION = 0.1
_SURFACE_THRESHOLD = 0.3
_DISTANCE_WEIGHT = 2.0
_LEAST_DISTANCE = 0.05  # metres; nearer planes are seen edge on
_GREATEST_ID = 255
_CUT_PLACES = np.arange(10) / 10  # cuts tried, as shares of the range of an eigenvector


def color_regions(rgb: np.ndarray) -> np.ndarray:
    """Partition an image into regions of similar colour.

    Args:
        rgb: (H, W, 3) uint8, H = W.

    Returns:
        (H, W) uint8 region ids from 0, numbered in the order of their first pixels.

    Source: docs/method.md, `segment_unsup2d`: Felzenszwalb, then cuts of the graph of mean
    colours. Differs: the size of small regions is a share of the image, so that images of all sizes
    are partitioned alike and the graph stays small.
    """
    coarse, places = _reduced(rgb)
    sigma = scaled_sigma(_COLOR_SMOOTHING, coarse.shape[0])
    small = _small_regions(coarse / 255.0, _COLOR_SCALE, sigma, _COLOR_LEAST_SHARE)
    cuts = _CutSettings(deviation=_COLOR_DEVIATION, self_weight=2.0, threshold=_COLOR_THRESHOLD)
    return _enlarged(_joined(small, coarse.astype(np.float64), cuts), places)


def surface_regions(depth_z: np.ndarray, normal: np.ndarray, field_of_view_rads: float) -> np.ndarray:
    """Partition the visible surfaces into regions of similar plane and normal, regardless of colour.

    Args:
        depth_z: (H, W) float32 metres, inf without geometry.
        normal: (H, W, 3) float32 unit vectors; 0 without geometry.
        field_of_view_rads: Full angle of view.

    Returns:
        (H, W) uint8 region ids from 0, numbered in the order of their first pixels; pixels without
        geometry form a region as any other.

    Source: docs/method.md, `segment_unsup25d`. Differs: depth enters by the distance of
    the tangent plane, which separates parallel surfaces but does not cut a floor into strips, so
    occlusion edges are not needed.
    """
    offset = np.maximum(plane_distance(depth_z, normal, field_of_view_rads), _LEAST_DISTANCE)
    channels = np.concatenate([_DISTANCE_WEIGHT * np.log(offset)[..., None], normal], axis=2)
    coarse, places = _reduced(channels)
    small = _small_regions(coarse.astype(np.float64), _SURFACE_SCALE, 0.0, _SURFACE_LEAST_SHARE)
    cuts = _CutSettings(deviation=_SURFACE_DEVIATION, self_weight=1.0, threshold=_SURFACE_THRESHOLD)
    return _enlarged(_joined(small, coarse.astype(np.float64), cuts), places)


@dataclass(frozen=True, kw_only=True)
class _CutSettings:
    """How a region graph is cut: edges have the weight exp(-squared difference / deviation)."""

    deviation: float
    self_weight: float
    threshold: float


def _reduced(channels: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Subsample an image that is larger than the greatest size.

    Returns:
        Every second, third ... pixel, and for each row or column of the image the one that represents it.
    """
    size = channels.shape[0]
    factor = -(-size // _GREATEST_SIZE)
    coarse = channels[factor // 2 :: factor, factor // 2 :: factor]
    return coarse, np.minimum(np.arange(size) // factor, coarse.shape[0] - 1)


def _enlarged(regions: np.ndarray, places: np.ndarray) -> np.ndarray:
    return regions[places][:, places]


def _small_regions(channels: np.ndarray, scale: float, sigma: float, least_share: float) -> np.ndarray:
    """Return the nodes of the graph, (H, W) ids, each at least `least_share` of the image."""
    area = channels.shape[0] * channels.shape[1]
    with warnings.catch_warnings():
        # the number of channels is not three, on purpose
        warnings.filterwarnings("ignore", message="Got image with third dimension")
        found: np.ndarray = felzenszwalb(
            channels,
            scale=scale * area,
            sigma=sigma,
            min_size=max(1, round(least_share * area)),
            channel_axis=2,
        )
    return found


def _joined(small: np.ndarray, channels: np.ndarray, cuts: _CutSettings) -> np.ndarray:
    """Join small regions that no cheap cut separates; return them renumbered, (H, W) uint8."""
    means, pairs = _means(small, channels), _neighbours(small)
    difference = ((means[pairs[:, 0]] - means[pairs[:, 1]]) ** 2).sum(axis=1)
    groups = normalised_cuts(
        len(means),
        pairs,
        np.exp(-difference / cuts.deviation),
        self_weight=cuts.self_weight,
        threshold=cuts.threshold,
    )
    return _renumbered(groups[small])


def normalised_cuts(
    n_nodes: int, pairs: np.ndarray, weights: np.ndarray, *, self_weight: float, threshold: float
) -> np.ndarray:
    """Partition a graph in two, and each part again, as long as a cut is cheap.

    The cost of a cut is the weight of the edges it removes, as a share of all the weight at the nodes of
    one part, plus the same for the other part.

    Args:
        n_nodes: Number of nodes.
        pairs: (n, 2) nodes of each edge, each pair once.
        weights: (n,) weight of each edge, >= 0.
        self_weight: Weight from each node to itself, > 0; a greater one makes cuts cheaper.
        threshold: Cost in [0, 2] from which cuts are rejected.

    Returns:
        (n_nodes,) int64, the part of each node.

    Source: Shi and Malik 2000.
    """
    matrix = np.zeros((n_nodes, n_nodes))
    matrix[pairs[:, 0], pairs[:, 1]] = matrix[pairs[:, 1], pairs[:, 0]] = weights
    matrix[np.arange(n_nodes), np.arange(n_nodes)] = self_weight
    part = np.zeros(n_nodes, dtype=np.int64)
    waiting, n_parts = [np.arange(n_nodes)], 0
    while waiting:
        nodes = waiting.pop()
        is_first = _cheapest_cut(matrix[nodes[:, None], nodes], threshold) if len(nodes) > 1 else None
        if is_first is None:
            part[nodes] = n_parts
            n_parts += 1
        else:
            waiting += [nodes[is_first], nodes[~is_first]]
    return part


def _cheapest_cut(weights: np.ndarray, threshold: float) -> np.ndarray | None:
    """Return which of two or more nodes lie on one side of the best cut; None if it costs too much."""
    degree = weights.sum(axis=1)
    if len(weights) == 2:
        cost = weights[0, 1] / degree[0] + weights[0, 1] / degree[1]
        return np.array([True, False]) if cost < threshold else None
    root = np.sqrt(degree)
    products, total = root[:, None] * root, degree.sum()
    similarity = weights / products
    # the first eigenvector is known: the root of the degrees, with value 1. Shifted to -1 it is the last,
    # and the second comes first, also if a graph in two pieces has the value 1 twice
    similarity -= (2.0 / total) * products
    size = len(weights)
    _, vectors, n_found, _, info = lapack.dsyevr(similarity, range="I", il=size, iu=size)
    if info == 0 and n_found == 1:
        vector = vectors[:, 0] / root
    else:
        # for a graph that is almost disconnected LAPACK may return none, without an error
        vector = np.linalg.eigh(similarity)[1][:, -1] / root
    low, high = vector.min(), vector.max()
    sides = vector > (low + (high - low) * _CUT_PLACES)[:, None]
    severed = ((sides @ weights) * ~sides).sum(axis=1)
    first = sides @ degree
    costs = severed / first + severed / (total - first)
    best = int(np.argmin(costs))
    return sides[best] if costs[best] < threshold else None


def _means(regions: np.ndarray, channels: np.ndarray) -> np.ndarray:
    """Return the mean of every channel over every region, (regions, channels) float64."""
    flat = regions.ravel()
    counts = np.bincount(flat)
    sums = [np.bincount(flat, weights=channels[..., k].ravel()) for k in range(channels.shape[-1])]
    return np.stack(sums, axis=1) / counts[:, None]


def _neighbours(regions: np.ndarray) -> np.ndarray:
    """Return the pairs of regions that touch, (n, 2) int64, each once, smaller id first."""
    count = int(regions.max()) + 1
    touches = np.zeros((count, count), dtype=bool)
    for a, b in ((regions[1:], regions[:-1]), (regions[:, 1:], regions[:, :-1])):
        touches[np.minimum(a, b), np.maximum(a, b)] = True
    np.fill_diagonal(touches, False)
    return np.argwhere(touches)


def _renumbered(regions: np.ndarray) -> np.ndarray:
    """Number regions by their first pixel; those from 255 share the last id."""
    flat = regions.ravel()
    first = np.full(int(flat.max()) + 1, len(flat))  # unused ids come last
    first[flat[::-1]] = np.arange(len(flat))[::-1]  # of indices written twice the last remains
    rank = np.empty(len(first), dtype=np.int64)
    rank[np.argsort(first, kind="stable")] = np.arange(len(first))
    return np.minimum(rank, _GREATEST_ID).astype(np.uint8)[regions]
