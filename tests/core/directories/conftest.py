from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import pytest
from tests.directory_trees import write_tree


@pytest.fixture
def tree(tmp_path: Path) -> Callable[..., Path]:
    """Return a function that writes a tree below a fresh folder and returns it."""

    def make(images: Iterable[tuple[str, int, int]], **settings: Any) -> Path:
        root = tmp_path / "hanson"
        write_tree(root, images, **settings)
        return root

    return make
