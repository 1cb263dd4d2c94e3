"""The steps for one target: rankings, what fails, what does not fit."""

from dataclasses import replace

import numpy as np
import pytest
from tests.core.readouts.conftest import NAMES

from taskonomy_kedro.core.affinity.candidate_scores import NormalizationSettings, score_candidates
from taskonomy_kedro.core.readouts import stack_work
from taskonomy_kedro.core.readouts.gathering import gather_losses, tabulate_transfers
from taskonomy_kedro.core.readouts.sources import check_labels, gather_sources
from taskonomy_kedro.core.tasks import TASKS
from taskonomy_kedro.core.training.products import TaskLosses


def test_the_ranking_is_by_validation_loss(transfers):
    first = transfers.first("room_layout")
    by_source = {fact["sources"][0]: fact["best_validation"] for fact in first.outcome["facts"]}
    able = [name for name in by_source if name not in ("room_layout", "random_projection")]
    assert first.outcome["ranking"] == sorted(able, key=by_source.get)
    second = transfers.higher("room_layout", first, 2)
    assert second.transfer_ids == ("normal+reshading->room_layout",)
    assert np.isfinite(second.values).all()


def test_a_readout_that_diverges_is_named_and_the_others_stand(transfers, monkeypatch, caplog):
    whole = transfers.first("room_layout")
    start = stack_work.StackWork._readout

    def broken(work, members):
        readout = start(work, members)
        if members == ("reshading",):
            readout.decoder.fc2.bias.data.fill_(float("inf"))
        return readout

    monkeypatch.setattr(stack_work.StackWork, "_readout", broken)
    first = transfers.keep(transfers.first("room_layout"))
    assert "the readout reshading->room_layout failed: the training loss was inf at step 0" in caplog.text
    rows = [number for number, name in enumerate(NAMES) if name != "reshading"]
    np.testing.assert_array_equal(first.values, whole.values[rows])
    assert first.outcome["ranking"] == ["normal"]
    table = tabulate_transfers(transfers.modeling("room_layout").task, losses_of(transfers), [first])
    assert list(table[table["failure"] != ""]["sources"]) == [["reshading"]]


def losses_of(transfers, target="room_layout", **changes) -> TaskLosses:
    item_ids = tuple(transfers.modeling(target).items(transfers.splits, "test").item_ids)
    values = np.full((3, len(item_ids)), 0.01, dtype=np.float32)
    given = {"item_ids": item_ids, "values": values}
    return TaskLosses(task=target, outcome={"loss": 0.01}, **{**given, **changes})


def test_all_candidates_meet_in_one_tournament(transfers):
    task = transfers.modeling("fixated_pose").task
    products = [transfers.scratch("fixated_pose"), transfers.first("fixated_pose")]
    full = losses_of(transfers, "fixated_pose")
    together = gather_losses(task, full, products)
    assert together.transfer_ids[:2] == ("full_supervision->fixated_pose", "scratch->fixated_pose")
    scores = score_candidates(together.values, list(together.transfer_ids), NormalizationSettings())
    best = max(scores, key=lambda score: -1 if np.isnan(score.affinity) else score.affinity)
    assert best.candidate.kind == "full_supervision"
    assert {score.candidate.kind for score in scores} == {"full_supervision", "scratch", "transfer", "random"}
    table = tabulate_transfers(task, full, products)
    assert len(table) == len(together.transfer_ids)
    assert sorted(table["rank"].dropna()) == [1, 2, 3]


def test_a_pair_drawn_twice_has_two_labels(transfers):
    task = transfers.modeling("room_layout").task
    first = replace(transfers.first("room_layout"))
    ids = (*first.item_ids[:-1], first.item_ids[0])
    twice = replace(first, item_ids=ids)
    full = losses_of(transfers, item_ids=ids)
    losses = gather_losses(task, full, [twice])
    assert losses.image_ids[-1] == f"{ids[0]}#2"


def test_a_target_whose_network_failed_has_no_full_supervision(transfers):
    task, first = transfers.modeling("room_layout").task, transfers.first("room_layout")
    full = TaskLosses(task="room_layout", failure="it diverged")
    losses = gather_losses(task, full, [first])
    assert losses.transfer_ids == first.transfer_ids


def test_where_everything_failed_there_are_no_losses_and_no_crash(transfers):
    task, first = transfers.modeling("room_layout").task, transfers.first("room_layout")
    full = TaskLosses(task="room_layout", failure="it diverged")
    none = replace(first, transfer_ids=(), values=first.values[:0])
    losses = gather_losses(task, full, [none])
    assert losses.values.shape == (0, len(first.item_ids))


def test_the_shallow_front_end_is_a_scratch_network_too(transfers):
    own, pixels = transfers.scratch("normal"), transfers.scratch("normal", scratch="pixels")
    assert np.isfinite(pixels.values).all()
    assert not np.array_equal(own.values, pixels.values)


def test_a_source_without_representations_is_omitted_or_refused(transfers):
    products = [transfers.product("normal"), transfers.product("reshading", failure="it diverged")]
    sources = gather_sources(["normal", "reshading"], products, transfers.splits)
    assert (sources.names, dict(sources.left_out)) == (("normal",), {"reshading": "it diverged"})
    with pytest.raises(ValueError, match="the source 'norml' has no representations; did you mean 'normal'"):
        gather_sources(["norml"], products, transfers.splits)


def test_losses_of_other_items_are_refused(transfers):
    task, first = transfers.modeling("room_layout").task, transfers.first("room_layout")
    full = losses_of(transfers, item_ids=("a/0/0",))
    with pytest.raises(ValueError, match="'room_layout' was scored on other items"):
        gather_losses(task, full, [first])


def test_a_target_without_labels_is_refused(transfers):
    bare = {**transfers.splits, "test": replace(transfers.splits["test"], tuples={}, tuple_labels={})}
    with pytest.raises(ValueError, match="split 'test' has no item for the task 'egomotion'"):
        check_labels([TASKS["egomotion"]], bare, transfers.statistics)
