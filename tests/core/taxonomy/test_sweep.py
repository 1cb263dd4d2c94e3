"""The program: checked against trying every set of sources, and against the constraints."""

import math
from itertools import combinations

import numpy as np
import pytest
from tests.scores import random_scores, score

from taskonomy_kedro.core.affinity import read_published_tables
from taskonomy_kedro.core.taxonomy import ProgramSettings, solve_taxonomies
from taskonomy_kedro.core.taxonomy.admission import admit

SOLVERS = ["HiGHS", "CBC"]


def best_by_trying_all(scores, settings, budget, max_order):
    """Return the optimum by trying every set of sources, -inf if none is feasible."""
    admitted = admit(scores, settings)
    under_cap = admitted.up_to_order(max_order)
    best = -math.inf
    for size in range(len(admitted.sources) + 1):
        for labelled in combinations(admitted.sources, size):
            if math.fsum(settings.label_cost.get(s, 1) for s in labelled) > budget * (1 + 1e-9):
                continue
            total = 0.0
            for target in admitted.targets:
                reachable = [
                    s.affinity
                    for s in under_cap
                    if s.candidate.target == target and set(s.candidate.sources) <= set(labelled)
                ]
                total += settings.importance.get(target, 1) * max(reachable, default=-math.inf)
            best = max(best, total)
    return best


@pytest.mark.parametrize("solver", SOLVERS)
@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"importance": {"task0": 5.0, "task1": 0.25}},
        {"label_cost": {"task0": 2.5, "task3": 0.3}},
        {"source_only": ["task0"], "target_only": ["task1"]},
        {"exclude": ["task2"], "allow_full_supervision": False},
    ],
)
def test_agrees_with_trying_every_set_of_sources(solver, changes):
    for seed in range(3):
        scores = random_scores(np.random.default_rng(seed), n_tasks=6, n_targets=4, n_higher=12)
        settings = ProgramSettings(budgets=[0, 1, 2, 3.5, 6], max_orders=[1, 2, 9], solver=solver, **changes)
        for taxonomy in solve_taxonomies(admit(scores, settings)):
            expected = best_by_trying_all(scores, settings, taxonomy.budget, taxonomy.max_order)
            if expected == -math.inf:
                assert taxonomy.status == "infeasible"
            else:
                assert taxonomy.status == "optimal"
                assert taxonomy.objective == pytest.approx(expected, abs=1e-12)


@pytest.mark.parametrize("solver", SOLVERS)
@pytest.mark.parametrize("magnitude", [1e-12, 1.0, 1e9])
def test_prices_of_any_magnitude_at_budgets_that_are_exact_sums(solver, magnitude):
    for seed in range(4):
        rng = np.random.default_rng(seed)
        scores = random_scores(rng, n_tasks=6, n_targets=4, n_higher=12)
        cost = {f"task{i}": float(magnitude * (rng.random() * 999 + 1)) for i in range(6)}
        # budgets that some set of labels meets to the last digit
        sums = [math.fsum(rng.permutation(list(cost.values()))[:k]) for k in (1, 2, 3, 4)]
        settings = ProgramSettings(budgets=sums, max_orders=[1, 2], solver=solver, label_cost=cost)
        for taxonomy in solve_taxonomies(admit(scores, settings)):
            expected = best_by_trying_all(scores, settings, taxonomy.budget, taxonomy.max_order)
            assert taxonomy.status == "optimal"
            assert taxonomy.objective == pytest.approx(expected, abs=1e-12)


def test_by_hand_one_label_feeds_two_targets():
    scores = [
        score("a", "a", affinity=0.9, kind="full_supervision"),
        score("a", "b", affinity=0.1),
        score("b", "b", affinity=0.5, kind="full_supervision"),
        score("b", "a", affinity=0.5, gain=0.7, quality=0.4),
    ]
    (one, two) = solve_taxonomies(admit(scores, ProgramSettings(budgets=[1, 2], max_orders=1)))
    assert one.sources_used == ("a",)
    assert [s.candidate.transfer_id for s in one.selected] == ["full_supervision->a", "a->b"]
    assert (one.objective, one.mean_gain, one.mean_quality) == (pytest.approx(1.4), 0.6, 0.45)
    # a second label would not help: it is not bought
    assert (two.objective, two.label_cost) == (pytest.approx(1.4), 1)


@pytest.mark.parametrize("solver", SOLVERS)
def test_a_budget_too_small_is_infeasible_and_said(solver):
    scores = [
        score("a", "a", affinity=0.9, kind="full_supervision"),
        score("b", "b", affinity=0.5, kind="full_supervision"),
    ]
    one, two = solve_taxonomies(admit(scores, ProgramSettings(budgets=[1, 2], max_orders=1, solver=solver)))
    assert (one.status, one.selected, one.sources_used) == ("infeasible", (), ())
    assert math.isnan(one.objective)
    assert math.isnan(one.mean_gain)
    assert two.status == "optimal"


def test_a_target_without_any_candidate_makes_every_budget_infeasible():
    scores = [score("a", "b", "c", affinity=1.0), score("b", "b", affinity=1.0, kind="full_supervision")]
    by_cap = {
        (t.max_order, t.status) for t in solve_taxonomies(admit(scores, ProgramSettings(max_orders=[1, 2])))
    }
    assert by_cap == {(1, "infeasible"), (2, "infeasible"), (2, "optimal")}


def test_all_means_one_budget_for_each_source_in_equal_steps():
    scores = random_scores(np.random.default_rng(0), n_tasks=4, n_targets=2, n_higher=3)
    budgets = [t.budget for t in solve_taxonomies(admit(scores, ProgramSettings(max_orders=1)))]
    assert budgets == [1, 2, 3, 4]
    dear = ProgramSettings(max_orders=1, label_cost={"task0": 5})
    assert [t.budget for t in solve_taxonomies(admit(scores, dear))] == [2, 4, 6, 8]


@pytest.mark.parametrize(
    ("cost", "budgets"),
    [
        (1.5, [1, 2, 3, 4, 4.5]),
        (3.0, [2, 4, 6]),
        (0.1, [1, 2, 3, 3.1]),
        (97.0, [20, 40, 60, 80, 100]),
    ],
)
def test_all_budgets_are_round_numbers_and_end_with_every_label(cost, budgets):
    scores = [score("task0", f"task{i}", affinity=0.1 * i) for i in range(1, 5)]
    settings = ProgramSettings(max_orders=1, label_cost={"task1": cost})
    assert [t.budget for t in solve_taxonomies(admit(scores, settings))] == pytest.approx(budgets)


def test_all_means_one_cap_for_each_order_that_may_be_chosen():
    scores = [
        score("a", "a", affinity=0.4, kind="full_supervision"),
        score("a", "b", affinity=0.2),
        score("a", "b", "c", affinity=0.3),
        score("a", "b", "c", "d", affinity=0.5),
        score("a", "b", "c", "d", "e", affinity=0.1),
    ]
    caps = [t.max_order for t in solve_taxonomies(admit(scores, ProgramSettings(budgets=9)))]
    assert caps == [1, 2, 3, 4]
    without = ProgramSettings(budgets=9, exclude="d")
    assert [t.max_order for t in solve_taxonomies(admit(scores, without))] == [1, 2]


def test_a_larger_budget_or_cap_never_scores_worse():
    scores = random_scores(np.random.default_rng(5), n_tasks=8, n_targets=6, n_higher=30)
    settings = ProgramSettings(max_orders=[1, 2, 4, 8], label_cost={"task1": 0.5}, solver="HiGHS")
    objective = {(t.max_order, t.budget): t.objective for t in solve_taxonomies(admit(scores, settings))}
    budgets = sorted({budget for _, budget in objective})
    for cap in (1, 2, 4, 8):
        values = [objective[cap, budget] for budget in budgets if not math.isnan(objective[cap, budget])]
        assert values == sorted(values)
    for lower, higher in ((1, 2), (2, 4), (4, 8)):
        assert all(
            objective[higher, b] >= objective[lower, b]
            for b in budgets
            if not math.isnan(objective[lower, b])
        )


def test_renaming_tasks_renames_the_answer():
    scores = random_scores(np.random.default_rng(2), n_tasks=6, n_targets=5, n_higher=10)
    names = {f"task{i}": f"task{5 - i}" for i in range(6)}
    renamed = [
        score(
            names[s.candidate.target],
            *[names[source] for source in s.candidate.sources],
            affinity=s.affinity,
            kind=s.candidate.kind,
        )
        for s in scores
    ]
    settings = ProgramSettings(budgets=[2, 3], max_orders=6)
    for one, other in zip(
        solve_taxonomies(admit(scores, settings)), solve_taxonomies(admit(renamed, settings)), strict=True
    ):
        assert {names[s] for s in one.sources_used} == set(other.sources_used)
        assert one.objective == pytest.approx(other.objective, abs=1e-12)


@pytest.mark.parametrize("solver", SOLVERS)
def test_a_time_limit_gives_the_best_found_and_its_bound(solver):
    scores = random_scores(np.random.default_rng(1), n_tasks=24, n_targets=22, n_higher=150)
    limited = ProgramSettings(budgets=[3, 6], max_orders=9, solver=solver, time_limit_seconds=1e-6)
    free = ProgramSettings(budgets=[3, 6], max_orders=9, solver="HiGHS")
    for cut, full in zip(
        solve_taxonomies(admit(scores, limited)), solve_taxonomies(admit(scores, free)), strict=True
    ):
        assert cut.status == "time_limit"
        assert len(cut.selected) == 22
        assert cut.label_cost <= cut.budget
        assert cut.objective <= full.objective + 1e-12
        assert full.objective <= cut.objective_bound + 1e-9
        assert math.isfinite(cut.objective_bound)


def test_importance_of_zero_everywhere_still_solves():
    scores = random_scores(np.random.default_rng(1), n_tasks=3, n_targets=2, n_higher=0)
    nothing = ProgramSettings(budgets=1, max_orders=1, importance={"task0": 0, "task1": 0})
    (taxonomy,) = solve_taxonomies(admit(scores, nothing))
    assert (taxonomy.status, taxonomy.objective, len(taxonomy.selected)) == ("optimal", 0.0, 2)


@pytest.mark.parametrize("published_set", ["default", "1k"])
def test_both_solvers_agree_on_the_published_tables(published_dir, published_set):
    scores = read_published_tables(published_dir, published_set).scores
    cbc, highs = (
        solve_taxonomies(
            admit(scores, ProgramSettings(budgets=[1, 3, 8, 15], max_orders=[1, 4], solver=solver))
        )
        for solver in SOLVERS
    )
    for one, other in zip(cbc, highs, strict=True):
        assert one.status == other.status == "optimal"
        assert one.objective == pytest.approx(other.objective, abs=1e-9)
