"""Compares the results of a run with the tables published with the paper, target by target.

Usage: python benchmarks/structure.py --published DIR [--set default] [--beside 1k] [--data data ...]

Several data folders are runs with different seeds: each has a column, beside them their averaged
affinities, how the runs agree with each other and how the published set agrees with another one; then
comes the mean and spread of every measure, and at the end the published sets measured the same way, under
the order cap of our runs. The rank correlation is that of our first-order affinities with the published
ones, over the sources that both have.
"""

import argparse
import itertools
import math
import statistics
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd
from scipy.stats import spearmanr

from taskonomy_kedro.core.affinity import CandidateScore, read_published_tables
from taskonomy_kedro.core.affinity.affinity_tables import read_scores
from taskonomy_kedro.core.taxonomy import (
    ProgramSettings,
    SignificanceSettings,
    TreeSettings,
    similarity_tree,
    solve_taxonomies,
)
from taskonomy_kedro.core.taxonomy.admission import admit
from taskonomy_kedro.core.taxonomy.taxonomy_tables import tabulate_significance, tabulate_summary

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
SOLVED = ("taxonomy_summary", "significance")  # what the last pipeline computes from the shipped tables
TABLES = ("affinities", "win_rates", "sanity_table", *SOLVED)

Affinities = dict[str, dict[str, float]]  # by target and source


@dataclass(frozen=True, kw_only=True)
class Found:
    """What a run stored, or what the same program computes from a published set.

    Attributes:
        name: Folder or set.
        scores: Of all candidates.
        summary: Gain and quality by budget and order cap.
        significance: Percentiles among random policies, likewise.
        sanity: How the networks do against guess and random network; None of a published set.
    """

    name: str
    scores: Sequence[CandidateScore]
    summary: pd.DataFrame
    significance: pd.DataFrame
    sanity: pd.DataFrame | None = None


def first_order(scores: Sequence[CandidateScore]) -> Affinities:
    """Return the affinity by source, for each target; full supervision and scratch are not sources."""
    found: Affinities = {}
    for score in scores:
        candidate = score.candidate
        if candidate.order == 1 and candidate.kind != "full_supervision":
            found.setdefault(candidate.target, {})[candidate.sources[0]] = score.affinity
    return found


def agreement(ours: Affinities, theirs: Affinities) -> dict[str, tuple[float, int]]:
    """Return Spearman's rank correlation over the common sources, and their number, by target."""
    found = {}
    for target in sorted(set(ours) & set(theirs)):
        common = sorted(set(ours[target]) & set(theirs[target]))
        pairs = [[side[target][source] for source in common] for side in (ours, theirs)]
        found[target] = (float(spearmanr(*pairs).statistic), len(common))
    return found


def read_run(data: Path) -> Found:
    """Read the newest version of every table of a run; a missing one stops the script first."""
    found = {name: sorted(data.glob(f"*/{name}.parquet/*/{name}.parquet")) for name in TABLES}
    missing = [name for name, versions in found.items() if not versions]
    if missing:
        environment = f" --env={data.name}" if data.parent.name == "data" else ""
        pipelines = " --pipelines=taxonomy" if set(missing) <= set(SOLVED) else ""
        raise SystemExit(
            f"{data}: no {', '.join(missing)}; run `kedro run{environment}{pipelines}` first in the "
            "project of that folder"
        )
    tables = {name: pd.read_parquet(versions[-1]) for name, versions in found.items()}
    return Found(
        name=str(data),
        scores=read_scores(tables["affinities"], tables["win_rates"]),
        summary=tables["taxonomy_summary"],
        significance=tables["significance"],
        sanity=tables["sanity_table"],
    )


def solve_published(directory: Path, published_set: str, max_order: int) -> Found:
    """Solve a published set with the default settings, under the order cap of our runs."""
    scores = read_published_tables(directory, published_set).scores
    program = ProgramSettings(budgets=BUDGETS, max_orders=(max_order,))
    summary = tabulate_summary(solve_taxonomies(admit(scores, program)))
    significance, _ = tabulate_significance(admit(scores, program), summary, SignificanceSettings())
    return Found(name=published_set, scores=scores, summary=summary, significance=significance)


def best_is_full(scores: Sequence[CandidateScore]) -> list[str]:
    """Return the targets whose best candidate is the network trained on all labels."""
    best: dict[str, CandidateScore] = {}
    for score in scores:
        if math.isnan(score.affinity):  # scratch networks have none, and nothing is above NaN
            continue
        known = best.get(score.candidate.target)
        if known is None or score.affinity > known.affinity:
            best[score.candidate.target] = score
    return sorted(target for target, score in best.items() if score.candidate.kind == "full_supervision")


def average(runs: Sequence[Affinities]) -> Affinities:
    """Return the geometric mean of the affinities of several runs."""
    return {
        target: {s: math.exp(statistics.fmean(math.log(run[target][s]) for run in runs)) for s in sources}
        for target, sources in runs[0].items()
    }


def between(runs: Sequence[Affinities]) -> dict[str, float]:
    """Return by target how two runs agree, the mean of all pairs; empty for a single run."""
    pairs = [agreement(one, other) for one, other in itertools.combinations(runs, 2)]
    return {target: statistics.fmean(pair[target][0] for pair in pairs) for target in runs[0] if pairs}


def together(scores: Sequence[CandidateScore], n_families: int) -> int:
    """Return how many of the eight 3D tasks are in one cluster."""
    tree = similarity_tree(scores, TreeSettings(n_families=n_families))
    family = dict(zip(tree.sources, tree.family.tolist(), strict=True))
    groups = [family[name] for name in SURFACE_TASKS if name in family]
    return max(groups.count(group) for group in set(groups))


def tell_agreement(
    runs: Sequence[Affinities],
    theirs: Affinities,
    beside: Affinities,
) -> None:
    """Print the rank correlations with the published affinities, one line per target."""
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


def tell_structure(run: Found) -> None:
    """Print the families, the best candidates, and what to label by budget."""
    print(f"\n{run.name}: families of the tree")
    tree = similarity_tree(run.scores, TreeSettings())
    family = dict(zip(tree.sources, tree.family.tolist(), strict=True))
    for number in sorted(set(family.values())):
        print(f"  {number}: {', '.join(name for name in tree.sources if family[name] == number)}")
    others = sorted({score.candidate.target for score in run.scores} - set(best_is_full(run.scores)))
    print(f"full supervision is not best for {', '.join(others) or 'none'}")
    for budget in BUDGETS:
        print(f"  budget {budget}: {', '.join(of_budget(run.summary, budget)['sources_used'])}")


def of_budget(table: pd.DataFrame, budget: float) -> "pd.Series[Any]":
    """Return the row of a budget with transfers of every order."""
    is_meant = (table["budget"] == budget) & (table["max_order"] == table["max_order"].max())
    row: pd.Series[Any] = table[is_meant].iloc[0]
    return row


def measures_of(run: Found, published: Mapping[str, Affinities]) -> dict[str, float]:
    """Return all measures of one run or published set, by name."""
    found = {}
    for name, theirs in published.items():
        correlations = agreement(first_order(run.scores), theirs).values()
        found[f"rank correlation with the published set {name}"] = statistics.fmean(
            value for value, _ in correlations
        )
    if run.sanity is not None:
        beats = "test images on which networks beat the average guess, %", "… a random network, %"
        for name, column in zip(beats, ("beats_average_guess", "beats_random_readout"), strict=True):
            found[name] = 100 * run.sanity[column].mean()
    found["targets for which full supervision is best"] = len(best_is_full(run.scores))
    found["targets"] = len({score.candidate.target for score in run.scores})
    found |= {f"3D tasks in one cluster of {n}": together(run.scores, n) for n in (3, 4)}
    for budget in BUDGETS:
        told, drawn = of_budget(run.summary, budget), of_budget(run.significance, budget)
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


def tell_published(sets: Mapping[str, Mapping[str, float]], max_order: int) -> None:
    """Print the same measures of the published sets."""
    print(f"\nPublished sets, transfers of up to {max_order} sources as in our runs:\n")
    print(f"| measure | {' | '.join(sets)} |")
    print(f"|---|{'---|' * len(sets)}")
    for name in next(iter(sets.values())):
        print(f"| {name} | {' | '.join(f'{measures[name]:.4g}' for measures in sets.values())} |")


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
    runs = [read_run(folder) for folder in arguments.data]
    max_order = max(int(run.summary["max_order"].max()) for run in runs)
    sets = {
        name: solve_published(arguments.published, name, max_order)
        for name in (arguments.set, arguments.beside)
    }
    theirs = {name: first_order(found.scores) for name, found in sets.items()}
    own = [first_order(run.scores) for run in runs]
    tell_agreement(own, theirs[arguments.set], theirs[arguments.beside])
    for run in runs:
        tell_structure(run)
    tell_measures([measures_of(run, theirs) for run in runs])
    tell_published({name: measures_of(found, theirs) for name, found in sets.items()}, max_order)


if __name__ == "__main__":
    main()
