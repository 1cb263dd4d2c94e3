"""Furnished rooms from a seed, views of them, and exact labels for every pixel; see README.md."""

from taskonomy_kedro.rooms.cameras import Camera
from taskonomy_kedro.rooms.classes import ROOM_KINDS, SEMANTIC_CLASSES, RoomKind
from taskonomy_kedro.rooms.euler_angles import euler_from_rotation, rotation_from_euler
from taskonomy_kedro.rooms.render import Rendering, render
from taskonomy_kedro.rooms.room_building import make_room
from taskonomy_kedro.rooms.scene import Lamp, Room, RoomObject
from taskonomy_kedro.rooms.settings import RECIPE_VERSION, RoomSettings
from taskonomy_kedro.rooms.sightings import Sighting, visible_points
from taskonomy_kedro.rooms.views import View, make_views

__all__ = [
    "RECIPE_VERSION",
    "ROOM_KINDS",
    "SEMANTIC_CLASSES",
    "Camera",
    "Lamp",
    "Rendering",
    "Room",
    "RoomKind",
    "RoomObject",
    "RoomSettings",
    "Sighting",
    "View",
    "euler_from_rotation",
    "make_room",
    "make_views",
    "render",
    "rotation_from_euler",
    "visible_points",
]
