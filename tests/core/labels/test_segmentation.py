import numpy as np
import pytest
from scipy import ndimage

from taskonomy_kedro.core.labels.segmentation import color_regions, normalised_cuts, surface_regions

FOV = 1.0


def quarters(size):
    """Four plain colours with a little texture, and the region each pixel belongs to."""
    half = size // 2
    truth = np.zeros((size, size), dtype=int)
    truth[:half, half:], truth[half:, :half], truth[half:, half:] = 1, 2, 3
    colors = np.array([[200, 60, 60], [60, 200, 60], [60, 60, 200], [210, 210, 210]])
    grain = np.random.default_rng(0).integers(-4, 5, (size, size, 3))
    return (colors[truth] + grain).astype(np.uint8), truth


def is_same_partition(first, second):
    pairs = np.unique(np.stack([first.ravel(), second.ravel()]), axis=1).shape[1]
    return pairs == len(np.unique(first)) == len(np.unique(second))


@pytest.mark.parametrize("size", [64, 128, 132, 256, 260])
def test_four_colors_are_four_regions(size):
    rgb, truth = quarters(size)
    found = color_regions(rgb)
    assert found.shape == (size, size)
    assert found.dtype == np.uint8
    inside = np.ones((size, size), bool)  # the smoothed borders may fall to either side
    for border in (0, size // 2, size):
        inside[max(0, border - size // 16) : border + size // 16] = False
        inside[:, max(0, border - size // 16) : border + size // 16] = False
    assert is_same_partition(found[inside], truth[inside])


def test_regions_are_numbered_by_their_first_pixel():
    found = color_regions(quarters(64)[0])
    first = [int(np.flatnonzero(found.ravel() == k)[0]) for k in range(found.max() + 1)]
    assert first == sorted(first)
    assert found[0, 0] == 0


def test_brightness_and_mirroring_do_not_change_the_regions():
    rgb, _ = quarters(64)
    plain = color_regions(rgb)
    core = np.s_[8:24, 8:24], np.s_[8:24, 40:56], np.s_[40:56, 8:24], np.s_[40:56, 40:56]
    brighter = color_regions((rgb * 1.1).clip(0, 255).astype(np.uint8))
    mirrored = color_regions(rgb[:, ::-1])[:, ::-1]
    for other in (brighter, mirrored):
        for place in core:
            assert len(np.unique(plain[place])) == len(np.unique(other[place])) == 1


def table_before_wall(size):
    """A wall at 3 m and before it a parallel board at 1.5 m, above a slanted floor."""
    slope = np.tan(FOV / 2) * ((np.arange(size) + 0.5) * 2 / size - 1)
    depth = np.full((size, size), 3.0, dtype=np.float32)
    normal = np.zeros((size, size, 3), dtype=np.float32)
    normal[..., 2] = 1.0
    truth = np.zeros((size, size), dtype=int)
    rows = slope > 0.25
    depth[rows] = (0.75 / slope[rows])[:, None]
    normal[rows], truth[rows] = (0.0, 1.0, 0.0), 1
    board = np.s_[size // 4 : size // 2, size // 4 : 3 * size // 4]
    depth[board], truth[board] = 1.5, 2
    return depth, normal, truth


@pytest.mark.parametrize("size", [64, 128, 256])
def test_parallel_surfaces_are_separated_and_a_slanted_floor_is_one_region(size):
    depth, normal, truth = table_before_wall(size)
    found = surface_regions(depth, normal, FOV)
    # images over 128 pixels are thinned out: borders may lie a pixel aside
    inside = truth == ndimage.minimum_filter(truth, 3) if size > 128 else np.ones_like(truth, bool)
    inside &= truth == ndimage.maximum_filter(truth, 3) if size > 128 else True
    assert is_same_partition(found[inside], truth[inside])


def test_color_does_not_matter_and_the_sky_is_a_region():
    depth, normal, truth = table_before_wall(64)
    depth[:10], normal[:10], truth[:10] = np.inf, 0.0, 3
    found = surface_regions(depth, normal, FOV)
    assert is_same_partition(found, truth)


def test_a_cut_is_made_at_the_weak_link_if_it_is_cheap():
    # two triangles joined by a link of weight w: cutting costs 2 w / (8 + w), with self weights of 2
    pairs = np.array([[0, 1], [0, 2], [1, 2], [3, 4], [3, 5], [4, 5], [2, 3]])
    for weight, n_parts in ((0.01, 2), (1.0, 1)):
        weights = np.array([1.0] * 6 + [weight])
        part = normalised_cuts(6, pairs, weights, self_weight=2.0, threshold=0.1)
        assert len(np.unique(part)) == n_parts
    part = normalised_cuts(6, pairs, np.array([1.0] * 6 + [0.01]), self_weight=2.0, threshold=0.1)
    assert part[0] == part[1] == part[2] != part[3] == part[4] == part[5]


def test_the_cost_of_a_cut_is_the_one_of_the_definition():
    pairs = np.array([[0, 1], [0, 2], [1, 2], [3, 4], [3, 5], [4, 5], [2, 3]])
    weights = np.array([1.0] * 6 + [0.5])
    # each side: 3 links counted from both ends, 3 self weights of 2, half of a link: 12.5
    cost = 2 * 0.5 / 12.5
    for threshold, n_parts in ((cost * 0.99, 1), (cost * 1.01, 2)):
        part = normalised_cuts(6, pairs, weights, self_weight=2.0, threshold=threshold)
        assert len(np.unique(part)) == n_parts


def test_a_graph_of_one_node_or_of_two_without_an_edge():
    assert normalised_cuts(
        1, np.empty((0, 2), int), np.empty(0), self_weight=1.0, threshold=0.1
    ).tolist() == [0]
    two = normalised_cuts(2, np.array([[0, 1]]), np.array([1e-9]), self_weight=1.0, threshold=0.1)
    assert two[0] != two[1]


def test_a_disconnected_graph_is_cut_into_its_components():
    pairs = np.array([[0, 1], [2, 3], [4, 5]])
    part = normalised_cuts(6, pairs, np.ones(3), self_weight=1.0, threshold=0.01)
    assert sorted(map(tuple, np.unique(part, return_inverse=True)[1].reshape(3, 2))) == [
        (0, 0),
        (1, 1),
        (2, 2),
    ]


def test_similar_connected_nodes_stay_together():
    pairs = np.array([(a, b) for a in range(6) for b in range(a)])
    assert (normalised_cuts(6, pairs, np.ones(15), self_weight=1.0, threshold=0.3) == 0).all()
