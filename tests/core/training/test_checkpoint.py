"""An interrupted training resumes to the bytes of an uninterrupted one, of a network and of a stack."""

import errno
import logging

import pytest
import torch
from tests.core.training.toy import LEARNERS, network_learner, schedule, toy_discriminator, train_toy
from tests.refused_writes import refuse_writes

from taskonomy_kedro.core.disk import CannotWriteError
from taskonomy_kedro.core.hashing import weights_hash
from taskonomy_kedro.core.training.checkpoint import CheckpointFile


class CutError(Exception):
    """The end of a process."""


def adversarial_learner():
    return network_learner(discriminator=toy_discriminator(), adversarial_from=3)


KINDS = {**vars(LEARNERS), "adversarial": adversarial_learner}


def run(checkpoint, cut_at=None, *, kind="network", **changes):
    """Train; return hashes of the weights and of the discriminator's, curves and steps; None if cut."""

    def on_progress(step, *_):
        if step == cut_at:
            raise CutError

    learner = KINDS[kind]()
    settings = schedule(**{"checkpoint_every": 2, **changes})
    try:
        outcomes = train_toy(learner, settings, checkpoint=checkpoint, on_progress=on_progress)
    except CutError:
        return None
    judge = learner.state_dict().get("discriminator", {})
    facts = [(outcome.curve, outcome.best_step, outcome.steps, outcome.pictures) for outcome in outcomes]
    return weights_hash(learner.weights()), weights_hash(judge), facts


@pytest.fixture
def checkpoint(tmp_path) -> CheckpointFile:
    return CheckpointFile(tmp_path / "checkpoints" / "network.pt")


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("cuts", [(1,), (5,), (6, 9), (11,)])
def test_an_interrupted_training_resumes_to_the_same_bytes(checkpoint, cuts, kind, caplog):
    caplog.set_level(logging.INFO)
    for cut in cuts:
        assert run(checkpoint, cut, kind=kind) is None
    assert run(checkpoint, kind=kind) == run(None, kind=kind)
    steps = [f"step {cut // 2 * 2}" for cut in cuts if cut > 1]
    assert [r.message.rsplit(", ")[-1] for r in caplog.records if "resuming" in r.message] == steps


@pytest.mark.parametrize("kind", KINDS)
def test_patience_counts_validations_before_the_interruption(checkpoint, kind):
    rates = {"learning_rates": [[0, 0.01], [3, 30.0]], "patience": 3, "steps": 40}
    run(checkpoint, 10, kind=kind, **rates)
    resumed = run(checkpoint, kind=kind, **rates)
    assert resumed == run(None, kind=kind, **rates)
    assert {steps for _, _, steps, _ in resumed[2]} == {12}


def test_finished_steps_are_not_repeated_and_their_seconds_count(checkpoint):
    run(checkpoint, 9)
    steps = []
    seconds = torch.load(checkpoint.path, weights_only=True)["seconds"]
    (outcome,) = train_toy(
        network_learner(),
        schedule(checkpoint_every=2),
        checkpoint=checkpoint,
        on_progress=lambda done, *_: steps.append(done),
    )
    assert outcome.seconds > seconds > 0
    assert steps == [9, 10, 11, 12]


@pytest.mark.parametrize("damage", ["half", "empty", "other", "foreign"])
def test_a_damaged_checkpoint_is_reported_and_ignored(checkpoint, caplog, damage):
    run(checkpoint, 5)
    content = checkpoint.path.read_bytes()
    if damage == "other":
        torch.save([1, 2], checkpoint.path)
    elif damage == "foreign":
        torch.save(schedule(), checkpoint.path)  # a class: not only tensors and plain values
    else:
        checkpoint.path.write_bytes(content[: len(content) // 2] if damage == "half" else b"")
    assert run(checkpoint) == run(None)
    assert f"{checkpoint.path} cannot be read" in caplog.text


def test_without_the_setting_nothing_is_saved(checkpoint):
    run(checkpoint, checkpoint_every=None)
    assert not checkpoint.path.exists()


def test_parts_have_files_of_their_own(checkpoint):
    parts = [checkpoint.part(*names).path for names in (("a", "b"), ("a",), ("b", "a"))]
    assert len({*parts, checkpoint.path}) == 4
    assert {path.parent for path in parts} == {checkpoint.path.parent}
    assert checkpoint.part("a", "b").path == parts[0]


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EACCES])
def test_a_full_disk_is_a_sentence_and_the_last_checkpoint_stays(checkpoint, monkeypatch, number):
    run(checkpoint, 3)
    before = checkpoint.path.read_bytes()
    with monkeypatch.context() as patch:
        refuse_writes(patch, checkpoint.path.name, number)
        with pytest.raises(CannotWriteError, match=f"cannot write {checkpoint.path} .*run again"):
            run(checkpoint)
    assert [path.name for path in checkpoint.path.parent.iterdir()] == [checkpoint.path.name]
    assert checkpoint.path.read_bytes() == before
    assert run(checkpoint) == run(None)


def test_an_interrupted_write_leaves_the_last_checkpoint(checkpoint):
    run(checkpoint, 3)
    checkpoint.path.with_name(f".{checkpoint.path.name}.unfinished").write_bytes(b"half")
    assert run(checkpoint) == run(None)


def test_it_can_be_removed_twice(checkpoint):
    run(checkpoint, 5)
    checkpoint.remove()
    checkpoint.remove()
    assert not list(checkpoint.path.parent.iterdir())
