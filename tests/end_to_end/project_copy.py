"""A copy of the project, and commands in it."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[2]
TRACKED = ("conf", "src", "pyproject.toml", "data")


def copy_tracked(root: Path) -> Path:
    """Copy what the repository tracks, as in a fresh clone."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", *TRACKED], cwd=PROJECT, capture_output=True, text=True, check=True
    )
    for name in listed.stdout.split("\0"):
        if name and (PROJECT / name).is_file():
            (root / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(PROJECT / name, root / name)
    return root


def kedro(clone: Path, *arguments: str, below: str = ".") -> subprocess.CompletedProcess[str]:
    """Run a kedro command in a folder of the project."""
    environment = {
        name: value for name, value in os.environ.items() if not name.startswith(("MLFLOW", "KEDRO"))
    }
    return subprocess.run(
        [sys.executable, "-m", "kedro", *arguments],
        cwd=clone / below,
        env={**environment, "COLUMNS": "200"},
        capture_output=True,
        text=True,
        timeout=300,
    )


def newest(folder: Path) -> Path:
    """Return the newest version of a stored thing."""
    return max(folder.iterdir()) / folder.name
