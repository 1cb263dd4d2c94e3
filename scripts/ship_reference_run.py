"""Puts the tables of a finished default run into the repository, as the oldest version of their datasets.

Run `kedro run` on a clean clone, and then in that clone:

    python scripts/ship_reference_run.py
    git add -f data/07_model_output/reference_run.json data/*/*.parquet/2026-11-23T00.00.00.000Z

Beside the tables lies `reference_run.json`: the settings that the run had, the fingerprints of its data, the
revision of the code. A test compares the settings with conf/base.
"""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pandas as pd
from kedro.io import Version

from taskonomy_kedro.config import parameters
from taskonomy_kedro.core.affinity.tables import with_origin
from taskonomy_kedro.core.preparation.prepared import PreparedSplit
from taskonomy_kedro.core.preparation.settings import SPLITS
from taskonomy_kedro.datasets import TableDataset

PROJECT = Path(__file__).resolve().parents[1]
VERSION = "2026-11-23T00.00.00.000Z"
TABLES = {
    "affinities": "07_model_output",
    "win_rates": "07_model_output",
    "transfers": "07_model_output",
    "sanity_table": "08_reporting",
}
STEPS = ("data", "task_modeling", "transfer_modeling", "normalization")
FACTS = PROJECT / "data" / "07_model_output" / "reference_run.json"
ORIGIN = "the reference run that the repository ships: `kedro run`, conf/base, seed 0"


def settings_of(given: dict[str, Any]) -> dict[str, Any]:
    """Return the settings that the tables depend on, as JSON gives them back; no paths of a machine."""
    plain: dict[str, Any] = json.loads(json.dumps({step: given[step] for step in STEPS}))
    plain["task_modeling"].pop("project", None)
    plain["data"]["directory"].pop("project", None)
    return plain


def newest(name: str, folder: str) -> pd.DataFrame:
    """Read the newest version of a table of this project.

    Raises:
        SystemExit: There is none but the shipped one.
    """
    versions = sorted((PROJECT / "data" / folder / f"{name}.parquet").glob(f"*/{name}.parquet"))
    if not versions or versions[-1].parent.name == VERSION:
        raise SystemExit(f"no {name} but the shipped one; run `kedro run` first")
    version = Version(versions[-1].parent.name, None)
    table: pd.DataFrame = TableDataset(filepath=str(versions[-1].parents[1]), version=version).load()
    return table


def main() -> None:
    """Write the tables and the facts of their run."""
    tables = {name: newest(name, folder) for name, folder in TABLES.items()}
    prepared = PROJECT / "data" / "05_model_input" / "prepared"
    revision = subprocess.run(
        ["git", "rev-parse", "HEAD"], cwd=PROJECT, capture_output=True, text=True, check=True
    ).stdout.strip()
    facts = {
        "origin": ORIGIN,
        "git_revision": revision,
        "python": sys.version.split()[0],
        "data": {split: PreparedSplit.open(prepared / split).fingerprint for split in SPLITS},
        "settings": settings_of(parameters()),
    }
    for name, table in tables.items():
        path = PROJECT / "data" / TABLES[name] / f"{name}.parquet"
        shipped = path / VERSION / path.name
        shipped.unlink(missing_ok=True)  # Kedro refuses to write a version again
        dataset = TableDataset(filepath=path.as_posix(), version=Version(None, VERSION))
        dataset.save(with_origin(table, ORIGIN))
        print(f"{shipped.relative_to(PROJECT)}: {len(table)} rows")
    FACTS.write_text(json.dumps(facts, indent=2) + "\n")
    print(FACTS.relative_to(PROJECT))


if __name__ == "__main__":
    main()
