"""The images of one embedded room with every label: what the working processes do."""

from taskonomy_kedro.core.labels.stored import StoredImage
from taskonomy_kedro.core.labels.view_labels import label_view, points_in_view
from taskonomy_kedro.rooms import RoomSettings, make_room, make_views, render


def make_room_images(index: int, *, seed: int, settings: RoomSettings) -> list[StoredImage]:
    """Make, photograph and label one room; room `index` does not depend on the others."""
    room = make_room(seed=seed, index=index)
    views = make_views(room, seed=seed, settings=settings)
    seen = points_in_view(room, views, settings.image_size)
    return [
        label_view(
            room,
            view,
            render(room, view.camera, size=settings.image_size, samples=settings.samples),
            nonfixated_points_in_view=others,
        )
        for view, others in zip(views, seen, strict=True)
    ]
