"""The steps for one target: records, rankings, what fails, what does not fit."""

from dataclasses import replace

import numpy as np
import pytest
from tests.core.readouts.conftest import NAMES, TRAINING

from taskonomy_kedro.core.affinity.candidate_scores import NormalizationSettings, score_candidates
from taskonomy_kedro.core.readouts import stack_work
from taskonomy_kedro.core.readouts.gathering import gather_losses, tabulate_transfers
from taskonomy_kedro.core.readouts.sources import check_labels, gather_sources
from taskonomy_kedro.core.training.products import TaskLosses


def test_the_ranking_is_by_validation_loss(transfers):
    first = transfers.first("room_layout")
    by_source = {fact["sources"][0]: fact["best_validation"] for fact in first.outcome["facts"]}
    able = [name for name in by_source if name not in ("room_layout", "random_projection")]
    assert first.outcome["ranking"] == sorted(able, key=by_source.get)
    second = transfers.higher("room_layout", first, 2)
    assert second.transfer_ids == ("normal+reshading->room_layout",)
    assert np.isfinite(second.values).all()


def test_what_is_finished_is_kept_and_what_changed_is_told(transfers, caplog):
    caplog.set_level("INFO")
    first = transfers.keep(transfers.first("room_layout"))
    second = transfers.keep(transfers.higher("room_layout", first, 2))
    scratch = transfers.keep(transfers.scratch("room_layout"))
    assert transfers.first("room_layout", max_order=4, beam_widths={2: 3}).is_kept
    assert transfers.higher("room_layout", first, 2, max_order=3).is_kept
    assert transfers.scratch("room_layout", training_cells=2).is_kept
    assert caplog.text.count("made anew") == 0
    changed = transfers.first("room_layout", training={**TRAINING, "steps": 4})
    assert not changed.is_kept
    assert "readouts of room_layout/order_1 are made anew: training.steps was 6, is 4" in caplog.text
    assert transfers.higher("room_layout", first, 2, higher_orders={}).is_kept
    assert not transfers.higher("room_layout", first, 2, higher_orders={"weight_decay": 0.1}).is_kept
    assert (first.values.shape, second.values.shape[0], scratch.values.shape[0]) == (
        (4, len(first.item_ids)), 1, 1,
    )  # fmt: skip


def test_a_readout_that_diverges_is_named_and_left_out_and_the_rest_stands(transfers, monkeypatch, caplog):
    whole = transfers.first("room_layout")
    start = stack_work.StackWork._readout

    def broken(work, members):
        readout = start(work, members)
        if members == ("reshading",):
            readout.decoder.fc2.bias.data.fill_(float("inf"))
        return readout

    monkeypatch.setattr(stack_work.StackWork, "_readout", broken)
    first = transfers.keep(transfers.first("room_layout"))
    assert (
        "the readout reshading->room_layout is left out: the training loss was inf at step 0" in caplog.text
    )
    rows = [number for number, name in enumerate(NAMES) if name != "reshading"]
    np.testing.assert_array_equal(first.values, whole.values[rows])
    assert first.outcome["ranking"] == ["normal"]
    table = tabulate_transfers(transfers.modeling("room_layout").task, losses_of(transfers), [first])
    assert list(table[table["failure"] != ""]["sources"]) == [["reshading"]]


def losses_of(transfers, target="room_layout", **changes) -> TaskLosses:
    item_ids = tuple(transfers.modeling(target).items(transfers.splits, "test").item_ids)
    values = np.full((3, len(item_ids)), 0.01, dtype=np.float32)
    fingerprint = transfers.splits["test"].fingerprint
    given = {"wanted": {"data": {"test": fingerprint}}, "item_ids": item_ids, "values": values}
    return TaskLosses(task=target, outcome={"loss": 0.01}, **{**given, **changes})


def test_all_candidates_meet_in_one_tournament(transfers):
    task = transfers.modeling("fixated_pose").task
    products = [transfers.scratch("fixated_pose"), transfers.first("fixated_pose")]
    full = losses_of(transfers, "fixated_pose")
    together = gather_losses(task, full, products, transfers.splits["test"].fingerprint)
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
    losses = gather_losses(task, full, [twice], transfers.splits["test"].fingerprint)
    assert losses.image_ids[-1] == f"{ids[0]}#2"


def test_losses_of_other_images_are_refused(transfers):
    task, first = transfers.modeling("room_layout").task, transfers.first("room_layout")
    full = losses_of(transfers, wanted={"data": {"test": "old"}})
    with pytest.raises(ValueError, match="'room_layout' was scored on test images old.*task_modeling again"):
        gather_losses(task, full, [first], transfers.splits["test"].fingerprint)


def test_a_target_whose_network_failed_has_no_full_supervision(transfers):
    task, first = transfers.modeling("room_layout").task, transfers.first("room_layout")
    full = TaskLosses(task="room_layout", wanted={}, failure="it diverged")
    losses = gather_losses(task, full, [first], transfers.splits["test"].fingerprint)
    assert losses.transfer_ids == first.transfer_ids


def test_where_everything_failed_there_are_no_losses_and_no_crash(transfers):
    task, first = transfers.modeling("room_layout").task, transfers.first("room_layout")
    full = TaskLosses(task="room_layout", wanted={}, failure="it diverged")
    none = replace(first, transfer_ids=(), values=first.values[:0])
    losses = gather_losses(task, full, [none], transfers.splits["test"].fingerprint)
    assert losses.values.shape == (0, len(first.item_ids))


def test_the_shallow_front_end_is_a_scratch_network_too(transfers):
    own, pixels = transfers.scratch("normal"), transfers.scratch("normal", scratch="pixels")
    assert np.isfinite(pixels.values).all()
    assert not np.array_equal(own.values, pixels.values)


def test_representations_of_other_images_are_refused_before_any_training(transfers):
    products = [transfers.product(name) for name in NAMES]
    products[1].wanted["data"]["test"] = "old"
    with pytest.raises(
        ValueError, match="representations by 'reshading' of the split 'test' are of data old"
    ):
        gather_sources(NAMES, products, transfers.splits)


def test_a_source_without_representations_is_left_out_or_refused(transfers):
    products = [transfers.product("normal"), transfers.product("reshading", failure="it diverged")]
    sources = gather_sources(["normal", "reshading"], products, transfers.splits)
    assert (sources.names, dict(sources.left_out)) == (("normal",), {"reshading": "it diverged"})
    with pytest.raises(ValueError, match="the source 'norml' has no representations; did you mean 'normal'"):
        gather_sources(["norml"], products, transfers.splits)


def test_a_target_without_labels_is_refused(transfers):
    with pytest.raises(ValueError, match="knows no task 'norml'; did you mean 'normal'"):
        check_labels(["norml"], transfers.splits, transfers.statistics)
