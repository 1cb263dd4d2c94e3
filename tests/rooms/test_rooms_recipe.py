"""The bytes of rooms are pinned under their recipe version."""

import hashlib

from taskonomy_kedro.rooms import RECIPE_VERSION, ROOM_KINDS, RoomSettings, make_room, make_views, render

PINNED = {1: "79d6ef18f11c6c09"}
"""Recipe version to the hash of a view of each kind of room."""


def test_other_views_need_another_recipe_version():
    digest = hashlib.sha256()
    for index in range(len(ROOM_KINDS)):
        room = make_room(seed=0, index=index)
        view = make_views(room, seed=0, settings=RoomSettings(views_per_room=2))[0]
        image = render(room, view.camera, size=32)
        digest.update(image.rgb.tobytes() + image.instance.tobytes() + image.depth_z.tobytes())
    assert digest.hexdigest()[:16] == PINNED[RECIPE_VERSION], "other views: raise rooms.RECIPE_VERSION"
