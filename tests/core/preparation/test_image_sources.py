from collections import Counter

import pytest

from taskonomy_kedro.core.preparation.image_sources import RoomSource, describe_source, split_buildings
from taskonomy_kedro.core.preparation.settings import SPLITS, DataSettings
from taskonomy_kedro.rooms import RECIPE_VERSION, ROOM_KINDS, make_room


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


def test_every_split_of_eight_rooms_has_every_kind_and_no_room_is_in_two():
    counts = {"train": 13, "transfer": 9, "validation": 8, "test": 11}
    source = RoomSource(DataSettings(seed=4, rooms=counts))
    taken: list[int] = []
    for split in SPLITS:
        first = source.describe(split)["first_room"]
        rooms = range(first, first + counts[split])
        assert {make_room(seed=4, index=index).kind for index in rooms} == set(ROOM_KINDS), split
        taken += rooms
    assert len(set(taken)) == sum(counts.values())


def test_the_recipe_of_a_split_has_the_version_of_the_rooms():
    assert describe_source(DataSettings(image_size=32), "train")["rooms_version"] == RECIPE_VERSION
