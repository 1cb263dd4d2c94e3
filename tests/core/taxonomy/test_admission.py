import numpy as np
import pytest
from tests.scores import random_scores, score, scratch

from taskonomy_kedro.core.errors import UserError
from taskonomy_kedro.core.taxonomy import ProgramSettings
from taskonomy_kedro.core.taxonomy.admission import admit, drop_dominated

SCORES = [
    score("a", "a", affinity=0.5, kind="full_supervision"),
    score("a", "a", affinity=0.2),
    score("a", "b", affinity=0.2),
    score("a", "b", "c", affinity=0.1),
    score("b", "b", affinity=0.6, kind="full_supervision"),
    score("b", "a", affinity=0.4),
]


def labels(scores):
    return {(s.candidate.kind, s.candidate.transfer_id) for s in scores}


def transfers(*ids):
    return {("full_supervision" if i.startswith("full") else "transfer", i) for i in ids}


@pytest.mark.parametrize(
    ("roles", "targets", "left"),
    [
        ({"source_only": ["b"]}, ("a",), ["full_supervision->a", "a->a", "b->a", "b+c->a"]),
        ({"target_only": ["b"]}, ("a", "b"), ["full_supervision->a", "a->a", "a->b"]),
        ({"exclude": ["b"]}, ("a",), ["full_supervision->a", "a->a"]),
        ({"allow_full_supervision": False}, ("a", "b"), ["b->a", "b+c->a", "a->b"]),
    ],
)
def test_roles(roles, targets, left):
    admitted = admit(SCORES, ProgramSettings(**roles))
    assert admitted.targets == targets
    assert labels(admitted.scores) == transfers(*left)


def test_scratch_networks_are_never_chosen():
    assert labels(admit([*SCORES, scratch("a")], ProgramSettings()).scores) == labels(SCORES)


@pytest.mark.parametrize(
    ("setting", "value"),
    [
        ("importance", {"d": 1}),
        ("label_cost", {"d": 1}),
        ("source_only", ["d"]),
        ("target_only", ["d"]),
        ("exclude", ["d"]),
    ],
)
def test_a_task_that_the_table_lacks_is_refused(setting, value):
    with pytest.raises(ValueError, match=f"program.{setting} names the unknown task 'd'"):
        admit(SCORES, ProgramSettings(**{setting: value}))


def test_an_empty_table_is_refused():
    with pytest.raises(UserError, match="table of affinities is empty"):
        admit([], ProgramSettings())


def test_no_target_left_is_refused():
    with pytest.raises(ValueError, match="exclude every target"):
        admit(SCORES, ProgramSettings(exclude=["a"], source_only=["b"]))


def test_prices_too_far_apart_to_be_told_are_refused():
    with pytest.raises(ValueError, match=r"most expensive label may cost 1e\+06 times .* got 1 and 1e-07"):
        admit(SCORES, ProgramSettings(label_cost={"a": 1e-7}))
    admit(SCORES, ProgramSettings(label_cost={"a": 1e9, "b": 1e12, "c": 1e9}))


def test_no_candidate_left_is_refused():
    with pytest.raises(ValueError, match="no candidate remains to choose from: program.target_only"):
        admit(SCORES, ProgramSettings(target_only=["a", "b", "c"]))


def test_only_candidates_beaten_by_a_subset_of_their_sources_are_dropped():
    better_pair = score("a", "b", "c", affinity=0.3)
    kept = drop_dominated([SCORES[2], SCORES[3], better_pair])
    # the pair of 0.1 loses to b alone; the pair of 0.3 does not; ties fall to fewer sources
    assert kept == [better_pair, SCORES[2]]
    assert drop_dominated([score("a", "b", "c", affinity=0.2), SCORES[2]]) == [SCORES[2]]


def test_every_dropped_candidate_has_a_rival_that_needs_no_more():
    scores = random_scores(np.random.default_rng(0), n_tasks=6, n_targets=4, n_higher=20)
    kept = drop_dominated(scores)
    dropped = [s for s in scores if s not in kept]
    assert 10 < len(dropped) < len(scores)
    for loser in dropped:
        assert any(
            rival.candidate.target == loser.candidate.target
            and set(rival.candidate.sources) <= set(loser.candidate.sources)
            and rival.affinity >= loser.affinity
            for rival in kept
        )
