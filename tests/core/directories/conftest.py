import os
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import pytest
from tests.directory_trees import write_tree

PROJECT = Path(__file__).resolve().parents[3]


@pytest.fixture
def tree(tmp_path: Path) -> Callable[..., Path]:
    """Return a function that writes a tree below a fresh folder and returns it."""

    def make(images: Iterable[tuple[str, int, int]], **settings: Any) -> Path:
        root = tmp_path / "hanson"
        write_tree(root, images, **settings)
        return root

    return make


@pytest.fixture(scope="session")
def split_files_dir() -> Path:
    """The published split files; they are not part of the project."""
    path = Path(os.environ.get("TASKONOMY_PUBLISHED_DIR", PROJECT.parent / "shared" / "published"))
    if not (path / "train_val_test_tiny.csv").is_file():
        pytest.skip(f"the published split files are not in {path}; set TASKONOMY_PUBLISHED_DIR")
    return path
