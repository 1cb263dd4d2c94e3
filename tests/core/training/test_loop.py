"""The training loop, on a single network and on a stack of three readouts."""

import numpy as np
import pytest
import torch
from tests.core.training.toy import (
    COMPUTE,
    LEARNERS,
    TASK,
    ToyItems,
    network_learner,
    schedule,
    stack_learner,
    toy_discriminator,
    toy_network,
    train_toy,
)
from torch import nn

from taskonomy_kedro.core.hashing import weights_hash
from taskonomy_kedro.core.tasks import TASKS
from taskonomy_kedro.core.training import loop
from taskonomy_kedro.core.training.inference import item_losses, outputs_of
from taskonomy_kedro.core.training.losses import LossConstants


@pytest.fixture(params=["network", "stack"])
def learner_of(request):
    """Return the function that builds the learner of one kind."""
    return getattr(LEARNERS, request.param)


def weights_of(learner) -> str:
    return weights_hash(learner.weights())


def rows_of(items: ToyItems) -> list[list[int]]:
    return [rows for rows, draw in items.asked if draw]


def test_every_network_learns_and_ends_with_its_best_weights(learner_of):
    learner = learner_of()
    outcomes = train_toy(learner, schedule(steps=30))
    for outcome, losses in zip(outcomes, learner.validation_losses(), strict=True):
        assert (outcome.steps, outcome.pictures, outcome.failure) == (30, 120, "")
        assert [point.step for point in outcome.curve] == list(range(3, 31, 3))
        assert outcome.curve[-1].train < 0.9 * outcome.curve[0].train
        assert losses.mean() == pytest.approx(outcome.best_validation, rel=1e-5)
        assert outcome.best_validation == min(point.validation for point in outcome.curve)
        assert outcome.images_per_second == pytest.approx(120 / outcome.seconds)


def test_weights_that_got_worse_are_dropped_and_patience_ends_the_training(learner_of):
    """A jump of the rate spoils the weights: those from before the jump return."""
    rates = [[0, 0.01], [3, 30.0]]
    learner, early = learner_of(), learner_of()
    outcomes = train_toy(learner, schedule(steps=300, learning_rates=rates, patience=2))
    train_toy(early, schedule(steps=3))
    assert {(outcome.best_step, outcome.steps) for outcome in outcomes} == {(3, 9)}
    assert weights_of(learner) == weights_of(early)
    assert all(outcome.curve[-1].validation > outcome.best_validation for outcome in outcomes)


def test_the_last_step_is_validated_too(learner_of):
    for outcome in train_toy(learner_of(), schedule(steps=7)):
        assert [point.step for point in outcome.curve] == [3, 6, 7]


def test_rates_warm_up_and_step_down(learner_of):
    settings = schedule(steps=6, validate_every=1, learning_rates=[[0, 0.1], [4, 0.01]], warmup_steps=2)
    for outcome in train_toy(learner_of(), settings):
        assert [point.learning_rate for point in outcome.curve] == [0.05, 0.1, 0.1, 0.1, 0.01, 0.01]


def test_the_optimiser_uses_the_rate_of_the_step():
    """Adam's first step moves each weight by the rate, whatever the gradient is."""
    network = toy_network(dropout=0.0)
    before = network.last.weight.detach().clone()
    train_toy(network_learner(network=network), schedule(steps=1, learning_rates=[[0, 0.02]], warmup_steps=4))
    moved = (network.last.weight.detach() - before).abs()
    torch.testing.assert_close(moved, torch.full_like(moved, 0.005), atol=1e-5, rtol=0)


def test_each_gradient_is_clipped_by_its_own_norm(monkeypatch, learner_of):
    seen = []
    whole = torch.optim.Adam.step
    axes = 0 if learner_of is network_learner else 1

    def step(optimiser, *arguments, **options):
        for group in optimiser.param_groups:
            for parameter in group["params"]:
                seen.extend(parameter.grad.flatten(axes).norm(dim=-1).flatten().tolist())
        return whole(optimiser, *arguments, **options)

    monkeypatch.setattr(torch.optim.Adam, "step", step)
    train_toy(learner_of(), schedule(steps=1))
    free = np.array(seen)
    seen.clear()
    limit = float(np.median(free))
    train_toy(learner_of(), schedule(steps=1, gradient_clip=limit))
    np.testing.assert_allclose(seen, np.minimum(free, limit), rtol=1e-4)


def test_decay_is_on_weights_alone(learner_of):
    decayed, free = learner_of().parameter_groups(0.5)
    assert (decayed["weight_decay"], free["weight_decay"]) == (0.5, 0.0)
    axes = 0 if learner_of is network_learner else 1
    assert all(parameter.ndim - axes in (2, 4) for parameter in decayed["params"])
    # biases, normalisation and positional biases
    assert all(parameter.ndim - axes == 1 or parameter.shape[axes] == 1 for parameter in free["params"])


def test_decay_shrinks_weights():
    small, large = toy_network(0.0), toy_network(0.0)
    train_toy(network_learner(network=small), schedule(steps=12, weight_decay=10.0))
    train_toy(network_learner(network=large), schedule(steps=12))
    assert small.first.weight.norm() < large.first.weight.norm()


def test_every_item_comes_once_an_epoch_in_an_order_of_its_own(learner_of):
    items = ToyItems(10)
    train_toy(learner_of(items=items), schedule(steps=15))
    order = [row for rows in rows_of(items) for row in rows]
    assert all(len(rows) == 4 for rows in rows_of(items))  # the rest of an epoch starts the next batch
    epochs = [order[start : start + 10] for start in range(0, 60, 10)]
    assert all(sorted(epoch) == list(range(10)) for epoch in epochs)
    assert len({tuple(epoch) for epoch in epochs}) == 6
    assert [draw for _, draw in items.asked] == [1 + 4 * step // 10 for step in range(15)]


def test_a_batch_is_no_larger_than_the_items(learner_of):
    items = ToyItems(3)
    train_toy(learner_of(items=items), schedule(steps=4))
    assert [sorted(rows) for rows in rows_of(items)] == [[0, 1, 2]] * 4


def test_order_depends_on_seed_and_purpose_alone(learner_of):
    orders = []
    for changes in ({}, {}, {"seed": 1}, {"purpose": ("toy", "other")}):
        items = ToyItems(10)
        train_toy(learner_of(items=items), schedule(), **changes)
        orders.append(rows_of(items))
    assert orders[0] == orders[1]
    assert orders[2] != orders[0] != orders[3] != orders[2]


def test_the_same_seed_gives_the_same_bytes_whatever_else_was_drawn(learner_of):
    hashes = []
    for global_seed, seed in ((1, 0), (2, 0), (1, 5)):
        torch.manual_seed(global_seed)
        learner = learner_of(seed=seed)
        before = torch.get_rng_state()
        train_toy(learner, schedule(), seed=seed)
        assert torch.equal(torch.get_rng_state(), before)
        hashes.append(weights_of(learner))
    assert hashes[0] == hashes[1] != hashes[2]


@pytest.mark.parametrize("checked_every", [1, 4])  # on a GPU, losses are read some steps late
@pytest.mark.parametrize("has_discriminator", [False, True])
def test_a_loss_that_is_not_finite_names_its_step(has_discriminator, checked_every, monkeypatch):
    calls = []

    def poisoned(rows):
        calls.append(rows)
        return len(calls) == 6

    learner = network_learner(
        items=ToyItems(10, poisoned=poisoned),
        discriminator=toy_discriminator() if has_discriminator else None,
        adversarial_from=2,
    )
    monkeypatch.setitem(loop._STEPS_A_CHECK, "cpu", checked_every)
    (outcome,) = train_toy(learner, schedule(validate_every=12))
    assert outcome.failure == "the training loss was nan at step 5"
    assert outcome.steps == 5
    assert len(calls) == (6 if checked_every == 1 else 8)


def test_late_checks_move_nothing_else(learner_of, monkeypatch):
    learner, late = learner_of(), learner_of()
    outcomes = train_toy(learner, schedule(patience=1))
    monkeypatch.setitem(loop._STEPS_A_CHECK, "cpu", 5)
    for one, other in zip(outcomes, train_toy(late, schedule(patience=1)), strict=True):
        assert (one.curve, one.steps, one.pictures) == (other.curve, other.steps, other.pictures)
    assert weights_of(learner) == weights_of(late)


def test_one_readout_fails_and_the_others_continue():
    whole, broken = stack_learner(), stack_learner()
    expected = train_toy(whole)
    with torch.no_grad():
        broken.weights()["transfer.normalise.bias"][1] = float("inf")
    outcomes = train_toy(broken)
    assert outcomes[1].failure == "the training loss was nan at step 0"
    assert (outcomes[1].steps, outcomes[1].curve) == (0, ())
    for number in (0, 2):
        assert outcomes[number].curve == expected[number].curve
        for name, value in whole.weights().items():
            assert torch.equal(value[number], broken.weights()[name][number])


def test_a_validation_loss_that_is_not_finite_names_its_step(learner_of):
    # NaN labels of weight 1 make every loss NaN, as if nothing were known
    learner = learner_of(validation=ToyItems(6, poisoned=lambda rows: True))
    for outcome in train_toy(learner):
        assert outcome.failure == "the validation loss was nan after step 3"


def test_progress_is_reported_after_each_step(learner_of):
    reported = []
    train_toy(learner_of(), schedule(steps=3), on_progress=lambda *now: reported.append(now))
    assert reported == [(1, 3, 4), (2, 3, 8), (3, 3, 12)]


def test_the_discriminator_counts_from_its_step_on():
    hashes = {}
    for name, start in (("never", 12), ("late", 6), ("always", 0)):
        learner = network_learner(discriminator=toy_discriminator(), adversarial_from=start)
        train_toy(learner, schedule(validate_every=12))
        hashes[name] = weights_of(learner)
    alone = network_learner()
    train_toy(alone, schedule(validate_every=12))
    assert hashes["never"] == weights_of(alone)
    assert len(set(hashes.values())) == 3


def test_the_number_of_threads_is_restored():
    before = torch.get_num_threads()
    train_toy(network_learner(), schedule(steps=1))
    assert torch.get_num_threads() == before


@pytest.mark.parametrize("batch_size", [1, 4, 6, 100])
def test_losses_of_items_do_not_depend_on_their_batch_and_repeat_exactly(batch_size):
    network, items = toy_network(), ToyItems(6)
    once, again = (
        item_losses(network, TASK, items, constants=LossConstants(), compute=COMPUTE, batch_size=batch_size)
        for _ in range(2)
    )
    np.testing.assert_array_equal(once, again)
    alone = item_losses(network, TASK, items, constants=LossConstants(), compute=COMPUTE)
    np.testing.assert_allclose(once, alone, rtol=1e-5)
    assert once.shape == (6,)
    assert once.dtype == np.float32
    assert all(draw == 0 for _, draw in items.asked)


def test_scoring_is_inference():
    network, items = toy_network(dropout=0.9), ToyItems(5)
    before = weights_hash(network.state_dict())
    for batch, output in outputs_of(network, items, compute=COMPUTE, batch_size=2):
        assert not output.requires_grad
        assert len(output) == len(batch.item_ids)
    assert weights_hash(network.state_dict()) == before  # running statistics included
    assert [rows for rows, _ in items.asked] == [[0, 1], [2, 3], [4]]


def test_embeddings_are_computed_at_the_compared_pixels_alone(items_of):
    class Places(nn.Module):
        def forward(self, pictures, places=None):
            assert places is not None
            return torch.zeros(len(pictures), places.shape[1], 64)

    items = items_of(TASKS["segment_unsup2d"])
    losses = item_losses(
        Places(), TASKS["segment_unsup2d"], items, constants=LossConstants(), compute=COMPUTE
    )
    assert np.isfinite(losses).all()
