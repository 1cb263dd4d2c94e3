"""A training that was cut goes on to the bytes of an unbroken one."""

import errno
import logging

import pytest
import torch
from tests.core.training.toy import schedule, toy_network, toy_opponent, training
from tests.refused_writes import refuse_writes

from taskonomy_kedro.core.preparation.disk import CannotWriteError
from taskonomy_kedro.core.training.checkpoint import CheckpointFile
from taskonomy_kedro.core.training.weights_hash import weights_hash

WANTED = {"steps": 12, "data": {"train": "abc"}}


class CutError(Exception):
    """The end of a process."""


def run(checkpoint, cut_at=None, *, has_opponent=False, **changes):
    """Train; return weights, opponent's weights and the outcome, or None where it was cut."""

    def on_progress(step, *_):
        if step == cut_at:
            raise CutError

    network, opponent = toy_network(), toy_opponent() if has_opponent else None
    settings = schedule(**{"checkpoint_every": 2, "adversarial_from": 3, **changes})
    once = training(network, settings, checkpoint=checkpoint, opponent=opponent, on_progress=on_progress)
    try:
        outcome = once.run()
    except CutError:
        return None
    judged = None if opponent is None else weights_hash(opponent.state_dict()["discriminator"])
    return weights_hash(network.state_dict()), judged, outcome


def file(tmp_path, **wanted) -> CheckpointFile:
    return CheckpointFile(tmp_path / "checkpoints" / "network_normal.pt", {**WANTED, **wanted})


@pytest.mark.parametrize("has_opponent", [False, True])
@pytest.mark.parametrize("cuts", [(1,), (5,), (6, 9), (11,)])
def test_a_cut_training_goes_on_to_the_same_bytes(tmp_path, cuts, has_opponent, caplog):
    unbroken = run(None, has_opponent=has_opponent)
    caplog.set_level(logging.INFO)
    for cut in cuts:
        assert run(file(tmp_path), cut, has_opponent=has_opponent) is None
    weights, judged, outcome = run(file(tmp_path), has_opponent=has_opponent)
    assert (weights, judged) == unbroken[:2]
    assert outcome.curve == unbroken[2].curve
    assert (outcome.best_step, outcome.steps) == (unbroken[2].best_step, unbroken[2].steps)
    told = [f"step {cut // 2 * 2}" for cut in cuts if cut > 1]
    assert [r.message.rsplit(", ")[-1] for r in caplog.records if "going on" in r.message] == told


def test_patience_is_remembered(tmp_path):
    """Looks without gain before the cut count after it."""
    rates = {"learning_rates": [[0, 0.01], [6, 30.0]], "patience": 3, "steps": 40}
    unbroken = run(None, **rates)
    run(file(tmp_path), 13, **rates)
    weights, _, outcome = run(file(tmp_path), **rates)
    assert outcome.steps == unbroken[2].steps == 15
    assert weights == unbroken[0]


def test_what_is_done_is_not_done_again(tmp_path):
    run(file(tmp_path), 9)
    steps = []
    again = training(
        toy_network(),
        schedule(checkpoint_every=2),
        checkpoint=file(tmp_path),
        on_progress=lambda done, *_: steps.append(done),
    )
    seconds = torch.load(file(tmp_path).path, weights_only=True)["content"]["state"]["seconds"]
    assert again.run().seconds > seconds > 0
    assert steps == [9, 10, 11, 12]


@pytest.mark.parametrize("damage", ["half", "empty", "other", "foreign"])
def test_a_damaged_checkpoint_begins_anew_and_says_so(tmp_path, caplog, damage):
    checkpoint = file(tmp_path)
    run(checkpoint, 5)
    content = checkpoint.path.read_bytes()
    if damage == "other":
        torch.save([1, 2], checkpoint.path)
    elif damage == "foreign":
        torch.save(schedule(), checkpoint.path)  # a class: not only tensors and plain values
    else:
        checkpoint.path.write_bytes(content[: len(content) // 2] if damage == "half" else b"")
    caplog.set_level(logging.INFO)
    assert run(checkpoint)[0] == run(None)[0]
    assert "begins anew" in caplog.text
    assert str(checkpoint.path) in caplog.text


def test_a_checkpoint_of_other_settings_is_not_gone_on_from(tmp_path, caplog):
    run(file(tmp_path, steps=99), 5)
    caplog.set_level(logging.INFO)
    assert run(file(tmp_path))[0] == run(None)[0]
    assert "is of other settings or data: the training begins anew" in caplog.text


def test_without_the_setting_nothing_is_kept(tmp_path):
    run(file(tmp_path), checkpoint_every=None)
    assert not file(tmp_path).path.exists()


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EACCES])
def test_a_full_disk_is_a_sentence_and_the_last_checkpoint_stays(tmp_path, monkeypatch, number):
    checkpoint = file(tmp_path)
    run(checkpoint, 3)
    before = checkpoint.path.read_bytes()
    with monkeypatch.context() as patch:
        refuse_writes(patch, checkpoint.path.name, number)
        with pytest.raises(CannotWriteError, match=f"cannot write {checkpoint.path} .*run again"):
            run(checkpoint)
    assert [path.name for path in checkpoint.path.parent.iterdir()] == [checkpoint.path.name]
    assert checkpoint.path.read_bytes() == before
    assert run(checkpoint)[0] == run(None)[0]


def test_a_stopped_write_keeps_the_last_checkpoint(tmp_path):
    checkpoint = file(tmp_path)
    run(checkpoint, 3)
    checkpoint.path.with_name(f".{checkpoint.path.name}.unfinished").write_bytes(b"half")
    assert run(checkpoint)[0] == run(None)[0]


def test_it_can_be_removed_twice(tmp_path):
    run(file(tmp_path), 5)
    file(tmp_path).remove()
    file(tmp_path).remove()
    assert not list(file(tmp_path).path.parent.iterdir())
