"""Copies the tables of a finished run into the repository, as the oldest version of their datasets.

Run `kedro run` or `kedro run --env=thorough`, without parameters, on a clean clone, and then in that clone:

    python scripts/ship_reference_run.py
    git add -f data/07_model_output/reference_run.json data/*/*.parquet/2026-11-23T00.00.00.000Z

or, in another clone,

    python scripts/ship_reference_run.py --env=thorough
    git add -f data/thorough/07_model_output/reference_run.json
    git add -f data/thorough/*/*.parquet/2026-11-23T00.00.00.000Z

`reference_run.json` beside the tables has the settings of the run, the fingerprints of its data and the
revision of the code. A test compares the settings with those of the environment.
"""

import argparse
import json
import subprocess
import sys
import warnings
from pathlib import Path
from typing import Any

from kedro.config import OmegaConfigLoader
from kedro.io import Version

from taskonomy_kedro.config import LOADER_ARGS
from taskonomy_kedro.core.affinity.affinity_tables import with_origin
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
STEPS = ("data", "sources", "task_modeling", "transfer_modeling", "normalization")
FOLDERS = {"base": PROJECT / "data", "thorough": PROJECT / "data" / "thorough"}
ORIGINS = {
    "base": "the reference run that the repository ships: `kedro run`, conf/base, seed 0",
    "thorough": "the run that the repository ships: `kedro run --env=thorough`, seed 0",
}


def facts_of(env: str) -> Path:
    """Return the file that describes how the shipped tables of an environment were computed."""
    return FOLDERS[env] / "07_model_output" / "reference_run.json"


def settings_of(given: dict[str, Any]) -> dict[str, Any]:
    """Return the settings that the tables depend on, as plain JSON without paths of this machine."""
    plain: dict[str, Any] = json.loads(json.dumps({step: given[step] for step in STEPS}))
    del plain["task_modeling"]["compute"], plain["sources"]["project"]
    del plain["data"]["directory"]["project"], plain["data"]["processes"]
    return plain


def settings_of_env(env: str) -> dict[str, Any]:
    """Return the settings of conf/base, or of another environment over it; conf/local has no effect."""
    loader = OmegaConfigLoader(conf_source=str(PROJECT / "conf"), env=env, **LOADER_ARGS)
    return settings_of(dict(loader["parameters"]))


def version_of_run(products: Path) -> str:
    """Return the version of all tables of the newest run.

    Raises:
        SystemExit: The tables are from several runs, only the shipped version exists, or code or settings
            have changed since the last commit.
    """
    newest = {
        max(path.name for path in (products / folder / f"{name}.parquet").iterdir())
        for name, folder in TABLES.items()
    }
    if len(newest) > 1 or newest == {VERSION}:
        raise SystemExit(f"{products}: tables of {sorted(newest)}; run all of `kedro run` first")
    if changed := git("status", "--porcelain", "--untracked-files=no", "--", ".", ":!data"):
        raise SystemExit(f"commit or undo the changes first, then run again:\n{changed}")
    return newest.pop()


def git(*arguments: str) -> str:
    """Return the output of a git command."""
    said = subprocess.run(["git", *arguments], cwd=PROJECT, capture_output=True, text=True, check=True)
    return said.stdout.strip()


def newest_split(folder: Path) -> PreparedSplit:
    """Open the split that was prepared last."""
    return PreparedSplit.open(max(folder.glob("*/split.json"), key=lambda path: path.stat().st_mtime).parent)


def main() -> None:
    """Write the tables and the description of their run."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--env", choices=FOLDERS, default="base")
    env = parser.parse_args().env
    products, origin = FOLDERS[env], ORIGINS[env]
    version, prepared = version_of_run(products), products / "05_model_input" / "prepared"
    facts = {
        "origin": origin,
        "git_revision": git("rev-parse", "HEAD"),
        "python": sys.version.split()[0],
        "data": {split: newest_split(prepared / split).fingerprint for split in SPLITS},
        "settings": settings_of_env(env),
    }
    for name, folder in TABLES.items():
        path = products / folder / f"{name}.parquet"
        table = TableDataset(filepath=path.as_posix(), version=Version(version, None)).load()
        shipped = path / VERSION / path.name
        shipped.unlink(missing_ok=True)  # Kedro refuses to write a version again
        dataset = TableDataset(filepath=path.as_posix(), version=Version(None, VERSION))
        with warnings.catch_warnings():
            warnings.filterwarnings("ignore", message="Save version")  # there is a newer one, on purpose
            dataset.save(with_origin(table, origin))
        print(f"{shipped.relative_to(PROJECT)}: {len(table)} rows")
    told = facts_of(env)
    told.write_text(json.dumps(facts, indent=2) + "\n")
    print(told.relative_to(PROJECT))


if __name__ == "__main__":
    main()
