import math

import pytest
from tests.scores import score, scratch

from taskonomy_kedro.core.affinity.affinity_tables import origin_of, read_scores, tabulate_scores

SCORES = [
    score("normal", "normal", affinity=0.6, gain=0.9, quality=0.5, kind="full_supervision"),
    score("normal", "curvature", "jigsaw", affinity=0.4, gain=0.8, quality=0.3),
]


def test_scores_survive_the_tables():
    affinities, win_rates = tabulate_scores(SCORES, origin="by hand")
    assert read_scores(affinities, win_rates) == SCORES
    assert origin_of(affinities) == origin_of(win_rates) == "by hand"


def test_the_scratch_network_is_in_win_rates_only():
    affinities, win_rates = tabulate_scores([*SCORES, scratch("normal")])
    assert (len(affinities), len(win_rates)) == (2, 3)


def test_a_candidate_without_win_rates_has_none():
    affinities, win_rates = tabulate_scores(SCORES)
    assert math.isnan(read_scores(affinities, win_rates.head(1))[1].gain)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (
            lambda t: t.rename(columns={"affinity": "afinity"}),
            "lacks the column 'affinity'; did you mean 'afinity'",
        ),
        (lambda t: t.assign(order=[1, 3]), r"row 1 \(curvature\+jigsaw->normal\): order must be .* 2, got 3"),
        (lambda t: t.assign(kind="transfr"), "row 0: target 'normal': kind must be one of"),
        (lambda t: t.iloc[[0, 0]], "has full_supervision->normal .* twice"),
        (
            lambda t: t.assign(sources=[["normal"], None]),
            "row 1: sources must be a list of task names, got None",
        ),
        (lambda t: t.assign(sources="normal"), "sources must be a list of task names, got 'normal'"),
        (lambda t: t.assign(target=[1, 2]), "row 0: target must be a task name, got 1"),
        (lambda t: t.assign(affinity=["much", "x"]), "the column 'affinity' must hold numbers"),
        (lambda t: t.assign(affinity=[0.5, float("nan")]), "affinity must be a finite number ≥ 0, got nan"),
    ],
)
def test_a_bad_table_is_refused_by_row(change, message):
    affinities, win_rates = tabulate_scores(SCORES)
    with pytest.raises(ValueError, match=message):
        read_scores(change(affinities), win_rates)


def test_a_win_rate_out_of_range_is_refused():
    affinities, win_rates = tabulate_scores(SCORES)
    with pytest.raises(ValueError, match=r"curvature\+jigsaw->normal: gain must lie in \[0, 1\] .* got 1.5"):
        read_scores(affinities, win_rates.assign(gain=[0.5, 1.5]))
