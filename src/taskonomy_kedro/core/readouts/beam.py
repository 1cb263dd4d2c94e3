"""Which source sets are tried at each order, from how well single sources did."""

from collections.abc import Collection, Mapping, Sequence
from itertools import combinations

SourceSet = tuple[str, ...]


def first_order(sources: Sequence[str]) -> list[SourceSet]:
    """Return each source alone, the target's own encoder among them."""
    return [(source,) for source in sources]


def rank_sources(
    validation: Mapping[str, float], target: str, not_combined: Collection[str] = ()
) -> list[str]:
    """Order the sources by the validation loss of their first-order transfer, the best first.

    Losses on the test split are not used. Ties keep the order of the names.

    Args:
        validation: Mean loss by source; without sources whose readout failed.
        target: The target, whose own encoder is not combined with others.
        not_combined: Other sources that are not combined, such as the random projection.

    Source: Zamir et al. 2018, section 3.2, and the published files; docs/method.md.

    Example:
        >>> losses = {"normal": 0.2, "reshading": 0.1, "random_projection": 0.05}
        >>> rank_sources(losses, "curvature", ["random_projection"])
        ['reshading', 'normal']
    """
    able = [name for name in validation if name not in (target, *not_combined)]
    return sorted(able, key=lambda name: (validation[name], name))


def higher_order(
    ranking: Sequence[str], order: int, widths: Mapping[int, int], *, limit: int | None = None
) -> list[SourceSet]:
    """Return the source sets of an order ≥ 2: combinations of the best, or the best alone.

    Args:
        ranking: Sources, the best first.
        order: Sources of one set.
        widths: By order, of how many of the best all combinations are taken; at other orders the best
            `order` make the one set (a beam of one).
        limit: Most sets; those of the best sources come first.

    Returns:
        Sorted names of each set; none where the ranking is too short.

    Example:
        >>> higher_order(["normal", "reshading", "curvature"], 2, {2: 3})
        [('normal', 'reshading'), ('curvature', 'normal'), ('curvature', 'reshading')]
    """
    width = widths.get(order, order)
    sets = combinations(range(min(width, len(ranking))), order)
    by_rank = sorted(sets, key=lambda ranks: (sum(ranks), ranks))[:limit]
    return [tuple(sorted(ranking[rank] for rank in ranks)) for ranks in by_rank]
