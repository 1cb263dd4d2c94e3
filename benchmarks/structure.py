"""Holds what a run found against the tables published with the paper, target by target.

Usage: python benchmarks/structure.py --published DIR [--set default] [--beside 1k] [--data data ...]

Several data folders are runs with different seeds: each has a column, beside them their averaged
affinities, how the runs agree with each other and how the published set agrees with another one; at the
end comes the mean and spread of every measure. The rank correlation is that of our first-order
affinities with the published ones, over the sources that both have.
"""

import argparse
import itertools
import math
import statistics
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pandas as pd
from scipy.stats import spearmanr

from taskonomy_kedro.core.affinity import CandidateScore, read_published_tables
from taskonomy_kedro.core.affinity.tables import read_scores
from taskonomy_kedro.core.taxonomy.settings import TreeSettings
from taskonomy_kedro.core.taxonomy.tree import similarity_tree

SURFACE_TASKS = (
    "depth_zbuffer",
    "depth_euclidean",
    "normal",
    "reshading",
    "curvature",
    "edge_occlusion",
    "keypoints3d",
    "segment_unsup25d",
)
BUDGETS = (1, 2, 4, 8, 16)


def first_order(scores: Sequence[CandidateScore]) -> dict[str, dict[str, float]]:
    """Return the affinity by source, for each target; full supervision and scratch are no sources."""
    found: dict[str, dict[str, float]] = {}
    for score in scores:
        candidate = score.candidate
        if candidate.order == 1 and candidate.kind != "full_supervision":
            found.setdefault(candidate.target, {})[candidate.sources[0]] = score.affinity
    return found


def agreement(
    ours: dict[str, dict[str, float]], theirs: dict[str, dict[str, float]]
) -> dict[str, tuple[float, int]]:
    """Return Spearman's rank correlation over the common sources, and their number, by target."""
    found = {}
    for target in sorted(set(ours) & set(theirs)):
        common = sorted(set(ours[target]) & set(theirs[target]))
        pairs = [[side[target][source] for source in common] for side in (ours, theirs)]
        found[target] = (float(spearmanr(*pairs).statistic), len(common))
    return found


def newest(data: Path, name: str) -> pd.DataFrame:
    """Read the newest version of a table, wherever in the data folder it lies."""
    versions = sorted(data.glob(f"*/{name}.parquet/*/{name}.parquet"))
    if not versions:
        raise SystemExit(f"{data}: no {name}.parquet; run `kedro run` first")
    return pd.read_parquet(versions[-1])


def own_scores(data: Path) -> list[CandidateScore]:
    """Read the scores that a run stored."""
    return read_scores(newest(data, "affinities"), newest(data, "win_rates"))


def best_is_full(scores: Sequence[CandidateScore]) -> list[str]:
    """Return the targets whose best candidate is the network trained on all labels."""
    best: dict[str, CandidateScore] = {}
    for score in scores:
        known = best.get(score.candidate.target)
        if known is None or score.affinity > known.affinity:
            best[score.candidate.target] = score
    return sorted(target for target, score in best.items() if score.candidate.kind == "full_supervision")


def average(runs: Sequence[dict[str, dict[str, float]]]) -> dict[str, dict[str, float]]:
    """Return the geometric mean of the affinities of several runs."""
    return {
        target: {s: math.exp(statistics.fmean(math.log(run[target][s]) for run in runs)) for s in sources}
        for target, sources in runs[0].items()
    }


def between(runs: Sequence[dict[str, dict[str, float]]]) -> dict[str, float]:
    """Return by target how two runs agree, the mean of all pairs; nothing for a single run."""
    pairs = [agreement(one, other) for one, other in itertools.combinations(runs, 2)]
    return {target: statistics.fmean(pair[target][0] for pair in pairs) for target in runs[0] if pairs}


def together(scores: Sequence[CandidateScore], n_families: int) -> int:
    """Return how many of the eight 3D tasks stand in one cluster."""
    tree = similarity_tree(scores, TreeSettings(n_families=n_families))
    family = dict(zip(tree.sources, tree.family.tolist(), strict=True))
    groups = [family[name] for name in SURFACE_TASKS if name in family]
    return max(groups.count(group) for group in set(groups))


def tell_agreement(
    runs: Sequence[dict[str, dict[str, float]]],
    theirs: dict[str, dict[str, float]],
    beside: dict[str, dict[str, float]],
) -> None:
    """Print the rank correlations with the published affinities, a target a line."""
    columns = [
        *(agreement(run, theirs) for run in runs),
        agreement(average(runs), theirs),
        {target: (value, 0) for target, value in between(runs).items()},
        agreement(theirs, beside),
    ]
    names = [*(f"run {k + 1}" for k in range(len(runs))), "averaged", "between runs", "published"]
    print(f"| target | sources | {' | '.join(names)} |")
    print(f"|---|---|{'---|' * len(columns)}")

    def line(values: Sequence[float | None]) -> str:
        return " | ".join("–" if value is None else f"{value:.2f}" for value in values)

    for target, (_, n_common) in sorted(columns[len(runs)].items(), key=lambda item: -item[1][0]):
        values = [column[target][0] if target in column else None for column in columns]
        print(f"| {target} | {n_common} | {line(values)} |")
    shown = columns[0].keys()
    means = [
        statistics.fmean(column[target][0] for target in shown if target in column) if column else None
        for column in columns
    ]
    print(f"| mean | | {line(means)} |")


def tell_structure(data: Path, scores: Sequence[CandidateScore]) -> None:
    """Print the families, the best candidates, and what to label by budget."""
    print(f"\n{data}: families of the tree")
    tree = similarity_tree(scores, TreeSettings())
    family = dict(zip(tree.sources, tree.family.tolist(), strict=True))
    for number in sorted(set(family.values())):
        print(f"  {number}: {', '.join(name for name in tree.sources if family[name] == number)}")
    targets = sorted({score.candidate.target for score in scores})
    print(f"full supervision is not best for {', '.join(sorted(set(targets) - set(best_is_full(scores))))}")
    summary = newest(data, "taxonomy_summary")
    for budget in BUDGETS:
        print(f"  budget {budget}: {', '.join(of_budget(summary, budget)['sources_used'])}")


def of_budget(table: pd.DataFrame, budget: float) -> "pd.Series[Any]":
    """Return the row of a budget with transfers of every order that there is."""
    is_meant = (table["budget"] == budget) & (table["max_order"] == table["max_order"].max())
    row: pd.Series[Any] = table[is_meant].iloc[0]
    return row


def measures_of(
    data: Path, scores: Sequence[CandidateScore], theirs: dict[str, dict[str, float]]
) -> dict[str, float]:
    """Return everything that is measured of one run, by its name."""
    sanity, summary = newest(data, "sanity_table"), newest(data, "taxonomy_summary")
    significance = newest(data, "significance")
    correlations = agreement(first_order(scores), theirs).values()
    found = {
        "rank correlation with the published affinities": statistics.fmean(
            value for value, _ in correlations
        ),
        "test images on which networks beat the average guess, %": 100 * sanity["beats_average_guess"].mean(),
        "… a random network, %": 100 * sanity["beats_random_readout"].mean(),
        "targets for which full supervision is best": len(best_is_full(scores)),
    }
    found |= {f"3D tasks in one cluster of {n}": together(scores, n) for n in (3, 4)}
    for budget in BUDGETS:
        told, drawn = of_budget(summary, budget), of_budget(significance, budget)
        found[f"gain at budget {budget}"] = told["mean_gain"]
        found[f"quality at budget {budget}"] = told["mean_quality"]
        found[f"percentile of gain at budget {budget}"] = drawn["gain_percentile"]
        found[f"percentile of quality at budget {budget}"] = drawn["quality_percentile"]
    return found


def tell_measures(runs: Sequence[Mapping[str, float]]) -> None:
    """Print every measure of each run, with mean and spread (standard deviation)."""
    print(f"\n| measure | {' | '.join(f'run {k + 1}' for k in range(len(runs)))} | mean | spread |")
    print(f"|---|{'---|' * (len(runs) + 2)}")
    for name in runs[0]:
        values = [float(run[name]) for run in runs]
        spread = f"{statistics.stdev(values):.3g}" if len(values) > 1 else "–"
        columns = [*(f"{value:.4g}" for value in values), f"{statistics.fmean(values):.4g}", spread]
        print(f"| {name} | {' | '.join(columns)} |")


def main() -> None:
    """Print everything."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--published", type=Path, required=True)
    parser.add_argument("--set", default="default")
    parser.add_argument("--beside", default="1k")
    parser.add_argument("--data", type=Path, nargs="+", default=[Path("data")])
    arguments = parser.parse_args()
    theirs, beside = (
        first_order(read_published_tables(arguments.published, name).scores)
        for name in (arguments.set, arguments.beside)
    )
    scores = [own_scores(folder) for folder in arguments.data]
    tell_agreement([first_order(run) for run in scores], theirs, beside)
    for folder, run in zip(arguments.data, scores, strict=True):
        tell_structure(folder, run)
    tell_measures(
        [measures_of(folder, run, theirs) for folder, run in zip(arguments.data, scores, strict=True)]
    )


if __name__ == "__main__":
    main()
