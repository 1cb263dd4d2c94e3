"""The steps of one task: what is made, what is kept, what is made anew and why."""

import json
import logging
from dataclasses import replace

import numpy as np
import pytest
import torch
from tests.small_models import NETWORK, SCHEDULE, Workshop

from taskonomy_kedro.core.labels.statistics import LabelStatistics, Standardisation
from taskonomy_kedro.core.tasks import TASKS
from taskonomy_kedro.core.training import network_training, products
from taskonomy_kedro.core.training.network_training import guess_average, train_task_network
from taskonomy_kedro.core.training.products import TrainedNetwork
from taskonomy_kedro.core.training.weights_hash import weights_hash


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


def test_a_finished_network_is_pointed_to(workshop):
    first = workshop.network("normal")
    again = workshop.train("normal")
    assert again.is_kept
    assert not again.weights
    assert again.content == first.content
    before = {path: path.stat().st_mtime_ns for path in workshop.folder.rglob("*")}
    workshop.keep("networks", again)
    assert {path: path.stat().st_mtime_ns for path in workshop.folder.rglob("*")} == before


CHANGES = [
    ({"seed": 1}, "seed was 0, is 1"),
    ({"network": {**NETWORK, "width": 5}}, "network.width was 4, is 5"),
    ({"training": {**SCHEDULE, "steps": 5}}, "training.steps was 4, is 5"),
    ({"training": {**SCHEDULE, "learning_rates": [[0, 0.003], [2, 0.001]]}}, "training.learning_rates was"),
    ({"overrides": {"normal": {"batch_size": 5}}}, "training.batch_size was 4, is 5"),
]  # fmt: skip


@pytest.mark.parametrize(("changes", "told"), CHANGES)
def test_a_changed_setting_is_a_reason_and_is_told(workshop, changes, told, caplog):
    workshop.network("normal")
    caplog.set_level(logging.INFO)
    product = workshop.train("normal", **changes)
    assert not product.is_kept
    (line,) = [record.message for record in caplog.records if record.message.startswith("networks of")]
    assert line.startswith("networks of normal are made anew: ")
    assert told in line


@pytest.mark.parametrize(
    "changes",
    [
        {"tile_size": 32},
        {"training_pixels": 50},
        {"readout": {**SCHEDULE, "steps": 9}},
        {"overrides": {"curvature": {"steps": 9}}},
        {"compute": {"threads": 1, "precision": "float32", "memory_gb": 0.0}},
        {"tasks": ["normal"]},
    ],
)
def test_what_a_network_does_not_depend_on_leaves_it(workshop, changes):
    workshop.network("normal")
    assert workshop.train("normal", **changes).is_kept


def test_tiles_and_pixels_count_for_those_that_read_them(workshop):
    workshop.network("jigsaw")
    workshop.network("segment_unsup2d")
    assert not workshop.train("jigsaw", tile_size=24).is_kept
    assert workshop.train("jigsaw", training_pixels=50).is_kept
    assert not workshop.train("segment_unsup2d", training_pixels=50).is_kept
    assert workshop.train("segment_unsup2d", tile_size=24).is_kept


def changed(statistics: LabelStatistics, task: str) -> LabelStatistics:
    old = statistics.standardisation(task)
    new = Standardisation(mean=old.mean + 1, std=old.std)
    return replace(statistics, standardisations={**statistics.standardisations, task: new})


def test_statistics_of_a_task_count_for_it_alone(workshop, caplog):
    workshop.network("room_layout")
    other = changed(workshop.statistics, "curvature")
    assert workshop.train("room_layout", statistics=other).is_kept
    caplog.set_level(logging.INFO)
    product = workshop.train("room_layout", statistics=changed(workshop.statistics, "room_layout"))
    assert not product.is_kept
    assert "of room_layout are made anew: statistics was" in caplog.text


def test_other_data_code_or_labels_are_a_reason(workshop, monkeypatch, caplog):
    workshop.network("normal")
    caplog.set_level(logging.INFO)
    wanted = dict(workshop.train("normal").wanted)
    for key, other in (("code", "x"), ("data", {"train": "y"}), ("entry", "z"), ("guess", "w")):
        caplog.clear()
        assert workshop.finished.record_of("networks", "normal", {**wanted, key: other}) is None
        assert f"networks of normal are made anew: {key}" in caplog.text
    monkeypatch.setattr(products, "code_version", lambda folders: "another")
    assert not workshop.train("normal").is_kept


def test_a_missing_or_foreign_record_is_no_record(workshop):
    workshop.network("normal")
    wanted = workshop.train("normal").wanted
    record = workshop.folder / "networks" / "normal" / "record.json"
    for content in ("", "[1, 2]", '{"wanted": {}}'):
        record.write_text(content)
        assert workshop.finished.record_of("networks", "normal", wanted) is None
    record.unlink()
    assert workshop.finished.record_of("networks", "normal", wanted) is None


DIVERGING = {**SCHEDULE, "learning_rates": [[0, 1e30]], "steps": 8}


def test_a_network_that_diverges_is_named_and_tried_once_more(workshop, caplog):
    product = workshop.train("normal", training=DIVERGING)
    assert product.failure.startswith("the training loss was ")
    assert "at step" in product.failure
    assert not product.weights
    assert "the network of normal is left out: the training loss was" in caplog.text
    kept = workshop.keep("networks", product)
    assert kept.failure == product.failure
    caplog.set_level(logging.INFO)
    again = workshop.train("normal", training=DIVERGING)
    assert "networks of normal failed the last time: once more" in caplog.text
    assert again.failure == product.failure
    losses = workshop.losses("normal", training=DIVERGING)
    assert losses.failure == product.failure
    assert workshop.representations("normal", kept).failure == product.failure
    # other settings: another try
    assert not workshop.train("normal").failure


def test_a_checkpoint_goes_when_its_network_is_saved(workshop, monkeypatch):
    often = {**SCHEDULE, "checkpoint_every": 1}
    unbroken = Workshop(workshop.splits, workshop.folder / "unbroken").network("room_layout", training=often)

    def cut(done, total, images):
        if done == 3:
            raise KeyboardInterrupt

    guess, steps = workshop.guess("room_layout"), workshop.modeling("room_layout", training=often)
    arguments = (steps, workshop.splits["train"], workshop.splits["validation"], guess)
    with pytest.raises(KeyboardInterrupt):
        train_task_network(*arguments, cut)
    (left,) = (workshop.folder / "checkpoints").glob("network_room_layout_*.pt")
    network = workshop.keep("networks", train_task_network(*arguments))
    assert network.content == unbroken.content
    assert left.exists()  # as long as nothing tells that the network is safe
    workshop.representations("room_layout", network)
    assert not left.exists()


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
