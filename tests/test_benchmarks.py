"""The benchmarks run: on small sizes, so that they cannot rot."""

import runpy
from pathlib import Path

import numpy as np
import pytest

BENCHMARKS = Path(__file__).resolve().parents[1] / "benchmarks"


def test_the_plain_double_loop_is_the_same_tournament():
    script = runpy.run_path(str(BENCHMARKS / "normalization.py"))
    losses = script["draw_losses"](6, 300, seed=0)
    plain = script["affinity_from_win_rates"](script["plain_double_loop"](losses))
    np.testing.assert_allclose(script["normalise"](losses), plain, atol=1e-12)


@pytest.mark.parametrize("is_structured", [True, False])
def test_the_drawn_table_has_the_size_of_the_papers_largest(is_structured):
    scores = runpy.run_path(str(BENCHMARKS / "taxonomy.py"))["draw_table"](0, is_structured=is_structured)
    assert 1700 <= len(scores) <= 1760
    assert {score.candidate.order for score in scores} == set(range(1, 25))


def test_the_plain_program_agrees_with_the_fast_sweep():
    script = runpy.run_path(str(BENCHMARKS / "taxonomy.py"))
    scores = [s for s in script["draw_table"](0, is_structured=True) if s.candidate.order == 1]
    plain = script["one_program_at_a_time"](scores, [3], 1)
    settings = script["ProgramSettings"](budgets=3, max_orders=1, solver="HiGHS")
    (fast,) = script["solve_taxonomies"](scores, settings)
    assert plain[0] == pytest.approx(fast.objective, abs=1e-9)


def test_preparing_and_slicing_run(tmp_path, capsys):
    script = runpy.run_path(str(BENCHMARKS / "data_preparation.py"))
    split = script["prepare_views"](1, 32, tmp_path / "train")
    script["slice_batches"](split, tmp_path, n_batches=10)
    assert "random batches of 32 with all labels" in capsys.readouterr().out
