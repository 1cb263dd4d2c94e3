import math

import numpy as np
import pandas as pd
from mlflow.utils.validation import validate_param_and_metric_name

from taskonomy_kedro.tracking.run_metadata import label_tags
from taskonomy_kedro.tracking.taxonomies import summary_metrics


def summary(budgets: list[float]) -> pd.DataFrame:
    rows = len(budgets)
    return pd.DataFrame(
        {
            "budget": budgets,
            "max_order": [2] * rows,
            "objective": [math.nan] + [1.5] * (rows - 1),
            "mean_gain": [math.nan] + [0.7] * (rows - 1),
            "mean_quality": [math.nan] * rows,
            "sources_used": [[]] + [["a", "b"]] * (rows - 1),
        }
    )


def test_the_budget_is_the_step_and_the_cap_the_name():
    metrics = {(m.key, m.step): m.value for m in summary_metrics(summary([0.0, 2.0, 5.0]))}
    assert metrics == {
        ("mean_gain_over_budgets.order_2", 0): 0.7,
        ("budget_02/gain", 0): 0.7,
        ("budget_05/gain", 0): 0.7,
        ("mean_gain.order_2", 2): 0.7,
        ("objective.order_2", 2): 1.5,
        ("n_sources.order_2", 2): 2.0,
        ("mean_gain.order_2", 5): 0.7,
        ("objective.order_2", 5): 1.5,
        ("n_sources.order_2", 5): 2.0,
    }


def test_budgets_that_are_no_whole_numbers_are_ranked():
    assert {m.step for m in summary_metrics(summary([0.5, 1.5, 3.0])) if m.key == "objective.order_2"} == {
        2,
        3,
    }
    assert max(m.step for m in summary_metrics(summary([1.0, 1e308]))) == 2
    assert np.isfinite([m.value for m in summary_metrics(summary([0.5, 1.5, 3.0]))]).all()


def test_mlflow_takes_the_name_of_every_budget_and_large_ones_have_their_own():
    table = summary([0.0, 1e-7, 1e6, 1e6 + 1, 1e300])
    keys = [metric.key for metric in summary_metrics(table)] + list(label_tags(table))
    assert [key for key in keys if not validate_param_and_metric_name(key)] == []
    assert {"budget_1000000/gain", "budget_1000001/gain", "budget_1e300/gain", "label_at_1000001"} <= set(
        keys
    )
