from types import SimpleNamespace

import numpy as np
import pytest
import torch

from taskonomy_kedro.core.labels.custom_tasks import custom_task
from taskonomy_kedro.core.tasks import TASKS
from taskonomy_kedro.core.training.batch_tensors import TargetTensors
from taskonomy_kedro.core.training.losses import (
    average_guess,
    batch_loss,
    class_shares,
    constants_of,
    cycle_norm,
    l1,
    loss,
    loss_terms,
    metric,
)
from taskonomy_kedro.core.training.task_dataset import n_outputs

# One task of each way to guess, masked and not.
GUESSED = [
    "autoencoding", "normal", "edge_occlusion", "curvature", "vanishing_point", "room_layout", "fixated_pose",
    "egomotion", "point_matching", "segment_semantic", "class_scene", "colorization", "jigsaw",
    "segment_unsup2d",
]  # fmt: skip


def guess_of(task, items, statistics, split, **changes):
    return average_guess(
        task, items, constants_of(task, statistics), n_outputs=n_outputs(task, split),
        generator=torch.Generator().manual_seed(0), **changes,
    )  # fmt: skip


class Given:
    """Items whose target is given."""

    def __init__(self, values, weights):
        self.values, self.weights = values, weights

    def __len__(self):
        return len(self.values)

    def targets(self, rows, draw=0):
        return TargetTensors(values=self.values[rows], weights=self.weights[rows])


def given_guess(kind, values, weights, loss="l1", **changes):
    # only the loss and the kind of label matter
    task = SimpleNamespace(name="given", loss=loss, label=SimpleNamespace(kind=kind))
    generator = torch.Generator().manual_seed(0)
    return average_guess(task, Given(values, weights), n_outputs=4, generator=generator, **changes)


@pytest.mark.parametrize("name", GUESSED)
def test_no_step_in_any_direction_makes_the_guess_better(name, items_of, statistics, split, monkeypatch):
    monkeypatch.setattr(class_shares, "_PRIOR_ITEMS", 1e-3)  # smoothing is for other images than these few
    task = TASKS[name]
    items = items_of(task)
    guess = guess_of(task, items, statistics, split)
    constants = constants_of(task, statistics)
    target = items.targets(np.arange(len(items)))

    def loss(output):
        return batch_loss(
            loss_terms(task, output.expand(len(items), *guess.shape[1:]), target, constants)
        ).item()

    best = loss(guess)
    generator = torch.Generator().manual_seed(1)
    # half precision, what is left of smoothing, and a few steps of Adam may leave this much
    slack = {"metric": 0.02, "cycle_norm": 1e-3, "soft_cross_entropy": 1e-3, "cross_entropy": 1e-3}.get(
        task.loss, 3e-5
    )
    for size in (0.02, 0.1, 0.5):
        for _ in range(3):
            step = size * torch.randn(guess.shape, generator=generator)
            assert loss(guess + step) > best - slack, size
        # along the whole map at once, where single pixels average out
        for step in (
            torch.full_like(guess, size),
            torch.full_like(guess, -size),
            -size * guess,
            size * guess,
        ):
            assert loss(guess + step) > best - slack, size
    assert best < loss(guess + torch.randn(guess.shape, generator=generator))


def test_fitted_embeddings_are_better_than_their_start_and_than_one_place(
    items_of, statistics, split, monkeypatch
):
    task = TASKS["segment_unsup25d"]
    items = items_of(task)
    target = items.targets(np.arange(len(items)))

    def loss(output):
        return batch_loss(loss_terms(task, output.expand(len(items), -1, -1, -1), target)).item()

    fitted = loss(guess_of(task, items, statistics, split))
    monkeypatch.setattr(metric, "_STEPS", 0)
    start = loss(guess_of(task, items, statistics, split))
    assert fitted < start < loss(torch.zeros(1, 64, 32, 32)) / 2


def test_fitted_poses_are_better_than_their_start(items_of, statistics, split, monkeypatch):
    task = TASKS["egomotion"]
    items = items_of(task)
    target, constants = items.targets(np.arange(len(items))), constants_of(task, statistics)

    def loss(output):
        return batch_loss(loss_terms(task, output.expand(len(items), -1), target, constants)).item()

    fitted = loss(guess_of(task, items, statistics, split))
    monkeypatch.setattr(cycle_norm, "_STEPS", 1)
    monkeypatch.setattr(cycle_norm, "_RATE", 0.0)
    assert fitted < loss(guess_of(task, items, statistics, split))


@pytest.mark.parametrize("name", GUESSED)
def test_guesses_repeat_and_have_the_shape_of_an_output(name, items_of, statistics, split):
    task = TASKS[name]
    items = items_of(task)
    one, two = (
        guess_of(task, items, statistics, split),
        guess_of(task, items.in_memory(10**9), statistics, split),
    )
    assert torch.equal(one, two)
    assert one.dtype == torch.float32
    assert not one.requires_grad
    side = {"color_bins": (8, 8)}.get(task.label.kind, (32, 32))
    places = side if task.label.kind.endswith(("_map", "_bins")) else ()
    assert one.shape == (1, n_outputs(task, split), *places)
    assert one.isfinite().all()


@pytest.mark.parametrize("n", [1, 2, 7, 300])
def test_medians_are_those_of_the_values_that_count(n):
    rng = np.random.default_rng(n)
    values = rng.normal(size=(n, 2, 5, 5)).astype(np.float32)
    weights = (rng.random((n, 1, 5, 5)) > 0.4).astype(np.float32)
    weights[:, :, 0, 0] = 0  # known nowhere
    guess = given_guess("regression_map", torch.from_numpy(values), torch.from_numpy(weights)).numpy()[0]
    masked = np.where(weights > 0, values, np.nan)
    is_known = (weights > 0).any(axis=0).repeat(2, axis=0)
    for c, y, x in np.argwhere(is_known):
        left = np.sort(masked[:, c, y, x][weights[:, 0, y, x] > 0])
        middle = left[(len(left) - 1) // 2]
        assert guess[c, y, x] == pytest.approx(middle, rel=1e-3)
    if is_known.any():
        np.testing.assert_allclose(guess[:, 0, 0], np.median(guess[is_known]))


def test_medians_of_two_thousand_images_are_exact_to_half_a_percent():
    rng = np.random.default_rng(0)
    pictures = rng.integers(0, 256, (2000, 3, 16, 16), dtype=np.uint8)
    values = torch.from_numpy(pictures).float() / 127.5 - 1
    guess = given_guess("regression_map", values, torch.ones(1).expand(2000, 1, 16, 16))
    exact = np.sort(values.numpy().reshape(2000, -1), axis=0)[999:1001].mean(axis=0)
    assert np.abs(guess.numpy().ravel() - exact).max() < 0.005 * 2  # of the range [-1, 1]


def test_means_by_hand():
    values = torch.tensor([[[[1.0, 5.0]]], [[[3.0, 7.0]]]])
    weights = torch.tensor([[[[1.0, 0.0]]], [[[1.0, 0.0]]]])
    # the second pixel is known nowhere: the mean of all that is known
    assert given_guess("regression_map", values, weights, "l2").flatten().tolist() == [2.0, 2.0]


def test_the_geometric_median_by_hand():
    corners = torch.tensor([[0.0, 0.0], [100.0, 0.0], [1.0, 1.0], [0.0, 1.0]])
    guess = given_guess("vector", corners, torch.ones(4), "norm")
    # Fermat point of a convex quadrilateral: where (0,0)-(1,1) and (100,0)-(0,1) meet
    np.testing.assert_allclose(guess[0], [1 / 1.01, 1 / 1.01], atol=1e-4)


def test_shares_of_classes_by_hand():
    guess = given_guess("class", torch.tensor([0, 1, 1, 1]), torch.tensor([1.0, 1, 1, 0]), "cross_entropy")
    np.testing.assert_allclose(guess[0].exp()[:2], [1 / 3, 2 / 3], atol=1e-4)
    assert 0 < guess[0].exp()[3] < 1e-5


def test_shares_of_a_map_are_of_each_pixel_with_a_little_of_all():
    values = torch.zeros(50, 1, 2, dtype=torch.int64)
    values[:, :, 1] = 2
    weights = torch.ones(50, 1, 2)
    weights[:, :, 1] = 3
    chances = given_guess("class_map", values, weights, "cross_entropy")[0].exp()
    # totals 50 of class 0 and 150 of class 2; a prior of one item: (50 + 150) / 50 / 2 = 2 a pixel
    np.testing.assert_allclose(chances[:, 0, 0], [50.5 / 52, 0, 1.5 / 52, 0], atol=1e-5)
    np.testing.assert_allclose(chances[:, 0, 1], [0.5 / 152, 0, 151.5 / 152, 0], atol=1e-5)
    assert (chances > 0).all()


def test_items_are_taken_evenly_up_to_a_limit_and_in_blocks(monkeypatch):
    values = torch.arange(101.0).reshape(101, 1, 1, 1)
    weights = torch.ones(101, 1, 1, 1)
    assert given_guess("regression_map", values, weights, max_items=3).item() == 50
    monkeypatch.setattr(loss, "_BLOCK", 7)
    assert given_guess("regression_map", values, weights).item() == 50
    assert given_guess("regression_map", values, weights, "l2").item() == 50
    monkeypatch.setattr(l1, "_MEDIAN_BYTES", 2 * 5)  # five values: 0, 25, 50, 75, 100
    assert given_guess("regression_map", values, weights).item() == 50


def test_a_vector_of_ones_own_is_guessed_by_its_median():
    task = custom_task("size", {"kind": "vector", "length": 3, "loss": "norm"})
    vectors = torch.tensor([[0.0, 0, 0], [1, 0, 0], [50, 0, 0]])
    items = Given(vectors, torch.ones(3))
    guess = average_guess(task, items, n_outputs=3, generator=torch.Generator())
    np.testing.assert_allclose(guess, [[1, 0, 0]], atol=1e-4)
