import numpy as np
import pytest

from taskonomy_kedro.core.affinity import affinity_from_win_rates, play_tournament


def eigenvector_by_power_iteration(win_rates: np.ndarray) -> np.ndarray:
    """The textbook method, independent of both solvers under test: multiply and rescale until convergence."""
    clipped = np.clip(win_rates, 1e-3, 1 - 1e-3)
    ratios = clipped / clipped.T
    vector = np.full(len(ratios), 1 / len(ratios))
    for _ in range(1000):
        vector = ratios @ vector
        vector /= vector.sum()
    return vector


def random_win_rates(n: int, *, n_images: int = 60, seed: int = 0) -> np.ndarray:
    rng = np.random.default_rng(seed)
    losses = rng.random((n, n_images)) + rng.normal(scale=0.3, size=(n, 1))
    return play_tournament(losses, [str(i) for i in range(n)]).win_rates


def test_two_candidates_by_hand():
    # W' = [[1, 3], [1/3, 1]] has the eigenvector (3, 1) with eigenvalue 2
    affinity = affinity_from_win_rates(np.array([[0.5, 0.75], [0.25, 0.5]]))
    np.testing.assert_allclose(affinity, [0.75, 0.25], atol=1e-15)


def test_three_consistent_candidates_by_hand():
    # ratios 2 and 3 that multiply to 6: the eigenvector is (6, 3, 1) / 10
    strength = np.array([6.0, 3.0, 1.0])
    win_rates = strength[:, None] / (strength[:, None] + strength)
    np.testing.assert_allclose(affinity_from_win_rates(win_rates), strength / 10, atol=1e-14)


@pytest.mark.parametrize("n", [2, 3, 31, 32, 83, 300])
def test_agrees_with_power_iteration_on_both_sides_of_the_dense_size(n):
    win_rates = random_win_rates(n)
    affinity = affinity_from_win_rates(win_rates)
    np.testing.assert_allclose(affinity, eigenvector_by_power_iteration(win_rates), rtol=0, atol=1e-10)
    assert affinity.sum() == pytest.approx(1, abs=1e-12)
    assert (affinity > 0).all()


def test_clear_winners_give_the_published_degenerate_value():
    # Ten candidates that win everywhere among 37, as in the default set: 1 / (10 + 27 / 999)
    losses = np.vstack([np.zeros((10, 50)), np.ones((27, 50))])
    affinity = affinity_from_win_rates(play_tournament(losses, [str(i) for i in range(37)]).win_rates)
    np.testing.assert_allclose(affinity[:10], 0.09973, atol=5e-6)
    np.testing.assert_allclose(affinity[:10], 1 / (10 + 27 / 999), atol=1e-10)


def test_relabelling_candidates_relabels_affinities():
    win_rates = random_win_rates(40)
    order = np.random.default_rng(3).permutation(40)
    shuffled = affinity_from_win_rates(win_rates[np.ix_(order, order)])
    np.testing.assert_allclose(shuffled, affinity_from_win_rates(win_rates)[order], atol=1e-13)


def test_repeats_to_the_last_bit():
    win_rates = random_win_rates(83)
    assert affinity_from_win_rates(win_rates).tobytes() == affinity_from_win_rates(win_rates).tobytes()


@pytest.mark.parametrize(
    ("win_rates", "message"),
    [
        ([[0.5, 0.5]], r"square, got shape \(1, 2\)"),
        ([[0.5]], "at least two candidates"),
        ([[0.5, np.nan], [0.5, 0.5]], r"finite, got nan at \[0, 1\]"),
        ([[0.5, 0.7], [0.4, 0.5]], r"\[0, 1\] = 0.7 and \[1, 0\] = 0.4"),
    ],
)
def test_what_is_no_tournament_is_refused(win_rates, message):
    with pytest.raises(ValueError, match=message):
        affinity_from_win_rates(np.array(win_rates))


def test_the_floor_must_leave_room_for_a_winner():
    with pytest.raises(ValueError, match=r"floor must lie in \(0, 0.5\), got 0.5"):
        affinity_from_win_rates(np.full((2, 2), 0.5), floor=0.5)
