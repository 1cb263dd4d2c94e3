"""What a user reads of the taxonomies of a run: what to label at a few budgets."""

import math

import pandas as pd

BUDGETS = (1, 2, 4, 8, 16)


def budget_lines(summary: pd.DataFrame) -> list[str]:
    """Return a line for each of a few budgets: the sources to label, gain and quality.

    Args:
        summary: The table `taxonomy_summary`; the largest order cap is told. Of more than five budgets those
            of 1, 2, 4, 8 and 16, or five spread evenly where most of these are not asked for.
    """
    if not len(summary):
        return []
    of_cap = summary[summary["max_order"] == summary["max_order"].max()]
    told = _told([float(budget) for budget in of_cap["budget"]])
    lines = []
    for row in of_cap[of_cap["budget"].isin(told)].sort_values("budget").to_dict("records"):
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


def _told(budgets: list[float]) -> list[float]:
    """Choose which budgets to tell of."""
    asked = sorted(set(budgets))
    if len(asked) <= len(BUDGETS):
        return asked
    usual = [budget for budget in asked if budget in BUDGETS]
    if 2 * len(usual) > len(BUDGETS):
        return usual
    last = len(BUDGETS) - 1
    return [asked[round(place * (len(asked) - 1) / last)] for place in range(last + 1)]
