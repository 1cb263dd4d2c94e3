"""The contact sheet: a dozen images in rows and all labels in columns, for people to judge."""

import itertools
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np

from taskonomy_kedro.core.errors import UserError
from taskonomy_kedro.core.figures.picture_grid import (
    gap_between,
    pasted,
    picture_figure,
    points,
    write_classes,
    write_row_names,
)
from taskonomy_kedro.core.figures.style import (
    FAMILY_COLOURS,
    FAMILY_LABELS,
    TEXT_COLOUR,
    order_by_family,
    task_label,
)
from taskonomy_kedro.core.labels.drawing import (
    LabelExample,
    draw_image,
    draw_label,
    missing_label,
)
from taskonomy_kedro.core.labels.statistics import LabelStatistics
from taskonomy_kedro.core.tasks import Task, nearest_name_hint

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

# shares of the side of a cell
_LEFT = 1.25
_RIGHT = 1.1
_HEAD = 2.25
_BAND = 0.76  # kedro-viz first shows the sheet at an eighth of its size: families can be read there
_FOOT = 0.95
_NOTES = (
    "Depth and distance in metres, near is bright.  Stripes: no geometry or class not known.  "
    "Curvature: orange bulges one way, red both ways, blue is hollow, green is a saddle, white is flat.",
    "Vanishing points: red ahead right, green ahead left, blue up; rings are vanishing points in view.  "
    "Room layout: orange floor, blue ceiling, yellow between.  Poses: numbered cameras from above; "
    "crosses show where an image must have, by the label, the point that another looks at.",
)


def draw_contact_sheet(
    examples: Sequence[Mapping[str, LabelExample]],
    tasks: Mapping[str, Task],
    statistics: LabelStatistics | None = None,
    *,
    size: int = 128,
    seed: int = 0,
    class_names: Mapping[str, Sequence[str]] | None = None,
) -> "Figure":
    """Draw images in rows and the labels of all tasks in columns, grouped by family.

    Args:
        examples: For each row what each task's label is drawn from; a task that a row lacks is
            shown as an empty cell.
        tasks: The task dictionary by name; its order does not count.
        statistics: Constants of the training split.
        size: Pixels a side of a picture.
        seed: Of the run, for noise and tiles.
        class_names: Names of classes by task, where they are not the rooms'.

    Returns:
        A Matplotlib figure with a canvas, one dot a pixel at its own resolution. The first column
        is the image: that of the row's examples that read one image.

    Raises:
        UserError: No row, a row without any example, or an example of a task that is not in the
            dictionary.
    """
    _check(examples, tasks)
    columns = order_by_family(tasks, lambda name: tasks[name].family)
    rows = [_draw_row(row, columns, tasks, statistics, size, seed, class_names) for row in examples]
    gap = gap_between(size)
    cells = pasted(rows, gap)
    height, width = cells.shape[:2]
    left, right, head, foot = (round(share * size) for share in (_LEFT, _RIGHT, _HEAD, _FOOT))
    figure, axes = picture_figure(cells, left=left, right=right, head=head, foot=foot)
    step = (width + gap) / (len(columns) + 1)
    _write_columns(axes, [tasks[name] for name in columns], step, size)
    write_row_names(axes, [_row_image(row).image_ids[0] for row in examples], height / len(rows), size)
    _write_foot(axes, height, step, size, has_classes="segment_semantic" in tasks)
    return figure


def _check(examples: Sequence[Mapping[str, LabelExample]], tasks: Mapping[str, Task]) -> None:
    if not examples:
        raise UserError("a contact sheet needs at least one image, got none")
    for number, row in enumerate(examples):
        if not row:
            raise UserError(f"row {number} of the contact sheet has no example to take its image from")
        for name in row:
            if name not in tasks:
                hint = nearest_name_hint(name, tasks)
                raise UserError(f"row {number} of the contact sheet: unknown task {name!r}{hint}")


def _row_image(row: Mapping[str, LabelExample]) -> LabelExample:
    """Return the example that the row's image is taken from: of a single image, where there is one."""
    return min(row.values(), key=lambda example: len(example.image_ids))


def _draw_row(
    row: Mapping[str, LabelExample],
    columns: Sequence[str],
    tasks: Mapping[str, Task],
    statistics: LabelStatistics | None,
    size: int,
    seed: int,
    class_names: Mapping[str, Sequence[str]] | None,
) -> list[np.ndarray]:
    own = _row_image(row)
    cells = [draw_image(own.pictures[0], size, f"{own.pictures[0].shape[0]} px")]
    for name in columns:
        if name not in row:
            cells.append(missing_label(size))
            continue
        cells.append(
            draw_label(
                tasks[name],
                row[name],
                size=size,
                statistics=statistics,
                seed=seed,
                class_names=class_names,
            )
        )
    return cells


def _write_columns(axes: "Axes", columns: Sequence[Task], step: float, size: int) -> None:
    """Write slanting names above the columns, and the family on a band below them."""
    from matplotlib.patches import Rectangle

    band = _BAND * size
    families = [task.family for task in columns]
    changes = [k for k in range(1, len(families)) if families[k] != families[k - 1]]
    starts = [0, *changes, len(columns)]
    for first, end in itertools.pairwise(starts):
        family = families[first]
        place = ((first + 1) * step, -band - 0.06 * size)
        wide = (end - first) * step - (step - size)
        axes.add_patch(Rectangle(place, wide, band, facecolor=FAMILY_COLOURS[family], linewidth=0))
        axes.text(
            place[0] + wide / 2,
            place[1] + band / 2,
            FAMILY_LABELS[family],
            color="white",
            ha="center",
            va="center_baseline",
            fontsize=points(min(0.52 * size, wide / (0.75 * len(FAMILY_LABELS[family])))),
            fontweight="bold",
        )
    names = [("Image", TEXT_COLOUR)] + [(task_label(t.name), FAMILY_COLOURS[t.family]) for t in columns]
    for k, (name, color) in enumerate(names):
        axes.text(
            k * step + 0.42 * size,
            -band - 0.14 * size,
            name,
            color=color,
            rotation=36,
            rotation_mode="anchor",
            ha="left",
            va="baseline",
            fontsize=points(0.215 * size),
        )


def _write_foot(axes: "Axes", height: int, step: float, size: int, *, has_classes: bool) -> None:
    """Write what the colours mean: the semantic classes, then notes."""
    top = height + 0.12 * size
    side = 0.17 * size
    if has_classes:
        write_classes(axes, (0, top), 1.45 * step, size)
    for k, line in enumerate(_NOTES):
        axes.text(
            0,
            top + (2.5 + 1.45 * k) * side,
            line,
            color=TEXT_COLOUR,
            va="center_baseline",
            fontsize=points(0.15 * size),
        )
