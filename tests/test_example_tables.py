"""The shipped tables are what the script makes: nobody edited them."""

import runpy
from pathlib import Path

import numpy as np
from kedro.io import Version

from taskonomy_kedro.core.affinity.tables import origin_of, tabulate_scores
from taskonomy_kedro.datasets import TableDataset

PROJECT = Path(__file__).resolve().parents[1]


def test_the_shipped_example_is_the_scripts_output_and_says_what_it_is():
    script = runpy.run_path(str(PROJECT / "scripts" / "make_example_tables.py"))
    made = tabulate_scores(script["simulate_scores"]())
    for name, table in zip(("affinities", "win_rates"), made, strict=True):
        path = PROJECT / "data" / "07_model_output" / f"{name}.parquet"
        shipped = TableDataset(filepath=str(path), version=Version(script["VERSION"], None)).load()
        assert list(shipped["target"]) == list(table["target"])
        assert list(shipped["sources"]) == list(table["sources"])
        numbers = [column for column in table if table[column].dtype.kind == "f"]
        np.testing.assert_allclose(shipped[numbers], table[numbers], rtol=1e-9)
        assert origin_of(shipped).startswith("EXAMPLE of simulated losses")
