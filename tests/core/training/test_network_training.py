"""The steps of one task: trained, diverged, interrupted."""

import json
from dataclasses import replace

import numpy as np
import pytest
import torch
from tests.small_models import SCHEDULE, Workshop

from taskonomy_kedro.core.hashing import weights_hash
from taskonomy_kedro.core.tasks import TASKS
from taskonomy_kedro.core.training import network_training
from taskonomy_kedro.core.training.checkpoint import CheckpointFile
from taskonomy_kedro.core.training.network_training import guess_average, train_task_network
from taskonomy_kedro.core.training.products import TrainedNetwork


@pytest.fixture
def workshop(small_splits, tmp_path) -> Workshop:
    return Workshop(small_splits, tmp_path)


def test_other_tasks_and_their_order_leave_a_networks_bytes_unchanged(small_splits, tmp_path):
    orders = [["normal", "room_layout"], ["egomotion", "room_layout", "jigsaw", "normal"]]
    made = []
    for number, order in enumerate(orders):
        workshop = Workshop(small_splits, tmp_path / str(number))
        made.append({task: workshop.network(task) for task in order})
    for task in ("normal", "room_layout"):
        first, second = (weights_hash(each[task].weights) for each in made)
        assert first == second == made[0][task].content


def test_a_network_starts_at_its_average_guess(workshop):
    """Even one that has hardly learned is about as good."""
    slow = {**SCHEDULE, "steps": 1, "learning_rates": [[0, 1e-9]]}
    losses = workshop.losses("normal", training=slow, readout=slow)
    assert losses.outcome["loss"] == pytest.approx(losses.outcome["average_guess_loss"], rel=0.05)
    assert losses.outcome["random_readout_loss"] == pytest.approx(losses.outcome["loss"], rel=0.05)


def test_the_outcome_tells_how_it_was_trained(workshop):
    outcome = workshop.train("normal").outcome
    assert [point["step"] for point in outcome["curve"]] == [2, 4]
    assert outcome["steps"] == 4
    assert outcome["best_validation"] == min(point["validation"] for point in outcome["curve"])
    assert outcome["device"] == "cpu, 1 thread"
    assert outcome["precision"] == "float32"
    assert outcome["images_per_second"] > 0
    assert outcome["peak_memory_bytes"] > 10**7
    json.dumps(outcome)


def test_the_random_projection_is_never_trained(workshop):
    product = workshop.train("random_projection")
    first = workshop.modeling("random_projection").network(workshop.splits["train"]).state_dict()
    assert all(name.startswith("encoder.") for name in product.weights)
    assert weights_hash(product.weights) == weights_hash(first)
    assert "curve" not in product.outcome


DIVERGING = {**SCHEDULE, "learning_rates": [[0, 1e30]], "steps": 8}


def test_a_network_that_diverges_is_named_and_so_is_what_needs_it(workshop, caplog):
    product = workshop.train("normal", training=DIVERGING)
    assert product.failure.startswith("the training loss was ")
    assert "at step" in product.failure
    assert not product.weights
    assert "the network of normal failed: the training loss was" in caplog.text
    kept = workshop.keep("networks", product)
    assert kept.failure == product.failure
    losses = workshop.losses("normal", training=DIVERGING)
    assert losses.failure == product.failure
    assert workshop.representations("normal", kept).failure == product.failure


def test_an_interrupted_network_resumes_from_its_checkpoint(workshop):
    often = {**SCHEDULE, "checkpoint_every": 1}
    unbroken = Workshop(workshop.splits, workshop.folder / "unbroken").network("room_layout", training=often)

    def cut(done, total, images):
        if done == 3:
            raise KeyboardInterrupt

    guess, steps = workshop.guess("room_layout"), workshop.modeling("room_layout", training=often)
    arguments = (steps, workshop.splits["train"], workshop.splits["validation"], guess)
    checkpoint = CheckpointFile(workshop.folder / "checkpoint.pt")
    with pytest.raises(KeyboardInterrupt):
        train_task_network(*arguments, cut, checkpoint)
    assert checkpoint.path.exists()
    assert train_task_network(*arguments, checkpoint=checkpoint).content == unbroken.content


@pytest.mark.parametrize("task", ["normal", "colorization", "curvature"])
def test_a_network_can_be_trained_against_a_discriminator(workshop, task, monkeypatch):
    def small(picture_channels, map_channels, *, image_size):  # the real one needs 64 pixels
        return torch.nn.Conv2d(picture_channels + map_channels, 1, 3, stride=2)

    monkeypatch.setattr(network_training, "make_discriminator", small)
    opposed = {**SCHEDULE, "is_adversarial": True, "adversarial_from": 0}
    first, second = (workshop.train(task, training=opposed) for _ in range(2))
    assert not first.failure
    assert first.content == second.content != workshop.train(task).content


@pytest.mark.parametrize("size", [20, 36])
def test_an_image_size_that_cannot_be_halved_is_refused_before_anything_is_made(workshop, size, monkeypatch):
    train = replace(workshop.splits["train"])
    monkeypatch.setattr(type(train), "image_size", size)
    with pytest.raises(ValueError, match=f"data.image_size must be a multiple of 8 pixels, got {size}"):
        guess_average(workshop.modeling("normal"), train)


def test_a_split_without_items_is_named(workshop):
    bare = replace(workshop.splits["validation"], tuples={}, tuple_labels={})
    guess = workshop.guess("egomotion")
    with pytest.raises(
        ValueError, match="split 'validation' has no item for the task 'egomotion'.*leave the task out"
    ):
        train_task_network(workshop.modeling("egomotion"), workshop.splits["train"], bare, guess)


def test_every_task_can_be_trained_and_scored(workshop):
    """Shapes fit from labels to losses for all kinds of outputs."""
    for task in (
        "class_object",
        "jigsaw",
        "point_matching",
        "egomotion",
        "segment_unsup2d",
        "segment_semantic",
    ):
        losses = workshop.losses(task)
        assert not losses.failure
        assert np.isfinite(losses.outcome["loss"]), task
        assert losses.values.shape == (3, len(losses.item_ids))
        assert losses.outcome["n_items"] > 0


def test_global_random_state_is_left_alone(workshop):
    torch.manual_seed(5)
    before = torch.get_rng_state()
    product = workshop.train("room_layout")
    assert isinstance(product, TrainedNetwork)
    assert torch.equal(torch.get_rng_state(), before)
    assert TASKS["room_layout"].name == product.task


def test_a_discriminator_has_first_weights_of_its_own(workshop, monkeypatch):
    monkeypatch.setattr(
        network_training, "make_discriminator", lambda *channels, image_size: torch.nn.Conv2d(6, 1, 3)
    )
    split = workshop.splits["train"]
    first, same, other_task, other_seed = (
        weights_hash(
            network_training._discriminator(workshop.modeling(task, seed=seed), split).state_dict()[
                "discriminator"
            ]
        )
        for task, seed in (("normal", 0), ("normal", 0), ("reshading", 0), ("normal", 1))
    )
    assert first == same
    assert len({first, other_task, other_seed}) == 3
