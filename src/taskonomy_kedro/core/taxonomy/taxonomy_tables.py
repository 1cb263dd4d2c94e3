"""The tables of the taxonomy step."""

import math
from collections.abc import Hashable, Sequence
from typing import Any

import numpy as np
import pandas as pd

from taskonomy_kedro.core.affinity.affinity_tables import check_columns
from taskonomy_kedro.core.taxonomy.admission import Candidates
from taskonomy_kedro.core.taxonomy.settings import SignificanceSettings
from taskonomy_kedro.core.taxonomy.significance import PolicySampler, RandomPolicies, percentile_among
from taskonomy_kedro.core.taxonomy.solution import Taxonomy
from taskonomy_kedro.core.taxonomy.tree import SimilarityTree

TAXONOMY_COLUMNS = (
    "budget", "max_order", "target", "sources", "order", "kind", "affinity", "gain", "quality",
)  # fmt: skip
SUMMARY_COLUMNS = (
    "budget", "max_order", "status", "objective", "objective_bound", "label_cost", "sources_used",
    "mean_gain", "mean_quality", "solve_seconds",
)  # fmt: skip


def tabulate_taxonomies(taxonomies: Sequence[Taxonomy]) -> pd.DataFrame:
    """Write `taxonomies`: exactly one row for each budget, order cap and target that was solved."""
    rows = [
        (
            taxonomy.budget,
            taxonomy.max_order,
            score.candidate.target,
            list(score.candidate.sources),
            score.candidate.order,
            score.candidate.kind,
            score.affinity,
            score.gain,
            score.quality,
        )
        for taxonomy in taxonomies
        for score in taxonomy.selected
    ]
    return pd.DataFrame(rows, columns=list(TAXONOMY_COLUMNS)).astype(
        {"budget": "float64", "max_order": "int64", "order": "int64"}
    )


def tabulate_summary(taxonomies: Sequence[Taxonomy]) -> pd.DataFrame:
    """Write `taxonomy_summary`: one row for each budget and order cap, infeasible ones included."""
    rows = [
        (
            taxonomy.budget,
            taxonomy.max_order,
            taxonomy.status,
            taxonomy.objective,
            taxonomy.objective_bound,
            taxonomy.label_cost,
            list(taxonomy.sources_used),
            taxonomy.mean_gain,
            taxonomy.mean_quality,
            taxonomy.solve_seconds,
        )
        for taxonomy in taxonomies
    ]
    return pd.DataFrame(rows, columns=list(SUMMARY_COLUMNS))


def tabulate_significance(
    candidates: Candidates, summary: pd.DataFrame, settings: SignificanceSettings
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Draw random policies at every budget and order cap, and compare the taxonomy with them.

    Returns:
        `significance`, one row for each budget and cap: number of policies, gain and quality of the
        taxonomy, its percentiles, and mean, 1st and 99th percentile of the policies. And
        `random_policies`: gain and quality of each policy.
    """
    check_columns(
        "taxonomy_summary", summary, ("budget", "max_order", "label_cost", "mean_gain", "mean_quality")
    )
    compared, drawn = [], []
    for max_order in sorted(set(summary["max_order"])):
        group = summary[summary["max_order"] == max_order]
        sampler = PolicySampler(candidates, int(max_order))
        for row in group.to_dict("records"):
            is_solved = not math.isnan(row["label_cost"])
            policies = sampler.draw(row["budget"], settings) if is_solved else _NO_POLICIES
            compared.append(_compare(row, policies))
            drawn.append(
                pd.DataFrame(
                    {
                        "budget": row["budget"],
                        "max_order": row["max_order"],
                        "policy": np.arange(len(policies.gain)),
                        "mean_gain": policies.gain,
                        "mean_quality": policies.quality,
                    }
                )
            )
    return pd.DataFrame(compared), pd.concat(drawn, ignore_index=True)


def tabulate_tree(tree: SimilarityTree) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Write `task_families` (one row for each source) and `similarity_merges` (one for each merge)."""
    families = pd.DataFrame(
        {
            "source": list(tree.sources),
            "family": tree.family,
            "leaf_order": tree.leaf_order,
            "leaf_index": np.arange(len(tree.sources)),
        }
    ).sort_values("leaf_order", ignore_index=True)
    merges = pd.DataFrame(tree.merges, columns=["left", "right", "distance", "size"])
    return families, merges.astype({"left": "int64", "right": "int64", "size": "int64"})


_NO_POLICIES = RandomPolicies(gain=np.empty(0), quality=np.empty(0))


def _compare(row: dict[Hashable, Any], policies: RandomPolicies) -> dict[str, Any]:
    gain, quality = policies.gain, policies.quality
    return {
        "budget": row["budget"],
        "max_order": row["max_order"],
        "n_policies": len(gain),
        "mean_gain": row["mean_gain"],
        "mean_quality": row["mean_quality"],
        "gain_percentile": percentile_among(row["mean_gain"], gain),
        "quality_percentile": percentile_among(row["mean_quality"], quality),
        **_spread("random_gain", gain),
        **_spread("random_quality", quality),
    }


def _spread(name: str, values: np.ndarray) -> dict[str, float]:
    known = values[~np.isnan(values)]
    if not len(known):
        return {f"{name}_{part}": math.nan for part in ("mean", "p1", "p99")}
    low, high = np.percentile(known, [1, 99])
    return {f"{name}_mean": float(known.mean()), f"{name}_p1": float(low), f"{name}_p99": float(high)}
