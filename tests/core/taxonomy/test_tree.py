import math

import numpy as np
import pytest
from tests.scores import score

from taskonomy_kedro.core.affinity import read_published_tables
from taskonomy_kedro.core.tasks import TASKS
from taskonomy_kedro.core.taxonomy import TreeSettings, similarity_tree


def block(patterns: dict[str, list[float]]) -> list:
    """Affinities of each source into the targets t0, t1, …; full supervision takes the rest."""
    n_targets = len(next(iter(patterns.values())))
    scores = []
    for t in range(n_targets):
        rest = 1 - sum(pattern[t] for pattern in patterns.values())
        scores.append(score(f"t{t}", f"t{t}", affinity=rest, kind="full_supervision"))
        scores += [score(f"t{t}", source, affinity=pattern[t]) for source, pattern in patterns.items()]
    return scores


@pytest.mark.parametrize(
    ("features", "distance"),
    [
        # of a and c by hand: ranks 3 and 4 of four in one target, 1.5 both in the other
        ("rank", 1 / 4),
        ("exponential", math.exp(-2) - math.exp(-2.2)),
    ],
)
def test_sources_with_like_patterns_join_first(features, distance):
    scores = block({"a": [0.1, 0.01], "b": [0.01, 0.1], "c": [0.11, 0.01], "d": [0.01, 0.12]})
    tree = similarity_tree(scores, TreeSettings(n_families=2, features=features))
    assert tree.sources == ("a", "b", "c", "d")
    assert tree.family[0] == tree.family[2] != tree.family[1] == tree.family[3]
    assert {tuple(sorted(merge[:2].astype(int))) for merge in tree.merges[:2]} == {(0, 2), (1, 3)}
    joined = next(m for m in tree.merges if set(m[:2]) == {0, 2})
    assert joined[2] == pytest.approx(distance)


def test_a_target_that_one_source_has_to_itself_counts_no_more_than_others():
    ordered = {"a": [0.60, 0.20, 0.30, 0.01], "b": [0.02, 0.10, 0.20, 0.02], "c": [0.01, 0.05, 0.10, 0.03]}
    milder = ordered | {"a": [0.03, 0.20, 0.30, 0.01]}
    one, other = (similarity_tree(block(p), TreeSettings(n_families=1)) for p in (ordered, milder))
    np.testing.assert_array_equal(one.merges, other.merges)


def test_beta_is_the_steepness_of_exponential_features():
    scores = block({"a": [0.1, 0.01], "c": [0.11, 0.01]})
    gentle = similarity_tree(scores, TreeSettings(n_families=1, features="exponential", beta=5))
    assert gentle.merges[0, 2] == pytest.approx(math.exp(-0.5) - math.exp(-0.55))


def test_families_are_numbered_as_they_are_drawn():
    tree = similarity_tree(
        block({f"s{i}": [0.02 * i, 0.1 - 0.02 * i] for i in range(5)}), TreeSettings(n_families=3)
    )
    assert sorted(tree.leaf_order) == list(range(5))
    drawn = tree.family[np.argsort(tree.leaf_order)]
    assert list(drawn) == sorted(drawn)
    assert set(drawn) == {1, 2, 3}


def test_higher_orders_do_not_move_the_tree():
    scores = block({"a": [0.2, 0.05], "b": [0.03, 0.2], "c": [0.05, 0.1]})
    more = [*scores, score("t0", "a", "b", affinity=5.0), score("t1", "b", "c", affinity=2.0)]
    one, other = (similarity_tree(s, TreeSettings(n_families=2)) for s in (scores, more))
    np.testing.assert_array_equal(one.merges, other.merges)


def test_a_missing_transfer_counts_as_worth_nothing():
    scores = block({"a": [0.2, 0.1], "b": [0.2, 0.0]})
    missing = [s for s in scores if s.candidate.transfer_id != "b->t1"]
    tree, full = (
        similarity_tree(missing, TreeSettings(n_families=1)),
        similarity_tree(scores, TreeSettings(n_families=1)),
    )
    np.testing.assert_array_equal(tree.merges, full.merges)


def test_what_cannot_be_cut_is_refused():
    with pytest.raises(ValueError, match="from two sources, got \\['a'\\]"):
        similarity_tree(block({"a": [0.2]}), TreeSettings())
    with pytest.raises(ValueError, match="at most the number of sources, 2, got 3"):
        similarity_tree(block({"a": [0.2], "b": [0.1]}), TreeSettings(n_families=3))


@pytest.mark.parametrize("published_set", ["default", "1k"])
@pytest.mark.parametrize(
    ("features", "linkage"),
    [("rank", "ward"), ("rank", "average"), ("rank", "complete"), ("exponential", "ward")],
)
def test_the_published_tables_put_the_3d_tasks_together(published_dir, published_set, features, linkage):
    scores = read_published_tables(published_dir, published_set).scores
    tree = similarity_tree(scores, TreeSettings(features=features, linkage=linkage))
    family_of = dict(zip(tree.sources, tree.family.tolist(), strict=True))
    expected = {name for name, task in TASKS.items() if task.family == "3d"}
    assert {source for source in tree.sources if family_of[source] == family_of["normal"]} == expected
