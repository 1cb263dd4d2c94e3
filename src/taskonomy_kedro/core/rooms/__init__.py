"""Furnished rooms from a seed, seen by cameras, with exact labels for every pixel."""

from taskonomy_kedro.core.rooms.cameras import Camera
from taskonomy_kedro.core.rooms.classes import ROOM_KINDS, SEMANTIC_CLASSES, RoomKind
from taskonomy_kedro.core.rooms.making import make_room
from taskonomy_kedro.core.rooms.render import Rendering, render
from taskonomy_kedro.core.rooms.scene import Lamp, Room, RoomObject
from taskonomy_kedro.core.rooms.settings import RoomSettings
from taskonomy_kedro.core.rooms.sightings import Sighting, visible_points
from taskonomy_kedro.core.rooms.views import View, make_views

__all__ = [
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
    "make_room",
    "make_views",
    "render",
    "visible_points",
]
