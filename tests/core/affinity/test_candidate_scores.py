import math

import numpy as np
import pytest

from taskonomy_kedro.core.affinity import NormalizationSettings, score_candidates

IDS = ["full_supervision->normal", "scratch->normal", "curvature->normal", "curvature+jigsaw->normal"]


def losses(seed: int = 0) -> np.ndarray:
    offsets = np.array([[0.0], [2.0], [0.5], [0.4]])
    return np.random.default_rng(seed).random((4, 100)) + offsets


def test_gain_and_quality_are_win_rates_against_scratch_and_full_supervision():
    loss = losses()
    scores = score_candidates(loss, IDS, NormalizationSettings())
    assert scores[2].gain == np.mean(loss[2] < loss[1])
    assert scores[2].quality == np.mean(loss[2] < loss[0])
    assert (scores[0].quality, scores[1].gain) == (0.5, 0.5)


def test_the_scratch_network_is_no_choice_and_moves_no_affinity():
    with_scratch = score_candidates(losses(), IDS, NormalizationSettings())
    kept = [0, 2, 3]
    without = score_candidates(losses()[kept], [IDS[i] for i in kept], NormalizationSettings())
    assert math.isnan(with_scratch[1].affinity)
    assert [with_scratch[i].affinity for i in kept] == [score.affinity for score in without]
    assert math.fsum(score.affinity for score in without) == pytest.approx(1)
    assert all(math.isnan(score.gain) for score in without)


def test_images_are_counted():
    loss = losses()
    loss[2, :30] = np.nan
    loss[0, 5] = np.nan
    assert [s.n_images for s in score_candidates(loss, IDS, NormalizationSettings())] == [99, 100, 70, 100]


@pytest.mark.parametrize(
    ("ids", "message"),
    [
        (["a->normal", "b->curvature"], "'b->curvature' belongs to another target"),
        (["a->normal", "a->normal"], "'a->normal' occurs twice"),
        (
            ["scratch->normal", "a->normal"],
            "target 'normal': expected at least two candidates besides the scratch",
        ),
    ],
)
def test_rows_that_make_no_tournament_are_refused(ids, message):
    with pytest.raises(ValueError, match=message):
        score_candidates(losses()[:2], ids, NormalizationSettings())


def test_a_refusal_names_the_target():
    loss = losses()
    loss[2] = np.nan
    with pytest.raises(
        ValueError, match="target 'normal': candidates without a single loss: curvature->normal"
    ):
        score_candidates(loss, IDS, NormalizationSettings())


@pytest.mark.parametrize("floor", [0, 0.5, -1, "tiny", True, None])
def test_the_floor_is_checked_when_it_is_set(floor):
    with pytest.raises(ValueError, match="normalization.floor must be"):
        NormalizationSettings(floor=floor)
