from pathlib import Path

import pytest
from tests.core.preparation.custom_labels import write_rooms_with_labels


@pytest.fixture(scope="package")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A directory of rooms with custom labels; never written to."""
    root = tmp_path_factory.mktemp("rooms") / "data"
    write_rooms_with_labels(root)
    return root
