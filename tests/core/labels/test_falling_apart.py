import numpy as np
import pytest

from taskonomy_kedro.core.labels import segmentation
from taskonomy_kedro.core.labels.segmentation import normalised_cuts

# two chains of three nodes, joined by next to nothing
PAIRS = np.array([[0, 1], [1, 2], [3, 4], [4, 5], [2, 3]])


@pytest.mark.parametrize("bridge", [0.0, 1e-300, 1e-30, 1e-9])
@pytest.mark.parametrize("lapack_finds", [True, False])
def test_a_graph_that_falls_apart_is_parted_there(monkeypatch, bridge, lapack_finds):
    if not lapack_finds:  # as seen: no error, and no eigenvector
        nothing = lambda matrix, **_: (np.zeros(len(matrix)), np.zeros((len(matrix), 1)), 0, None, 0)  # noqa: E731
        monkeypatch.setattr(segmentation.lapack, "dsyevr", nothing)
    weights = np.array([1.0, 1.0, 1.0, 1.0, bridge])
    parts = normalised_cuts(6, PAIRS, weights, self_weight=1.0, threshold=0.05)
    assert len(set(parts[:3])) == len(set(parts[3:])) == 1
    assert parts[0] != parts[3]
