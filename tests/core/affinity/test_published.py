import math
import pickle
from collections import Counter
from pathlib import Path

import numpy as np
import pytest

from taskonomy_kedro.core.affinity import read_published_tables

FILES = ("all_affinities", "wins_vs_task", "wins_vs_pixels")


def write_set(directory: Path, **changes: dict) -> Path:
    """Write a set of two targets in the published form; a change replaces one file's content."""
    keys = ["self__rgb2sfnorm", "reshade__rgb2sfnorm", "reshade__edge3d__rgb2sfnorm", "self__reshade"]
    content = {
        "all_affinities": dict.fromkeys([*keys, "random__reshade"], np.float64(0.25)),
        "wins_vs_task": dict.fromkeys([*keys, "random__reshade"], np.float64(0.5)),
        "wins_vs_pixels": dict.fromkeys([*keys, "random__reshade", "pixels__reshade"], np.float64(0.75)),
    }
    for stem in FILES:
        (directory / f"{stem}.pkl").write_bytes(pickle.dumps(changes.get(stem, content[stem]), protocol=2))
    return directory


def test_keys_become_candidates_under_the_projects_names(tmp_path):
    tables = read_published_tables(write_set(tmp_path), "default")
    found = {(s.candidate.transfer_id, s.candidate.kind) for s in tables.scores}
    assert found == {
        ("full_supervision->normal", "full_supervision"),
        ("reshading->normal", "transfer"),
        ("edge_occlusion+reshading->normal", "transfer"),
        ("full_supervision->reshading", "full_supervision"),
        ("random_projection->reshading", "random"),
        ("scratch->reshading", "scratch"),
    }


def test_a_key_in_one_file_only_is_reported(tmp_path):
    lacking = {"self__rgb2sfnorm": 0.5}
    tables = read_published_tables(write_set(tmp_path, wins_vs_task=lacking), "default")
    (note,) = tables.notes
    assert note.startswith("wins_vs_task.pkl lacks edge_occlusion+reshading->normal,")
    assert note.endswith("and 1 more, found in another file")
    assert sum(math.isnan(score.quality) for score in tables.scores) == 5


def test_degenerate_rows_are_told_and_dropped_on_request(tmp_path):
    gains = {"self__rgb2sfnorm": 0.9, "reshade__rgb2sfnorm": 1.0, "reshade__edge3d__rgb2sfnorm": 0.5}
    write_set(tmp_path, wins_vs_pixels=gains)
    assert any(
        "1 candidates have a win rate of exactly 1" in n
        for n in read_published_tables(tmp_path, "default").notes
    )
    tables = read_published_tables(tmp_path, "default", drop_degenerate=True)
    into_normal = [s for s in tables.scores if s.candidate.target == "normal"]
    assert [s.affinity for s in into_normal] == [0.5, 0.5]
    assert "into normal" in tables.notes[-1]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (
            {"rgb2sfnormal__reshade": 0.5},
            r"all_affinities\.pkl: key 'rgb2sfnormal__reshade' .*mean 'rgb2sfnorm'",
        ),
        ({"reshade": 0.5}, "key 'reshade' must read 'source__target'"),
        ({"self__jigsaw__reshade": 0.5}, "'self' and 'pixels' cannot be combined"),
        ({"jigsaw__pixels": 0.5}, "key 'jigsaw__pixels' names no known task"),
        ({"jigsaw__reshade": "much"}, r"must hold a number in \[0, 1\], got 'much'"),
        ({"jigsaw__reshade": float("nan")}, r"must hold a number in \[0, 1\], got nan"),
        ({"jigsaw__reshade": 10**400}, r"number in \[0, 1\], got 1000000000.*…$"),
        ({"jigsaw__reshade": "0.5"}, r"number in \[0, 1\], got '0.5'"),
        ({"jigsaw__reshade": True}, r"number in \[0, 1\], got True"),
        ({"jigsaw__reshade": -3.0}, r"number in \[0, 1\], got -3.0"),
        ({"x" * 10000: 0.5}, "key 'xxx.*… must read"),
        ({"jigsaw__jigsaw__reshade": 0.5}, "sorted and distinct"),
        ({"jigsaw__edge3d__reshade": 0.5, "edge3d__jigsaw__reshade": 0.5}, "same sources and target"),
        ([1, 2], "expected a dict from transfer to number, got list"),
        ({}, "expected a dict from transfer to number, got an empty one"),
    ],
)
def test_a_bad_key_is_named_with_its_file(tmp_path, content, message):
    with pytest.raises(ValueError, match=message):
        read_published_tables(write_set(tmp_path, all_affinities=content), "default")


def test_what_is_missing_is_named(tmp_path):
    with pytest.raises(FileNotFoundError, match="nowhere: no such directory; published_dir must be"):
        read_published_tables(tmp_path / "nowhere", "default")
    write_set(tmp_path)
    with pytest.raises(FileNotFoundError, match=r"all_affinities_1k\.pkl: no such file; .*wins_vs_task\.pkl"):
        read_published_tables(tmp_path, "1k")
    with pytest.raises(ValueError, match="must be one of default, 1k, 16k, got '2k'"):
        read_published_tables(tmp_path, "2k")


# Facts of the real files, counted independently (docs/method.md, "The published tables")


@pytest.mark.parametrize(
    ("published_set", "orders"),
    [("default", {0: 22, 1: 594, 2: 220}), ("1k", {1: 616, 2: 220, 3: 232, 4: 350})],
)
def test_real_counts_per_order(published_dir, published_set, orders):
    scores = read_published_tables(published_dir, published_set).scores
    assert Counter(score.candidate.order for score in scores) == orders
    assert len({score.candidate.target for score in scores}) == 22


@pytest.mark.parametrize("drop_degenerate", [False, True])
def test_real_affinities_sum_to_one_over_all_orders(published_dir, drop_degenerate):
    for published_set in ("default", "1k"):
        tables = read_published_tables(published_dir, published_set, drop_degenerate=drop_degenerate)
        for target in {score.candidate.target for score in tables.scores}:
            shares = [s.affinity for s in tables.scores if s.candidate.target == target and s.candidate.order]
            assert math.fsum(shares) == pytest.approx(1, abs=1e-9)


def test_real_degenerate_rows(published_dir):
    full = read_published_tables(published_dir, "default")
    (note,) = full.notes
    assert note.startswith("22 candidates")
    kept = read_published_tables(published_dir, "default", drop_degenerate=True)
    assert len(full.scores) - len(kept.scores) == 22
    corrupted = [s.affinity for s in full.scores if s.candidate.target == "nonfixated_pose" and s.gain == 1]
    np.testing.assert_allclose(corrupted, 0.09973, atol=1e-5)


def test_real_log_affinity_follows_the_win_rate(published_dir):
    scores = read_published_tables(published_dir, "1k").scores
    correlations = []
    for target in {score.candidate.target for score in scores}:
        rows = [(s.affinity, s.quality) for s in scores if s.candidate.target == target]
        affinity, quality = np.array(rows).T
        quality = quality.clip(1e-3, 1 - 1e-3)
        correlations.append(np.corrcoef(np.log(affinity), np.log(quality / (1 - quality)))[0, 1])
    assert np.median(correlations) > 0.95
