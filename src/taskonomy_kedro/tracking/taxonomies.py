"""Metrics of taxonomies."""

import math
import time
from typing import TYPE_CHECKING

import pandas as pd

from taskonomy_kedro.reporting.taxonomy_report import LARGEST_STEP, budget_name, compared_rows

if TYPE_CHECKING:
    from mlflow.entities import Metric

# One metric for each order cap, with the budget as its step.

_MEASURES = ("mean_gain", "mean_quality", "objective")


def summary_metrics(summary: pd.DataFrame) -> "list[Metric]":
    """Return `taxonomy_summary` as metrics `mean_gain.order_2`, …, `n_sources.order_2`.

    Args:
        summary: One row for each budget and order cap; rows without a solution are omitted.

    Returns:
        Metrics whose step is the budget; if a budget is no whole number, steps are the ranks of the
        budgets, from 1. And for the table of runs, which shows only the last step: the means over all
        solved budgets, `mean_gain_over_budgets.order_2`, and `budget_05/gain`, `budget_05/quality` at a
        few budgets, of the largest order cap; these names come first, as the table shows half a dozen.
    """
    from mlflow.entities import Metric  # a second of import that commands without a run do not need

    budgets = sorted(set(summary["budget"]))
    is_whole = all(budget == int(budget) and budget < LARGEST_STEP for budget in budgets)
    step_of = {budget: int(budget) if is_whole else rank + 1 for rank, budget in enumerate(budgets)}
    now = int(time.time() * 1000)
    metrics = []
    for row in summary.to_dict("records"):
        values = {name: row[name] for name in _MEASURES}
        values["n_sources"] = len(row["sources_used"])
        if math.isnan(row["objective"]):
            continue
        metrics += [
            Metric(f"{name}.order_{row['max_order']}", float(value), now, step_of[row["budget"]])
            for name, value in values.items()
            if not math.isnan(value)
        ]
    for max_order, group in summary.groupby("max_order"):
        for name in ("mean_gain", "mean_quality"):
            if group[name].notna().any():
                average = float(group[name].mean())
                metrics.append(Metric(f"{name}_over_budgets.order_{max_order}", average, now, 0))
    for row in compared_rows(summary):
        for name in ("gain", "quality"):
            value = float(row[f"mean_{name}"])
            if not math.isnan(value):
                metrics.append(Metric(f"budget_{budget_name(row['budget'])}/{name}", value, now, 0))
    return metrics
