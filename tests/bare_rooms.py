from taskonomy_kedro.rooms.materials import Material
from taskonomy_kedro.rooms.primitives import Primitive
from taskonomy_kedro.rooms.scene import Lamp, Room, RoomObject, shell, shell_objects

GREY = Material("plain", ((0.5, 0.5, 0.5),) * 3)
BOX = ((0.0, 4.0), (0.0, 5.0), (0.0, 2.5))


def bare_room(*primitives: Primitive) -> Room:
    """A room of 4 x 5 x 2.5 m with the given solids, each an instance of its own."""
    faces = shell(BOX, GREY, GREY, [GREY] * 4)
    objects = shell_objects(faces)
    for solid in primitives:
        x0, y0, z0, x1, y1, z1 = solid.bounds()
        box = ((x0, x1), (y0, y1), (z0, z1))
        objects.append(RoomObject(object_id=len(objects), name="solid", semantic=1, box=box))
    return Room(
        name="room_00000",
        index=0,
        kind="office",
        box=BOX,
        objects=tuple(objects),
        primitives=(*faces, *primitives),
        owners=tuple(range(len(objects))),
        lamps=(Lamp(location=(2.0, 2.5, 2.3), arms=((0.1, 0, 0), (0, 0.1, 0)), color=(3.0, 3.0, 3.0)),),
        ambient=(0.3, 0.3, 0.3),
    )
