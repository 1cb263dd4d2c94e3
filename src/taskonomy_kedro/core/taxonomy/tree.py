"""The similarity tree of the sources: which tasks transfer alike."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.cluster.hierarchy import fcluster, leaves_list, linkage

from taskonomy_kedro.core.affinity import CandidateScore
from taskonomy_kedro.core.errors import UserError
from taskonomy_kedro.core.taxonomy.settings import TreeSettings


@dataclass(frozen=True, kw_only=True)
class SimilarityTree:
    """Sources agglomerated by how they transfer.

    Attributes:
        sources: Leaf names; the row index is the number of the leaf in `merges`.
        merges: One merge a row, shape (n_sources - 1, 4), float64: the two clusters joined (numbers
            below n_sources are leaves, n_sources + k is the k-th merge), their distance, the number
            of leaves below.
        family: Number of the family of each leaf, 1, 2, … in the order in which they are drawn.
        leaf_order: Position at which each leaf is drawn, from 0.
    """

    sources: tuple[str, ...]
    merges: NDArray[np.float64]
    family: NDArray[np.int64]
    leaf_order: NDArray[np.int64]


def similarity_tree(scores: Sequence[CandidateScore], settings: TreeSettings) -> SimilarityTree:
    """Cluster the sources by their pattern of transferring out.

    A source has one feature for each target: its rank among the sources by first-order affinity,
    divided by their number, ties sharing the mean rank. Or e^(-beta·P), with P that affinity as a share
    of the target's first-order block (full supervision included). A missing transfer counts as P = 0:
    it was worth nothing, or could not be trained.

    Args:
        scores: Candidates of every order; those with one source are used.
        settings: Linkage, number of families, features.

    Raises:
        UserError: Fewer than two sources, or more families than sources.

    Source: Zamir et al. 2018, figures 7 and 13. The paper names neither linkage nor distance.
    """
    sources, shares = _shares_of_sources(scores)
    if len(sources) < 2:
        raise UserError(
            f"a similarity tree needs first-order transfers from two sources, got {list(sources)}"
        )
    if settings.n_families > len(sources):
        raise UserError(
            f"tree.n_families must be at most the number of sources, {len(sources)}, "
            f"got {settings.n_families}"
        )
    if settings.features == "rank":
        features = pd.DataFrame(shares).rank(axis="index").to_numpy() / len(sources)
    else:
        features = np.exp(-settings.beta * shares)
    merges = linkage(features, method=settings.linkage)
    drawn = leaves_list(merges)
    leaf_order = np.empty(len(sources), dtype=np.int64)
    leaf_order[drawn] = np.arange(len(sources))
    cut = fcluster(merges, settings.n_families, criterion="maxclust")
    number = {label: rank + 1 for rank, label in enumerate(dict.fromkeys(cut[drawn].tolist()))}
    family = np.array([number[label] for label in cut.tolist()], dtype=np.int64)
    return SimilarityTree(sources=sources, merges=merges, family=family, leaf_order=leaf_order)


def _shares_of_sources(scores: Sequence[CandidateScore]) -> tuple[tuple[str, ...], NDArray[np.float64]]:
    """Return the sources, and the share of each in the first order of each target, (n_sources, n_targets)."""
    block = [s for s in scores if s.candidate.order == 1]
    transfers = [s for s in block if s.candidate.kind != "full_supervision"]
    sources = tuple(sorted({s.candidate.sources[0] for s in transfers}))
    targets = sorted({s.candidate.target for s in block})
    total = dict.fromkeys(targets, 0.0)
    for score in block:
        total[score.candidate.target] += score.affinity
    shares = np.zeros((len(sources), len(targets)))
    for score in transfers:
        target = score.candidate.target
        row, column = sources.index(score.candidate.sources[0]), targets.index(target)
        if total[target] > 0:
            shares[row, column] = max(shares[row, column], score.affinity / total[target])
    return sources, shares
