import numpy as np
import pytest
from tests.scores import random_scores, score

from taskonomy_kedro.core.taxonomy import (
    PolicySampler,
    ProgramSettings,
    SignificanceSettings,
    percentile_among,
)
from taskonomy_kedro.core.taxonomy.admission import admit

SETTINGS = SignificanceSettings(n_policies=400, seed=3)


def test_policies_repeat_and_do_not_depend_on_other_budgets():
    scores = random_scores(np.random.default_rng(0), n_tasks=6, n_targets=4, n_higher=10)
    sampler = PolicySampler(admit(scores, ProgramSettings()), 3)
    sampler.draw(2, SETTINGS)
    again = sampler.draw(3, SETTINGS)
    alone = PolicySampler(admit(scores, ProgramSettings()), 3).draw(3, SETTINGS)
    np.testing.assert_array_equal(again.gain, alone.gain)
    other_seed = sampler.draw(3, SignificanceSettings(n_policies=400, seed=4))
    assert not np.array_equal(again.gain, other_seed.gain)


def test_source_sets_are_uniform_and_of_the_budgets_size():
    # the gain tells which of the three sources was drawn
    scores = [score("t", s, affinity=0.3, gain=g) for s, g in (("a", 0.1), ("b", 0.2), ("c", 0.3))]
    gains = (
        PolicySampler(admit(scores, ProgramSettings()), 1).draw(1, SignificanceSettings(n_policies=6000)).gain
    )
    counts = [int(np.isclose(gains, value).sum()) for value in (0.1, 0.2, 0.3)]
    assert sum(counts) == 6000
    # binomial, 5 standard deviations of sqrt(6000 · 1/3 · 2/3) = 37
    assert all(abs(count - 2000) < 185 for count in counts)


def test_transfers_are_drawn_evenly_among_those_the_sources_allow():
    scores = [
        score("t", "a", affinity=0.9, gain=0.0),
        score("t", "b", affinity=0.05, gain=0.25),
        score("t", "a", "b", affinity=0.05, gain=1.0),
    ]
    both = (
        PolicySampler(admit(scores, ProgramSettings()), 2).draw(2, SignificanceSettings(n_policies=6000)).gain
    )
    assert [abs(int((both == g).sum()) - 2000) < 185 for g in (0.0, 0.25, 1.0)] == [True] * 3
    single = PolicySampler(admit(scores, ProgramSettings()), 2).draw(1, SETTINGS).gain
    assert set(single.tolist()) == {0.0, 0.25}
    capped = PolicySampler(admit(scores, ProgramSettings()), 1).draw(2, SETTINGS).gain
    assert set(capped.tolist()) == {0.0, 0.25}


def test_infeasible_source_sets_are_drawn_again():
    # only {a} solves both targets: every policy labels it
    scores = [score("t", "a", affinity=1.0, gain=0.4), score("u", "a", affinity=0.5, gain=0.6)]
    scores += [score("u", "b", affinity=0.5, gain=0.0)]
    policies = PolicySampler(admit(scores, ProgramSettings()), 1).draw(1, SETTINGS)
    assert len(policies.gain) == 400
    assert set(policies.gain.tolist()) == {0.5}


def test_without_a_feasible_set_there_are_no_policies():
    scores = [score("t", "a", affinity=1.0), score("u", "b", affinity=1.0)]
    assert len(PolicySampler(admit(scores, ProgramSettings()), 1).draw(1, SETTINGS).gain) == 0


def test_costs_are_kept():
    scores = [score("t", "a", affinity=0.5, gain=0.1), score("t", "b", affinity=0.5, gain=0.9)]
    dear = ProgramSettings(label_cost={"a": 3.0})
    assert set(PolicySampler(admit(scores, dear), 1).draw(1, SETTINGS).gain.tolist()) == {0.9}


def test_missing_gains_are_left_out_of_the_mean():
    scores = [score("t", "a", affinity=1.0, gain=float("nan")), score("u", "a", affinity=1.0, gain=0.8)]
    policies = PolicySampler(admit(scores, ProgramSettings()), 1).draw(1, SETTINGS)
    assert set(policies.gain.tolist()) == {0.8}


@pytest.mark.parametrize(
    ("value", "expected"), [(0.5, 50.0), (2.0, 100.0), (-1.0, 0.0), (1.0, 87.5), (np.nan, np.nan)]
)
def test_percentile_counts_ties_one_half(value, expected):
    assert percentile_among(value, np.array([0.0, 0.4, 0.6, 1.0])) == pytest.approx(expected, nan_ok=True)


def test_percentile_among_nobody_is_missing():
    assert np.isnan(percentile_among(0.5, np.empty(0)))


def test_a_cap_without_candidates_has_no_policies():
    scores = [score("t", "a", "b", affinity=1.0)]
    assert len(PolicySampler(admit(scores, ProgramSettings()), 1).draw(2, SETTINGS).gain) == 0
