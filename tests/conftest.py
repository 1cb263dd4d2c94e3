import os
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.small_models import Splits

os.environ.setdefault("DO_NOT_TRACK", "true")

PROJECT = Path(__file__).resolve().parents[1]


@pytest.fixture(scope="session")
def published_dir() -> Path:
    """The tables published with the paper; they are not part of the project."""
    path = Path(os.environ.get("TASKONOMY_PUBLISHED_DIR", PROJECT.parent / "shared" / "published"))
    if not (path / "all_affinities.pkl").is_file():
        pytest.skip(f"the tables published with the paper are not in {path}; set TASKONOMY_PUBLISHED_DIR")
    return path


@pytest.fixture(scope="session")
def small_splits(tmp_path_factory: pytest.TempPathFactory) -> "Splits":
    """Four rooms, prepared once for all tests of networks; never written to."""
    from tests.small_models import prepare_splits

    return prepare_splits(tmp_path_factory.mktemp("small_splits"))
