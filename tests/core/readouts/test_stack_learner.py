"""What readouts learn from, which pixels they compare, and where they start."""

from dataclasses import replace

import numpy as np
import pytest
import torch
from tests.core.readouts.conftest import TRAINING, Transfers

from taskonomy_kedro.core.readouts.readout_training import train_first_order, train_scratch
from taskonomy_kedro.core.readouts.stack import ReadoutStack
from taskonomy_kedro.core.readouts.stack_work import StackWork
from taskonomy_kedro.core.training.checkpoint import CheckpointFile

DRAWN = {"training_cells": 4, "training_pixels": 20}


def curve_of(product):
    """Return the validation curve of the first network of a product, and its losses on the test items."""
    return product.outcome["facts"][0]["curve"], product.values[0]


@pytest.mark.parametrize("step", ["first", "scratch"])
def test_networks_learn_from_transfer_and_stop_by_validation_and_the_test_has_no_influence(
    transfer_splits, tmp_path, step
):
    def made(**splits):
        return curve_of(getattr(Transfers({**transfer_splits, **splits}, tmp_path), step)("room_layout"))

    other = transfer_splits["train"]
    curve, losses = made()
    other_curve, other_losses = made(test=other)
    assert other_curve == curve
    assert not np.array_equal(other_losses, losses)
    other_curve, _ = made(validation=other)
    assert [point[1] for point in other_curve] != [point[1] for point in curve]
    other_curve, _ = made(transfer=other)
    assert [point[1] for point in other_curve] != [point[1] for point in curve]


def test_each_validation_compares_the_same_pixels_and_each_step_other_ones(transfers, monkeypatch):
    seen: dict[bool, list] = {True: [], False: []}
    outputs = ReadoutStack.outputs

    def noting(stack, codes, pixels=None, *, is_training=False, dropping=0):
        if pixels is not None and pixels.within is not None:
            cells = pixels.cells.repeat_interleave(64, dim=1).gather(1, pixels.within)
            seen[is_training].append(64 * cells + pixels.within % 64)
        return outputs(stack, codes, pixels, is_training=is_training, dropping=dropping)

    monkeypatch.setattr(ReadoutStack, "outputs", noting)
    transfers.first("segment_semantic", **DRAWN)
    n_validations = TRAINING["steps"] // TRAINING["validate_every"]
    validations = torch.cat(seen[False]).unflatten(0, (n_validations, -1))
    assert validations.shape[1:] == (len(transfers.splits["validation"]), 20)
    assert (validations == validations[:1]).all()
    assert len(validations[0].unique(dim=0)) == validations.shape[1]  # each image has pixels of its own
    steps = torch.stack(seen[True])
    assert len(steps.unique(dim=0)) == TRAINING["steps"]


def first_readout(transfers, modeling, guess):
    items = {name: modeling.items(transfers.splits, name) for name in transfers.splits}
    return StackWork(modeling, transfers.sources(), items, guess)._readout(("reshading",))


def untrained_scratch(transfers, modeling, guess):
    class BegunError(Exception):
        pass

    def begin(network, *_, **__):
        raise BegunError(network)

    modeling.modeling.train = begin
    with pytest.raises(BegunError) as begun:
        train_scratch(modeling, transfers.splits, guess)
    return begun.value.args[0].decoder


@pytest.mark.parametrize("made", [first_readout, untrained_scratch])
@pytest.mark.parametrize("target", ["normal", "segment_semantic", "room_layout", "fixated_pose"])
def test_readouts_and_scratch_networks_start_at_the_average_guess(transfers, target, made):
    modeling, guess = transfers.modeling(target), transfers.guess(target)
    guess = replace(guess, output=np.clip(guess.output + 0.2, -0.9, 0.9))  # at zero by no chance
    network = made(transfers, modeling, guess).eval()
    with torch.no_grad():  # representations that say nothing
        output = network(torch.zeros(1, modeling.task.reads.n_inputs, 8, 4, 4))
    np.testing.assert_allclose(output.numpy(), guess.output, atol=0.05)


class CutError(Exception):
    """The end of a process."""


def test_an_interrupted_order_resumes_to_the_same_bytes(transfers, tmp_path, caplog):
    """Two stacks, of three sources and of one, each of which is interrupted once."""
    caplog.set_level("INFO")
    settings = {"training": {**TRAINING, "checkpoint_every": 2}, "stack_size": 3, **DRAWN}
    whole = transfers.first("segment_semantic", **settings)
    steps = []

    def cut(done, *_):
        steps.append(done)
        if len(steps) in (5, 9):
            raise CutError

    def resumed():
        return train_first_order(
            transfers.modeling("segment_semantic", **settings),
            transfers.splits,
            transfers.sources(),
            transfers.guess("segment_semantic"),
            cut,
            CheckpointFile(tmp_path / "checkpoint.pt"),
        )

    for _ in range(2):
        with pytest.raises(CutError):
            resumed()
    assert resumed().values.tobytes() == whole.values.tobytes()
    # of the first stack the last two steps; of the second, its third step was lost
    assert steps == [1, 2, 3, 4, 5, 5, 6, 1, 2, 5, 6, 3, 4, 5, 6]
