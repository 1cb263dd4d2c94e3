from pathlib import Path

import pytest
from tests.core.preparation.custom_labels import write_rooms_with_labels
from tests.small_rooms import settings

from taskonomy_kedro.core.preparation.prepared import PreparedSplit
from taskonomy_kedro.core.preparation.split_build import build_split


@pytest.fixture(scope="package")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A directory of rooms with custom labels; never written to."""
    root = tmp_path_factory.mktemp("rooms") / "data"
    write_rooms_with_labels(root)
    return root


@pytest.fixture(scope="package")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a split of two rooms; never written to."""
    folder = tmp_path_factory.mktemp("prepared") / "train"
    build_split("train", settings(), folder)
    return folder


@pytest.fixture(scope="package")
def split(whole: Path) -> PreparedSplit:
    """A split of two rooms."""
    return PreparedSplit.open(whole)
