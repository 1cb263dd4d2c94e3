"""docs/tables.md agrees with the tables of the reference run: names, types, keys and ranges."""

import math
import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import pandas as pd
import pytest
import yaml

from taskonomy_kedro.core.preparation.settings import DataSettings
from taskonomy_kedro.core.sources.settings import SourcesSettings
from taskonomy_kedro.core.taxonomy import ProgramSettings, SignificanceSettings, TreeSettings
from taskonomy_kedro.pipelines.data_preparation import nodes as preparing
from taskonomy_kedro.pipelines.taxonomy import nodes
from tests.small_models import Splits

PROJECT = Path(__file__).resolve().parents[1]
SHIPPED = {
    "affinities": "07_model_output",
    "win_rates": "07_model_output",
    "transfers": "07_model_output",
    "sanity_table": "08_reporting",
}


@dataclass(frozen=True)
class Column:
    kind: str
    low: float
    high: float
    may_be_missing: bool


def are_texts(values: Iterable[object]) -> bool:
    return all(isinstance(value, str) for value in values)


KINDS = {
    "text": are_texts,
    "list of text": lambda values: all(not isinstance(value, str) and are_texts(value) for value in values),
    "whole number": pd.api.types.is_integer_dtype,
    "number": pd.api.types.is_float_dtype,
    "true or false": pd.api.types.is_bool_dtype,
}


def described_tables() -> dict[str, tuple[list[str], dict[str, Column]]]:
    """Return key and columns of each table on the page."""
    parts = re.split(r"^### `(\w+)`$", (PROJECT / "docs/tables.md").read_text(), flags=re.MULTILINE)
    tables = {}
    for name, text in zip(parts[1::2], parts[2::2], strict=True):
        key = re.search(r"Key: ([^.]*)\.", text)
        rows = [
            [cell.strip() for cell in line.strip("|").split("|")]
            for line in text.splitlines()
            if line.startswith("| `")
        ]
        tables[name] = (
            re.findall(r"`(\w+)`", key[1]) if key else [],
            {row[0].strip("`"): _column(*row[1:3]) for row in rows},
        )
    return tables


def _column(kind: str, limits: str) -> Column:
    interval, least = re.search(r"\[(\d+), (\d+)\]", limits), re.search(r"≥ (\d+)", limits)
    low = float(interval[1]) if interval else float(least[1]) if least else -math.inf
    return Column(kind, low, float(interval[2]) if interval else math.inf, "missing" in limits)


DESCRIBED = described_tables()


@pytest.fixture(scope="module")
def tables(small_splits: Splits) -> dict[str, pd.DataFrame]:
    """The shipped tables, the tables computed from them, and those of a few rooms."""
    made = {}
    for name, folder in SHIPPED.items():
        path = PROJECT / "data" / folder / f"{name}.parquet"
        made[name] = pd.read_parquet(min(path.iterdir()) / path.name)
    program, significance = ProgramSettings(budgets=(0, 1, 5)), SignificanceSettings(n_policies=20)
    candidates = nodes.check_candidates(made["affinities"], made["win_rates"], program, SourcesSettings())
    made["taxonomies"], made["taxonomy_summary"] = nodes.solve(candidates)
    made["significance"], made["random_policies"] = nodes.compare_with_random_policies(
        candidates, made["taxonomy_summary"], significance
    )
    made["task_families"], made["similarity_merges"] = nodes.cluster_sources(candidates, TreeSettings())
    made["data_summary"] = preparing.summarise_splits(DataSettings(), *small_splits.values())
    made["unreadable_files"] = preparing.list_unreadable(*small_splits.values())
    return made


def test_the_page_has_every_table_of_the_catalog():
    catalog = {}
    for path in (PROJECT / "conf/base").glob("catalog_*.yml"):
        catalog |= yaml.safe_load(path.read_text())
    assert set(DESCRIBED) == {
        name for name, entry in catalog.items() if entry.get("type", "").endswith("TableDataset")
    }


@pytest.mark.parametrize("name", DESCRIBED)
def test_columns_are_in_order(tables, name):
    assert list(DESCRIBED[name][1]) == list(tables[name].columns)


@pytest.mark.parametrize("name", DESCRIBED)
def test_types_and_ranges_agree(tables, name):
    for column, described in DESCRIBED[name][1].items():
        values = tables[name][column]
        assert KINDS[described.kind](values), f"{column} is not {described.kind}: {values.dtype}"
        if described.kind in ("number", "whole number"):
            assert described.may_be_missing or values.notna().all(), f"{column} has missing values"
            assert values.dropna().between(described.low, described.high).all(), f"{column} leaves its range"


@pytest.mark.parametrize("name", DESCRIBED)
def test_no_two_rows_share_a_key(tables, name):
    key, _ = DESCRIBED[name]
    rows = tables[name][key].map(
        lambda value: value if isinstance(value, int | float | str) else tuple(value)
    )
    assert not key or not rows.duplicated().any()
