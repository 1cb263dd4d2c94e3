"""What to label at a few budgets: the lines at the end of a run, and the rows that pages compare."""

import math
from collections.abc import Hashable
from typing import Any

import pandas as pd

SHOWN_BUDGET = 5
"""The budget at which pages and figures open, or the solved one closest to it."""
BUDGETS = (1, 2, 4, 8, 16)
# MLflow keeps steps as 64-bit integers; budgets beyond this are named and ranked like those with fractions.
LARGEST_STEP = 2**31


def budget_name(budget: float) -> str:
    """Return a budget as part of a name in MLflow, which refuses a plus: `05`, `2.5`, `1e300`.

    Args:
        budget: Any; whole ones below LARGEST_STEP keep all their digits, so that no two share a name.
    """
    is_step = budget < LARGEST_STEP and budget == int(budget)
    return f"{budget:02.0f}" if is_step else f"{budget:g}".replace("+", "")


def reported_budgets(summary: pd.DataFrame) -> list[float]:
    """Return the budgets that a run reports: all of them, if there are at most five.

    Of more, 1, 2, 4, 8 and 16, or five spread evenly if most of these were not solved.

    Args:
        summary: The table `taxonomy_summary`.
    """
    solved = sorted({float(budget) for budget in summary["budget"]})
    if len(solved) <= len(BUDGETS):
        return solved
    usual = [budget for budget in solved if budget in BUDGETS]
    if 2 * len(usual) > len(BUDGETS):
        return usual
    last = len(BUDGETS) - 1
    return [solved[round(place * (len(solved) - 1) / last)] for place in range(last + 1)]


def compared_rows(summary: pd.DataFrame) -> list[dict[Hashable, Any]]:
    """Return the rows to compare runs by: those of the reported budgets and of `SHOWN_BUDGET`.

    Args:
        summary: The table `taxonomy_summary`; its largest order cap is reported.

    Returns:
        Rows by rising budget.
    """
    if not len(summary):
        return []
    of_cap = summary[summary["max_order"] == summary["max_order"].max()]
    chosen = of_cap[of_cap["budget"].isin([*reported_budgets(of_cap), SHOWN_BUDGET])]
    return list(chosen.sort_values("budget").to_dict("records"))


def budget_lines(summary: pd.DataFrame) -> list[str]:
    """Return a line for each of a few budgets: the sources to label, gain and quality.

    Args:
        summary: The table `taxonomy_summary`; its largest order cap is reported.
    """
    if not len(summary):
        return []
    of_cap = summary[summary["max_order"] == summary["max_order"].max()]
    lines = []
    reported = of_cap[of_cap["budget"].isin(reported_budgets(of_cap))]
    for row in reported.sort_values("budget").to_dict("records"):
        if math.isnan(row["objective"]):
            lines.append(f"budget {row['budget']:g}: {row['status']}")
            continue
        shares = [
            f"{name} {row[f'mean_{name}']:.0%}"
            for name in ("gain", "quality")
            if not math.isnan(row[f"mean_{name}"])
        ]
        lines.append(f"budget {row['budget']:g}: label {', '.join(row['sources_used'])}; {', '.join(shares)}")
    if lines:
        lines.insert(0, f"taxonomies with transfers of up to {of_cap['max_order'].iloc[0]} sources")
    return lines
