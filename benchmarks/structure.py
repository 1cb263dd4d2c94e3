"""Holds what a run found against the tables published with the paper, target by target.

Usage: python benchmarks/structure.py --published DIR [--set default] [--data data ...]

Several data folders are runs with different seeds: each has a column, and the last line their mean and
spread. The rank correlation is that of our first-order affinities with the published ones, over the
sources that both have.
"""

import argparse
import statistics
from collections.abc import Sequence
from pathlib import Path

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


def tell_structure(data: Path, scores: Sequence[CandidateScore]) -> None:
    """Print the families, the best candidates, and gain and quality by budget."""
    tree = similarity_tree(scores, TreeSettings())
    family = dict(zip(tree.sources, tree.family.tolist(), strict=True))
    print("\nfamilies of the tree:")
    for number in sorted(set(family.values())):
        print(f"  {number}: {', '.join(name for name in tree.sources if family[name] == number)}")
    groups = [family[name] for name in SURFACE_TASKS if name in family]
    print(f"  most of the eight 3D tasks in one family: {max(groups.count(g) for g in set(groups))}")
    targets = sorted({score.candidate.target for score in scores})
    full = best_is_full(scores)
    print(
        f"full supervision is best for {len(full)} of {len(targets)} targets; "
        f"not for {', '.join(sorted(set(targets) - set(full)))}"
    )
    summary, significance = newest(data, "taxonomy_summary"), newest(data, "significance")
    order = summary["max_order"].max()
    print("| budget | sources | gain | quality | percentile among random |")
    print("|---|---|---|---|---|")
    for budget in BUDGETS:
        row = summary[(summary["budget"] == budget) & (summary["max_order"] == order)].iloc[0]
        drawn = significance[(significance["budget"] == budget) & (significance["max_order"] == order)]
        columns = [c for c in drawn.columns if "percentile" in c]
        share = ", ".join(f"{c} {drawn.iloc[0][c]:.1f}" for c in columns) if len(drawn) else "-"
        print(
            f"| {budget} | {', '.join(row['sources_used'])} | {row['mean_gain']:.3f} "
            f"| {row['mean_quality']:.3f} | {share} |"
        )


def main() -> None:
    """Print everything."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--published", type=Path, required=True)
    parser.add_argument("--set", default="default")
    parser.add_argument("--data", type=Path, nargs="+", default=[Path("data")])
    arguments = parser.parse_args()
    theirs = first_order(read_published_tables(arguments.published, arguments.set).scores)
    scores = [own_scores(folder) for folder in arguments.data]
    columns = [agreement(first_order(run), theirs) for run in scores]
    print(f"| target | sources | {' | '.join(f'Spearman, run {k + 1}' for k in range(len(columns)))} |")
    print(f"|---|---|{'---|' * len(columns)}")
    for target, (_, n_common) in sorted(columns[0].items(), key=lambda item: -item[1][0]):
        print(
            f"| {target} | {n_common} | {' | '.join(f'{c[target][0]:.2f}' for c in columns if target in c)} |"
        )
    means = [statistics.fmean(value for value, _ in column.values()) for column in columns]
    spread = f", spread {statistics.stdev(means):.3f}" if len(means) > 1 else ""
    print(
        f"mean over targets: {', '.join(f'{m:.3f}' for m in means)}; "
        f"mean {statistics.fmean(means):.3f}{spread}"
    )
    for folder, run in zip(arguments.data, scores, strict=True):
        tell_structure(folder, run)


if __name__ == "__main__":
    main()
