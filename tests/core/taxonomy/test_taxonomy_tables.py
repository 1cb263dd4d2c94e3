import math

import numpy as np
from tests.scores import random_scores, score

from taskonomy_kedro.core.taxonomy import ProgramSettings, SignificanceSettings, solve_taxonomies
from taskonomy_kedro.core.taxonomy.admission import admit
from taskonomy_kedro.core.taxonomy.taxonomy_tables import (
    tabulate_significance,
    tabulate_summary,
    tabulate_taxonomies,
)


def test_there_is_one_row_for_each_budget_cap_and_target():
    scores = random_scores(np.random.default_rng(0), n_tasks=5, n_targets=3, n_higher=5)
    solved = solve_taxonomies(admit(scores, ProgramSettings(budgets=[0, 1, 2], max_orders=[1, 2])))
    table, summary = tabulate_taxonomies(solved), tabulate_summary(solved)
    assert len(summary) == 6
    assert list(summary.loc[summary["budget"] == 0, "status"]) == ["infeasible", "infeasible"]
    assert not table.duplicated(["budget", "max_order", "target"]).any()
    assert len(table) == 4 * 3
    for _, row in summary[summary["status"] == "optimal"].iterrows():
        chosen = table[(table["budget"] == row["budget"]) & (table["max_order"] == row["max_order"])]
        assert math.isclose(chosen["affinity"].sum(), row["objective"], abs_tol=1e-12)
        assert sorted({s for sources in chosen["sources"] for s in sources}) == row["sources_used"]
        assert math.isclose(chosen["gain"].mean(), row["mean_gain"])


def test_tables_of_nothing_solved_keep_their_columns():
    solved = solve_taxonomies(
        admit(
            [score("a", "a", affinity=1.0, kind="full_supervision")], ProgramSettings(budgets=0, max_orders=1)
        )
    )
    assert list(tabulate_taxonomies(solved).columns[:3]) == ["budget", "max_order", "target"]


def test_significance_has_a_row_for_every_budget_and_nan_where_infeasible():
    scores = random_scores(np.random.default_rng(1), n_tasks=6, n_targets=4, n_higher=8)
    program, settings = (
        ProgramSettings(budgets=[0, 2], max_orders=[1, 2]),
        SignificanceSettings(n_policies=50),
    )
    summary = tabulate_summary(solve_taxonomies(admit(scores, program)))
    compared, policies = tabulate_significance(admit(scores, program), summary, settings)
    assert list(compared["n_policies"]) == [0, 50, 0, 50]
    assert compared.loc[compared["budget"] == 0, "gain_percentile"].isna().all()
    assert len(policies) == 100
    drawn = policies[(policies["budget"] == 2) & (policies["max_order"] == 1)]["mean_gain"]
    row = compared[(compared["budget"] == 2) & (compared["max_order"] == 1)].iloc[0]
    assert math.isclose(row["random_gain_mean"], drawn.mean())
    assert math.isclose(row["gain_percentile"], 100 * (drawn < row["mean_gain"]).mean(), abs_tol=2)
