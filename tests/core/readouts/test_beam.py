"""Which source sets are tried: by hand."""

import pytest

from taskonomy_kedro.core.readouts.beam import higher_order, rank_sources
from taskonomy_kedro.core.readouts.settings import TransferSettings, choose_transfers
from taskonomy_kedro.core.tasks import TASKS

WIDTHS = {2: 5, 3: 5, 4: 6}
RANKING = list("fedcbazyx")


def test_the_best_are_ranked_without_the_target_and_what_needs_no_labels():
    validation = {"normal": 0.1, "curvature": 0.3, "reshading": 0.2, "edge_texture": 0.2}
    ranking = rank_sources({**validation, "random_projection": 0.0}, "normal", ["random_projection"])
    assert ranking == ["edge_texture", "reshading", "curvature"]


@pytest.mark.parametrize(("order", "n_sets"), [(2, 10), (3, 10), (4, 15), (5, 1), (9, 1), (10, 0)])
def test_there_are_as_many_sets_as_in_the_paper(order, n_sets):
    sets = higher_order(RANKING, order, WIDTHS)
    assert len(set(sets)) == len(sets) == n_sets
    assert all(len(set(members)) == order and list(members) == sorted(members) for members in sets)


def test_sets_are_of_the_best_and_a_limit_keeps_the_best_of_them():
    assert set("".join("".join(s) for s in higher_order(RANKING, 2, WIDTHS))) == set("fedcb")
    assert higher_order(RANKING, 2, WIDTHS, limit=2) == [("e", "f"), ("d", "f")]
    assert higher_order(RANKING, 5, WIDTHS) == [("b", "c", "d", "e", "f")]
    assert higher_order(["b", "a"], 2, WIDTHS) == [("a", "b")]


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"sources": ["normal", "normal"]}, "transfer_modeling.sources lists 'normal' twice"),
        ({"sources": ["normal", "curvatur"]}, "sources: 'curvatur' is none.*did you mean 'curvature'"),
        ({"targets": ["jigsaw"]}, "targets: 'jigsaw' is none"),
    ],
)
def test_bad_names_and_orders_are_a_sentence(given, message):
    with pytest.raises(ValueError, match=message):
        choose_transfers(TASKS, **given)


def test_targets_and_sources_keep_the_dictionarys_order():
    chosen = choose_transfers(TASKS, sources=["reshading", "normal"], targets=["curvature"])
    assert chosen.sources == ("normal", "reshading")
    assert [task.name for task in chosen.targets] == ["curvature"]


def test_an_order_above_the_number_of_sources_is_refused():
    names = ["normal", "random_projection", "reshading"]
    chosen = choose_transfers(TASKS, sources=names, not_combined=("random_projection",))
    chosen.check_order(2)
    with pytest.raises(ValueError, match=r"at most 2, the number of sources \(normal, reshading\), got 3"):
        chosen.check_order(3)


def test_readouts_of_segmentations_have_more_steps_unless_their_own_are_set():
    schedule = {"steps": 10, "learning_rates": [[0, 0.1], [7, 0.01]], "validate_every": 5, "warmup_steps": 3}
    settings = TransferSettings(
        training=schedule, segmentation_factor=2.5, overrides={"segment_unsup2d": {"steps": 4}}
    )
    for name in ("normal", "class_scene", "colorization"):
        assert settings.schedule(TASKS[name], 1) == settings.training
    for name, order in (("segment_semantic", 1), ("segment_unsup25d", 2), ("segment_semantic", 0)):
        longer = settings.schedule(TASKS[name], order)
        assert (longer.steps, longer.validate_every, longer.warmup_steps) == (25, 12, 3)
        assert dict(longer.learning_rates) == {0: 0.1, 18: 0.01}
    assert settings.schedule(TASKS["segment_unsup2d"], 1).steps == 4
    other = TransferSettings(
        training=schedule, segmentation_factor=2, overrides={"segment_unsup2d": {"weight_decay": 0.1}}
    )
    assert other.schedule(TASKS["segment_unsup2d"], 1).steps == 20
