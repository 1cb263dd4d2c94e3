import hashlib

import numpy as np
import pytest

from taskonomy_kedro.rooms import ROOM_KINDS, SEMANTIC_CLASSES, RoomSettings, make_room, make_views, render
from taskonomy_kedro.rooms.ray_casting import SHELL

ROOMS = [make_room(seed=11, index=index) for index in range(48)]
TOUCH = 2e-3  # metres by which neighbours' bounding boxes may overlap


def digest(seed: int, index: int) -> str:
    room = make_room(seed=seed, index=index)
    out = hashlib.sha256(repr((room.name, room.kind, room.box, room.objects)).encode())
    for view in make_views(room, seed=seed, settings=RoomSettings(views_per_room=4)):
        image = render(room, view.camera, size=32)
        for array in (image.rgb, image.depth_z, image.normal, image.instance, image.curvature):
            out.update(array.tobytes())
    return out.hexdigest()


def test_same_seed_same_bytes_another_seed_others():
    first = digest(2, 5)
    make_room(seed=2, index=4)
    np.random.default_rng(0).random(10)
    assert digest(2, 5) == first
    assert digest(2, 6) != first
    assert digest(3, 5) != first


def test_each_block_of_eight_rooms_has_every_kind():
    for start in range(0, 48, 8):
        assert {room.kind for room in ROOMS[start : start + 8]} == set(ROOM_KINDS)


def test_all_sixteen_classes_occur_each_often():
    rooms_with = {name: sum(room.count(name) > 0 for room in ROOMS) for name in SEMANTIC_CLASSES[2:]}
    assert min(rooms_with.values()) >= 3, rooms_with


@pytest.mark.parametrize(
    ("kind", "wanted"),
    [
        ("bedroom", {"bed"}),
        ("childs_room", {"bed"}),
        ("living_room", {"couch"}),
        ("kitchen", {"oven", "sink", "refrigerator"}),
        ("dining_room", {"dining table", "chair"}),
        ("bathroom", {"toilet", "sink"}),
        ("office", {"chair"}),
    ],
)
def test_rooms_have_the_furniture_of_their_kind(kind, wanted):
    rooms = [room for room in ROOMS if room.kind == kind]
    assert len(rooms) == 6
    for room in rooms:
        assert wanted <= {o.class_name for o in room.objects}, room.name


def test_objects_do_not_overlap_and_are_inside():
    for room in ROOMS:
        boxes = np.array([p.bounds() for p in room.primitives])
        owners = np.array(room.owners)
        is_flat = np.array([o.is_flat for o in room.objects])
        for i in range(SHELL, len(boxes)):
            if is_flat[owners[i]]:
                continue
            others = (owners > owners[i]) & ~is_flat[owners]
            overlap = np.minimum(boxes[i, 3:], boxes[others, 3:]) - np.maximum(
                boxes[i, :3], boxes[others, :3]
            )
            is_inside = (overlap > TOUCH).all(axis=1)
            assert not is_inside.any(), (room.name, room.objects[owners[i]].name)
        low, high = np.array(room.box).T
        assert (boxes[SHELL:, :3] >= low - TOUCH).all()
        assert (boxes[SHELL:, 3:] <= high + TOUCH).all()


def test_objects_are_numbered_and_have_bounding_boxes():
    for room in ROOMS[:8]:
        assert [o.object_id for o in room.objects] == list(range(len(room.objects)))
        for o in room.objects[SHELL:]:
            own = np.array(
                [
                    p.bounds()
                    for p, owner in zip(room.primitives, room.owners, strict=True)
                    if owner == o.object_id
                ]
            )
            box = np.array(o.box)
            np.testing.assert_allclose(own[:, :3].min(axis=0), box[:, 0])
            np.testing.assert_allclose(own[:, 3:].max(axis=0), box[:, 1])


def test_rooms_are_neither_dark_nor_overexposed():
    for room in ROOMS[:16]:
        assert 1 <= len(room.lamps) <= 5
        view = make_views(room, seed=11, settings=RoomSettings(views_per_room=4))
        mean = np.mean([render(room, v.camera, size=32).rgb.mean() for v in view])
        assert 50 < mean < 225, room.name


def test_negative_numbers_are_refused():
    with pytest.raises(ValueError, match="at least 0, got -1 and 3"):
        make_room(seed=-1, index=3)
