from collections import Counter

import pytest

from taskonomy_kedro.core.preparation.sources import split_buildings


@pytest.mark.parametrize(
    ("n_buildings", "counts"), [(4, (1, 1, 1, 1)), (12, (6, 3, 1, 2)), (120, (60, 30, 10, 20))]
)
def test_without_a_file_buildings_are_shared_out_and_no_split_is_empty(n_buildings, counts):
    names = [f"building{number}" for number in range(n_buildings)]
    split_of = split_buildings(names, {})
    found = Counter(split_of.values())
    assert (found["train"], found["transfer"], found["validation"], found["test"]) == counts
    assert split_of == split_buildings(names[::-1], {})


def test_published_validation_buildings_serve_transfers_and_early_stopping():
    published = {f"t{i}": "train" for i in range(5)} | {f"v{i}": "val" for i in range(10)} | {"x": "test"}
    split_of = split_buildings(sorted(published), published)
    assert {split for name, split in split_of.items() if name.startswith("t")} == {"train"}
    held_out = Counter(split for name, split in split_of.items() if name.startswith("v"))
    assert held_out == {"transfer": 8, "validation": 2}
    assert split_of["x"] == "test"
