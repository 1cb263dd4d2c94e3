"""A stack computes and trains what each readout would alone."""

import copy

import numpy as np
import pytest
import torch
from tests.core.readouts.conftest import NAMES, TRAINING

from taskonomy_kedro.core.networks.readout import make_readout
from taskonomy_kedro.core.networks.settings import NetworkSettings
from taskonomy_kedro.core.readouts import stack_scoring, stack_work
from taskonomy_kedro.core.readouts.cells import draw_pixels
from taskonomy_kedro.core.readouts.stack import ReadoutStack
from taskonomy_kedro.core.readouts.stack_work import StackWork
from taskonomy_kedro.core.readouts.stacked_layers import StackedLayers
from taskonomy_kedro.core.tasks import TASKS
from taskonomy_kedro.core.training.inference import item_losses
from taskonomy_kedro.core.training.loop import train
from taskonomy_kedro.core.training.network_learner import NetworkLearner
from taskonomy_kedro.core.training.settings import TrainingSettings
from taskonomy_kedro.core.training.task_dataset import TaskBatch

SETTINGS: dict = {"decoder_width": 8, "hidden": 8, "dropout": 0.0}  # dropout differs at each step
# Float32 sums in another order; through six steps of Adam differences grow tenfold at most.
ONE_PASS, SIX_STEPS = 1e-4, 2e-3


def made(name: str, n_sources: int, stride: int = 8) -> list:
    task = TASKS[name]
    return [
        make_readout(
            NetworkSettings(**SETTINGS, stride=stride), task, n_sources=n_sources, image_size=32,
            generator=torch.Generator().manual_seed(seed),
        )
        for seed in range(3)
    ]  # fmt: skip


@pytest.mark.parametrize("is_training", [True, False])
@pytest.mark.parametrize("n_sources", [1, 2])
@pytest.mark.parametrize(
    ("name", "stride"),
    [
        ("normal", 8),
        ("segment_semantic", 8),
        ("segment_unsup2d", 8),
        ("fixated_pose", 8),
        ("nonfixated_pose", 8),
        ("egomotion", 8),
        ("colorization", 8),
        ("normal", 4),
        ("segment_semantic", 4),
        ("fixated_pose", 4),
        ("colorization", 4),
    ],
)
def test_outputs_and_statistics_are_those_of_each_readout_alone(name, stride, n_sources, is_training):
    alone = made(name, n_sources, stride)
    cells = 32 // stride
    for readout in alone:
        for key, value in readout.named_parameters():
            if key.endswith("constant.places"):
                torch.nn.init.normal_(value)
    stack = ReadoutStack([copy.deepcopy(readout) for readout in alone], torch.device("cpu"))
    codes = torch.randn(3, 6, TASKS[name].reads.n_inputs, 8 * n_sources, cells, cells)
    together = stack.outputs(codes.movedim(0, 2).flatten(2, 3), is_training=is_training)
    wanted = torch.stack([readout.train(is_training)(x) for readout, x in zip(alone, codes, strict=True)])
    if stack.can_choose_pixels:
        by_cell = wanted.unflatten(4, (cells, stride)).unflatten(3, (cells, stride)).transpose(4, 5)
        wanted = by_cell.flatten(3)[..., None]
    torch.testing.assert_close(together, wanted, rtol=ONE_PASS, atol=ONE_PASS)
    for number, readout in enumerate(alone):
        for key, value in readout.state_dict().items():
            if "running" in key:
                torch.testing.assert_close(stack.weights()[key][number], value, rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize("name", ["normal", "segment_semantic", "segment_unsup2d"])
def test_drawn_pixels_are_those_of_the_whole_map(name):
    readouts = made(name, 1)
    constant = torch.randn_like(readouts[0].decoder.constant.places)
    for readout in readouts:  # the same for all, as the average guess is
        readout.decoder.constant.places.data.copy_(constant)
    stack = ReadoutStack(readouts, torch.device("cpu"))
    codes = torch.randn(5, 1, 24, 4, 4)
    drawn = draw_pixels(5, 16, 8, cells=3, pixels=20, generator=torch.Generator().manual_seed(0))
    whole = stack.outputs(codes)[..., 0].unflatten(3, (16, 64))
    some = stack.outputs(codes, drawn)[..., 0]
    for item in range(5):
        wanted = whole[:, item][:, :, drawn.cells[item]].flatten(2)[:, :, drawn.within[item]]
        torch.testing.assert_close(some[:, item], wanted)


@pytest.mark.parametrize("name", ["fixated_pose", "egomotion", "room_layout"])
def test_dropout_is_the_same_for_each_readout_and_differs_at_each_step(name):
    readout = make_readout(
        NetworkSettings(**{**SETTINGS, "dropout": 0.5}), TASKS[name], n_sources=1, image_size=32,
        generator=torch.Generator().manual_seed(0),
    )  # fmt: skip
    stack = ReadoutStack([copy.deepcopy(readout) for _ in range(2)], torch.device("cpu"))
    codes = torch.randn(5, TASKS[name].reads.n_inputs, 8, 4, 4).repeat(1, 1, 2, 1, 1)
    first, again, other = (
        stack.outputs(codes, is_training=True, dropping=seed).detach() for seed in (1, 1, 2)
    )
    torch.testing.assert_close(first[0], first[1])
    torch.testing.assert_close(first, again)
    assert not torch.allclose(first, other, atol=1e-3)
    torch.testing.assert_close(stack.outputs(codes, dropping=1), stack.outputs(codes, dropping=2))


def test_dropout_scales_the_remaining_numbers():
    generator = torch.Generator().manual_seed(0)
    layers = StackedLayers(size=3, weights={}, is_training=True, generator=generator)
    left = layers.drop(torch.ones(3, 50, 40), 0.2)
    torch.testing.assert_close(left.unique(), torch.tensor([0, 1.25]))
    assert (left == 0).float().mean() == pytest.approx(0.2, abs=0.03)


class AloneItems:
    """Items with the representations by one source, as a plain network takes them."""

    def __init__(self, items, sources, split, members) -> None:
        self.items, self.sources, self.split, self.members = items, sources, split, members

    def __len__(self) -> int:
        return len(self.items)

    def batch(self, rows, draw=0) -> TaskBatch:
        codes = self.sources.batch(self.split, self.items.image_rows[rows], [self.members])
        ids = [self.items.item_ids[row] for row in rows]
        return TaskBatch(pictures=codes, target=self.items.targets(rows, draw), item_ids=ids)


@pytest.mark.parametrize("target", ["normal", "segment_unsup2d", "class_scene", "fixated_pose"])
def test_readouts_trained_together_are_those_trained_one_by_one(transfers, target):
    """The same as a plain network each, with the same seeds, early stop and best weights."""
    schedule = {**TRAINING, "patience": 1, "weight_decay": 0.01, "gradient_clip": 0.5}
    modeling = transfers.modeling(target, dropout=0.0, training=schedule)
    together = transfers.first(target, dropout=0.0, training=schedule)
    sources, inner = transfers.sources(), modeling.modeling
    items = {name: modeling.items(transfers.splits, name) for name in transfers.splits}
    work = StackWork(modeling, sources, items, transfers.guess(target))
    for facts, values in zip(together.outcome["facts"], together.values, strict=True):
        members = tuple(facts["sources"])
        readout = work._readout(members)
        if target == "segment_unsup2d":  # its constant map stays at the average guess
            readout.decoder.constant.places.requires_grad_(False)
        of = {name: AloneItems(items[name], sources, name, members) for name in items}
        learner = NetworkLearner(
            readout,
            modeling.task,
            of["transfer"],
            of["validation"],
            constants=inner.constants,
            compute=inner.compute,
        )
        (outcome,) = train(
            learner,
            TrainingSettings(**schedule),
            compute=inner.compute,
            seed=modeling.settings.seed,
            purpose=("readout", target),
        )
        assert (facts["best_step"], facts["steps"]) == (outcome.best_step, outcome.steps)
        assert facts["best_validation"] == pytest.approx(outcome.best_validation, rel=SIX_STEPS)
        alone = item_losses(
            readout, modeling.task, of["test"], constants=inner.constants, compute=inner.compute
        )
        np.testing.assert_allclose(values, alone, rtol=5 * SIX_STEPS, atol=1e-4)


# Outputs at a time, so few that a stack of four scores 14 items in other batches than one of three.
SCORED = {
    "normal": 2**12,
    "room_layout": 2**21,
    "segment_semantic": 2**15,
    "segment_unsup2d": 2**18,
    "segment_unsup25d": 2**18,
}
DRAWN = {"training_cells": 4, "training_pixels": 20}


def check_same_readouts(some, others) -> None:
    """Check that another product has the same readouts: losses, curves, best steps, ranking."""
    rows = [others.transfer_ids.index(name) for name in some.transfer_ids]
    np.testing.assert_allclose(some.values, others.values[rows], rtol=SIX_STEPS, atol=1e-5)
    for fact, row in zip(some.outcome["facts"], rows, strict=True):
        other = others.outcome["facts"][row]
        np.testing.assert_allclose(fact["curve"], other["curve"], rtol=SIX_STEPS)
        assert fact["best_step"] == other["best_step"]
    able = some.outcome["ranking"]
    assert able == [name for name in others.outcome["ranking"] if name in able]


@pytest.mark.parametrize("target", SCORED)
def test_a_split_stack_gives_the_same_readouts(transfers, monkeypatch, target):
    monkeypatch.setattr(stack_scoring, "_SCORED", SCORED[target])
    whole = transfers.first(target, **DRAWN)
    parts = transfers.first(target, **DRAWN, stack_size=3)
    assert parts.transfer_ids == whole.transfer_ids
    check_same_readouts(parts, whole)


def test_a_stack_that_memory_does_not_hold_is_halved(transfers, monkeypatch, caplog):
    whole = transfers.first("room_layout")
    caplog.set_level("INFO")

    class Small(ReadoutStack):
        def __init__(self, given, device):
            if len(given) > 2:
                raise RuntimeError(
                    "DefaultCPUAllocator: can't allocate memory: you tried to allocate 1 bytes"
                )
            super().__init__(given, device)

    monkeypatch.setattr(stack_work, "ReadoutStack", Small)
    parts = transfers.first("room_layout")
    np.testing.assert_allclose(parts.values, whole.values, rtol=SIX_STEPS, atol=1e-5)
    assert "memory does not suffice for 4 readouts together: training two halves" in caplog.text


def test_other_errors_are_raised(transfers, monkeypatch):
    monkeypatch.setattr(stack_work, "StackLearner", lambda *_, **__: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        transfers.first("room_layout")


def test_one_more_source_leaves_the_other_readouts_unchanged(transfers):
    few = transfers.first("room_layout", NAMES[:3], **DRAWN)
    check_same_readouts(few, transfers.first("room_layout", **DRAWN))


def test_the_same_seed_gives_the_same_bytes_and_another_seed_other_ones(transfers):
    first, again = (transfers.first("fixated_pose") for _ in range(2))
    assert again.values.tobytes() == first.values.tobytes()
    assert again.outcome["content"] == first.outcome["content"]
    assert transfers.first("fixated_pose", seed=1).values.tobytes() != first.values.tobytes()
