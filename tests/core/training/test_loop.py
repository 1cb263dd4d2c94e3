import numpy as np
import pytest
import torch
from tests.core.training.toy import (
    COMPUTE,
    TASK,
    ToyItems,
    schedule,
    toy_network,
    toy_opponent,
    training,
)
from torch import nn

from taskonomy_kedro.core.training.inference import item_losses, outputs_of
from taskonomy_kedro.core.training.loop import DivergedError
from taskonomy_kedro.core.training.losses import LossConstants
from taskonomy_kedro.core.training.weights_hash import weights_hash


def rows_of(items: ToyItems) -> list[list[int]]:
    return [rows for rows, _ in items.asked]


def test_it_learns_and_is_left_with_the_best_weights():
    network = toy_network(dropout=0.0)
    validation = ToyItems(6, seed=1)
    outcome = training(network, schedule(steps=30), validation=validation).run()
    assert outcome.steps == 30
    assert [point.step for point in outcome.curve] == list(range(3, 31, 3))
    assert outcome.curve[-1].train < 0.7 * outcome.curve[0].train
    losses = item_losses(network, TASK, validation, constants=LossConstants(), compute=COMPUTE)
    assert losses.mean() == pytest.approx(outcome.best_validation, rel=1e-6)
    assert outcome.best_validation == min(point.validation for point in outcome.curve)
    assert outcome.images_per_second == pytest.approx(30 * 4 / outcome.seconds)


def test_weights_that_got_worse_are_not_kept():
    """A rate that jumps spoils what was reached: the weights from before the jump come back."""
    rates = [[0, 0.01], [9, 30.0]]
    network = toy_network(dropout=0.0)
    outcome = training(network, schedule(steps=15, learning_rates=rates)).run()
    early = toy_network(dropout=0.0)
    training(early, schedule(steps=9)).run()
    assert outcome.best_step == 9
    assert weights_hash(network.state_dict()) == weights_hash(early.state_dict())
    assert outcome.curve[-1].validation > outcome.best_validation


def test_patience_ends_a_training_that_gets_no_better():
    rates = [[0, 0.01], [6, 30.0]]
    outcome = training(toy_network(0.0), schedule(steps=300, learning_rates=rates, patience=2)).run()
    assert outcome.best_step == 6
    assert outcome.steps == 12


def test_the_last_step_is_looked_at_too():
    outcome = training(toy_network(), schedule(steps=7)).run()
    assert [point.step for point in outcome.curve] == [3, 6, 7]


def test_rates_warm_up_and_step_down():
    settings = schedule(steps=6, validate_every=1, learning_rates=[[0, 0.1], [4, 0.01]], warmup_steps=2)
    outcome = training(toy_network(), settings).run()
    assert [point.learning_rate for point in outcome.curve] == [0.05, 0.1, 0.1, 0.1, 0.01, 0.01]


def test_the_optimiser_uses_the_rate_of_the_step():
    """Adam's first step moves each weight by the rate, whatever the gradient is."""
    network = toy_network(dropout=0.0)
    before = network.last.weight.detach().clone()
    training(network, schedule(steps=1, learning_rates=[[0, 0.02]], warmup_steps=4)).run()
    moved = (network.last.weight.detach() - before).abs()
    torch.testing.assert_close(moved, torch.full_like(moved, 0.005), atol=1e-5, rtol=0)


def test_each_gradient_is_cut_by_its_own_norm(monkeypatch):
    seen = []
    whole = torch.optim.Adam.step

    def step(optimiser, *arguments, **options):
        for group in optimiser.param_groups:
            seen.extend(float(p.grad.norm()) for p in group["params"])
        return whole(optimiser, *arguments, **options)

    monkeypatch.setattr(torch.optim.Adam, "step", step)
    training(toy_network(), schedule(steps=1)).run()
    free = sorted(seen)
    seen.clear()
    limit = (free[2] + free[-1]) / 2
    training(toy_network(), schedule(steps=1, gradient_clip=limit)).run()
    np.testing.assert_allclose(sorted(seen), np.minimum(free, limit), rtol=1e-4)


def test_decay_is_on_weights_alone():
    network = toy_network()
    done = training(network, schedule(weight_decay=0.5))
    decayed = {id(p) for g in done._optimiser.param_groups if g["weight_decay"] == 0.5 for p in g["params"]}
    names = {name for name, p in network.named_parameters() if id(p) in decayed}
    assert names == {"first.weight", "last.weight"}  # not biases, normalisation or the map of places
    n_all = sum(len(group["params"]) for group in done._optimiser.param_groups)
    assert n_all == len(list(network.parameters()))


def test_decay_shrinks_weights():
    small, large = toy_network(0.0), toy_network(0.0)
    training(small, schedule(steps=12, weight_decay=10.0)).run()
    training(large, schedule(steps=12)).run()
    assert small.first.weight.norm() < large.first.weight.norm()


def test_every_item_comes_once_an_epoch_in_an_order_of_its_own():
    items = ToyItems(10)
    training(toy_network(), schedule(steps=15), items=items).run()
    order = [row for rows in rows_of(items) for row in rows]
    assert all(len(rows) == 4 for rows in rows_of(items))  # what an epoch leaves over opens the next
    epochs = [order[start : start + 10] for start in range(0, 60, 10)]
    assert all(sorted(epoch) == list(range(10)) for epoch in epochs)
    assert len({tuple(epoch) for epoch in epochs}) == 6
    assert [draw for _, draw in items.asked] == [1 + 4 * step // 10 for step in range(15)]


def test_a_batch_is_no_larger_than_the_items():
    items = ToyItems(3)
    training(toy_network(), schedule(steps=4), items=items).run()
    assert [sorted(rows) for rows in rows_of(items)] == [[0, 1, 2]] * 4


def test_order_depends_on_seed_and_purpose_alone():
    orders = []
    for changes in ({}, {}, {"seed": 1}, {"purpose": ("toy", "other")}):
        items = ToyItems(10)
        training(toy_network(), schedule(), items=items, **changes).run()
        orders.append(rows_of(items))
    assert orders[0] == orders[1]
    assert orders[2] != orders[0] != orders[3] != orders[2]


def test_the_same_seed_gives_the_same_bytes_whatever_else_was_drawn():
    hashes = []
    for global_seed, seed in ((1, 0), (2, 0), (1, 5)):
        torch.manual_seed(global_seed)
        network = toy_network()
        before = torch.get_rng_state()
        training(network, schedule(), seed=seed).run()
        assert torch.equal(torch.get_rng_state(), before)
        hashes.append(weights_hash(network.state_dict()))
    assert hashes[0] == hashes[1] != hashes[2]


@pytest.mark.parametrize("has_opponent", [False, True])
def test_a_loss_that_is_not_finite_names_its_step(has_opponent):
    calls = []

    def poisoned(rows):
        calls.append(rows)
        return len(calls) == 6

    opponent = {"opponent": toy_opponent()} if has_opponent else {}
    diverging = training(
        toy_network(), schedule(adversarial_from=2), items=ToyItems(10, poisoned=poisoned), **opponent
    )
    with pytest.raises(DivergedError, match="the training loss was nan at step 5"):
        diverging.run()
    assert len(calls) == 6


def test_a_validation_loss_that_is_not_finite_names_its_step():
    validation = ToyItems(6, poisoned=lambda rows: True)
    network = training(toy_network(), schedule(), validation=validation)
    # NaN labels of weight 1 make every loss NaN, as if nothing were known
    with pytest.raises(DivergedError, match="the validation loss was nan after step 3"):
        network.run()


def test_progress_is_told_after_each_step():
    told = []
    training(toy_network(), schedule(steps=3), on_progress=lambda *now: told.append(now)).run()
    assert [now[:2] for now in told] == [(1, 3), (2, 3), (3, 3)]


def test_the_opponent_counts_from_its_step_on():
    hashes = {}
    for name, start in (("never", 12), ("late", 6), ("always", 0)):
        network = toy_network()
        training(network, schedule(adversarial_from=start, validate_every=12), opponent=toy_opponent()).run()
        hashes[name] = weights_hash(network.state_dict())
    alone = toy_network()
    training(alone, schedule(validate_every=12)).run()
    assert hashes["never"] == weights_hash(alone.state_dict())
    assert len(set(hashes.values())) == 3


def test_threads_are_given_back():
    before = torch.get_num_threads()
    training(toy_network(), schedule(steps=1)).run()
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


def test_embeddings_are_put_out_at_the_compared_pixels_alone(items_of):
    from taskonomy_kedro.core.tasks import TASKS

    class Places(nn.Module):
        def forward(self, pictures, places=None):
            assert places is not None
            return torch.zeros(len(pictures), places.shape[1], 64)

    items = items_of(TASKS["segment_unsup2d"])
    losses = item_losses(
        Places(), TASKS["segment_unsup2d"], items, constants=LossConstants(), compute=COMPUTE
    )
    assert np.isfinite(losses).all()
