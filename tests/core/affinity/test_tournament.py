import numpy as np
import pytest

from taskonomy_kedro.core.affinity import play_tournament

NAN = np.nan


def test_counting_by_hand_with_ties_and_gaps():
    losses = np.array(
        [
            [1.0, 2.0, 3.0, NAN, 5.0],
            [1.0, 3.0, 2.0, 0.0, NAN],
            [0.0, NAN, 3.0, 1.0, 4.0],
        ]
    )
    tournament = play_tournament(losses, ["a", "b", "c"])
    # a against b: tie, win, loss on three images; a against c: loss, tie, loss; b against c: loss, win, win
    expected = np.array([[0.5, 0.5, 1 / 6], [0.5, 0.5, 2 / 3], [5 / 6, 1 / 3, 0.5]])
    np.testing.assert_allclose(tournament.win_rates, expected, atol=1e-15)
    np.testing.assert_array_equal(tournament.n_common, [[4, 3, 3], [3, 4, 3], [3, 3, 4]])


def test_agrees_with_the_plain_double_loop():
    rng = np.random.default_rng(0)
    losses = rng.integers(0, 5, size=(7, 5000)).astype(np.float32)
    losses[rng.random(losses.shape) < 0.1] = NAN
    win_rates = play_tournament(losses, [str(i) for i in range(7)]).win_rates
    for i in range(7):
        for j in range(7):
            both = ~np.isnan(losses[i]) & ~np.isnan(losses[j])
            a, b = losses[i, both], losses[j, both]
            assert win_rates[i, j] == np.mean((a < b) + 0.5 * (a == b))


def test_only_the_order_of_losses_matters():
    losses = np.random.default_rng(1).random((5, 200))
    labels = [str(i) for i in range(5)]
    stretched = np.exp(3 * losses)
    np.testing.assert_array_equal(
        play_tournament(losses, labels).win_rates, play_tournament(stretched, labels).win_rates
    )


def test_the_input_is_not_changed():
    losses = np.random.default_rng(1).random((3, 20))
    before = losses.copy()
    play_tournament(losses, ["a", "b", "c"])
    np.testing.assert_array_equal(losses, before)


@pytest.mark.parametrize(
    ("losses", "labels", "message"),
    [
        ([[1.0, 2.0]], ["a"], "at least two candidates"),
        ([[1.0, 2.0], [1.0, 2.0]], ["a"], r"1 candidates, got shape \(2, 2\)"),
        ([[1.0, NAN], [NAN, 1.0]], ["a", "b"], "'a' and 'b' have no image in common"),
        ([[1.0, np.inf], [1.0, 1.0]], ["a", "b"], "infinite ones for a"),
        ([[1.0, 1.0], [NAN, NAN]], ["a", "b"], "without a single loss: b"),
    ],
)
def test_what_cannot_be_compared_is_refused_by_name(losses, labels, message):
    with pytest.raises(ValueError, match=message):
        play_tournament(np.array(losses), labels)
