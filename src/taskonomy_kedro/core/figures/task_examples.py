"""What a task's network makes of a few test images, beside the label and the average guess."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

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
from taskonomy_kedro.core.figures.style import FAMILY_COLOURS, TEXT_COLOUR, task_label
from taskonomy_kedro.core.labels.drawing import LabelExample, draw_answer, draw_input, draw_prediction
from taskonomy_kedro.core.labels.kinds import kind_of
from taskonomy_kedro.core.labels.statistics import LabelStatistics
from taskonomy_kedro.core.tasks import Task

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

SHOWN = ("Input", "Label", "Prediction", "Average\nguess")
_PREDICTED, _GUESSED = 2, 3  # rows with a loss
_RANDOM = "random\nnetwork"
_BETTER, _WORSE = "#12762F", "#B02A1E"
# shares of the side of a cell
_LOSS_HEIGHT = 0.24
_LEFT = 1.3
_RIGHT = 0.12
_HEAD = 0.85
_RANDOM_HEIGHT = 0.34
_NOTE_HEIGHT = 0.2
_CLASSES_ACROSS = 6
_CLASS_LINES = 3
_NOTES: dict[str, tuple[str, ...]] = {
    "depth_zbuffer": ("Metres, on the label's scale.  Stripes: no geometry.",),
    "depth_euclidean": ("Metres, on the label's scale.  Stripes: no geometry.",),
    "edge_occlusion": ("The label is smoothed, as it is learned.",),
    "curvature": ("Orange bulges one way, red both, blue is hollow, green a saddle, white flat.",),
    "vanishing_point": ("Red: ahead right, green: ahead left, blue: up.  Rings: vanishing points.",),
    "room_layout": ("Orange: floor, blue: ceiling, yellow: between.",),
    "jigsaw": ("Numbers: the cell a tile comes from, green where it lies there again.",),
    "colorization": ("Colors are learned at a quarter of the size.",),
}


def draw_task_examples(
    task: Task,
    examples: Sequence[LabelExample],
    predictions: np.ndarray,
    average: np.ndarray,
    statistics: LabelStatistics | None = None,
    losses: np.ndarray | None = None,
    *,
    size: int = 128,
    seed: int = 0,
    class_names: Mapping[str, Sequence[str]] | None = None,
) -> "Figure":
    """Draw test examples side by side: the input as the network sees it, label, prediction, average guess.

    Wider than high, with large names: kedro-viz shows it in 458 by 300 px first.

    Args:
        task: Of the dictionary, or a user's own.
        examples: n images, pairs or triplets.
        predictions: (n, ...) outputs of the task's network, see `draw_prediction`.
        average: (...) the one output that guesses best without looking, of the shape of a prediction.
        statistics: Constants of the training split.
        losses: (n, 3) of the network, the average guess and the random network's readout; nan where
            one is not known. The network's is green where it is less than the average guess's.
        size: Pixels a side of a picture.
        seed: Of the run, for noise and tiles.
        class_names: Names of classes by task, where they are not the rooms'.

    Returns:
        A Matplotlib figure with a canvas, one dot a pixel at its own resolution.

    Raises:
        UserError: No example, or as many predictions or losses as are not examples, or outputs of
            another shape.
    """
    _check(task, examples, predictions, average, losses)
    options: dict[str, Any] = {"statistics": statistics, "seed": seed, "class_names": class_names}
    columns = [
        [
            draw_input(task, example, size, seed=seed),
            draw_answer(task, example, size, **options),
            draw_prediction(task, output, example, size, **options),
            draw_prediction(task, average, example, size, **options),
        ]
        for example, output in zip(examples, predictions, strict=True)
    ]
    rows = list(zip(*columns, strict=True))
    gap = gap_between(size)
    cells = pasted(rows, gap, row_gap=gap if losses is None else round(_LOSS_HEIGHT * size))
    notes = _notes(task)
    n_lines = len(notes) + (_CLASS_LINES if task.name == "segment_semantic" else 0)
    random_height = 0.0 if losses is None else _RANDOM_HEIGHT
    left, right, head, foot = (
        round(share * size) for share in (_LEFT, _RIGHT, _HEAD, random_height + _NOTE_HEIGHT * n_lines + 0.1)
    )
    figure, axes = picture_figure(cells, left=left, right=right, head=head, foot=foot)
    row_step, step = cells.shape[0] / len(rows), size + gap
    _write_head(axes, task, [example.image_ids[0] for example in examples], step, size)
    write_row_names(axes, SHOWN, row_step, size, share=0.2)
    if losses is not None:
        _write_losses(axes, losses, rows[0][0].shape[0], row_step, step, size)
    _write_foot(axes, task, notes, cells.shape[0] + random_height * size, size)
    return figure


def _check(
    task: Task,
    examples: Sequence[LabelExample],
    predictions: np.ndarray,
    average: np.ndarray,
    losses: np.ndarray | None,
) -> None:
    if not examples:
        raise UserError(f"the examples of task {task.name!r}: at least one is needed, got none")
    if len(predictions) != len(examples):
        raise UserError(
            f"the examples of task {task.name!r}: wanted {len(examples)} predictions, got {len(predictions)}"
        )
    if average.shape != predictions.shape[1:]:
        raise UserError(
            f"the examples of task {task.name!r}: the average guess must have the shape of a prediction, "
            f"{predictions.shape[1:]}, got {average.shape}"
        )
    if losses is not None and losses.shape != (len(examples), 3):
        raise UserError(
            f"the examples of task {task.name!r}: wanted losses of shape ({len(examples)}, 3), "
            f"got {losses.shape}"
        )


def _notes(task: Task) -> tuple[str, ...]:
    if task.name in _NOTES:
        return _NOTES[task.name]
    return kind_of(task).notes(task) or (("Stripes: no geometry.",) if task.mask == "valid_depth" else ())


def _write_head(axes: "Axes", task: Task, image_ids: Sequence[str], step: float, size: int) -> None:
    axes.text(
        0,
        -0.62 * size,
        task_label(task.name),
        color=FAMILY_COLOURS[task.family],
        fontsize=points(0.3 * size),
        fontweight="bold",
        va="center_baseline",
    )
    for k, image_id in enumerate(image_ids):
        _write(axes, k * step + size / 2, -0.2 * size, image_id.replace("/", "\n/", 1), size, 0.13)


def _write_losses(
    axes: "Axes", losses: np.ndarray, cell_height: int, row_step: float, step: float, size: int
) -> None:
    """Write the losses below the pictures, the random network's, which has none, below them all."""
    bottom = len(SHOWN) * row_step + 0.5 * _RANDOM_HEIGHT * size
    for k, (own, guess, random) in enumerate(losses.tolist()):
        is_known = np.isfinite([own, guess]).all()
        color = TEXT_COLOUR if not is_known else _BETTER if own < guess else _WORSE
        for row, loss, ink in ((_PREDICTED, own, color), (_GUESSED, guess, TEXT_COLOUR)):
            if np.isfinite(loss):
                down = row * row_step + cell_height + 0.5 * _LOSS_HEIGHT * size
                _write(axes, k * step + size / 2, down, f"loss {loss:.3g}", size, 0.17, ink)
        if np.isfinite(random):
            _write(axes, k * step + size / 2, bottom, f"loss {random:.3g}", size, 0.17)
    if np.isfinite(losses[:, 2]).any():
        axes.text(
            -0.08 * size,
            bottom,
            _RANDOM,
            color=TEXT_COLOUR,
            fontsize=points(0.15 * size),
            ha="right",
            va="center",
        )


def _write(
    axes: "Axes", x: float, y: float, text: str, size: int, share: float, color: str = TEXT_COLOUR
) -> None:
    """Write a text around a place, its letters a share of a picture's side tall."""
    axes.text(x, y, text, color=color, fontsize=points(share * size), ha="center", va="center")


def _write_foot(axes: "Axes", task: Task, notes: Sequence[str], top: float, size: int) -> None:
    left, right = axes.get_xlim()
    left += _RIGHT * size
    for k, line in enumerate(notes):
        axes.text(
            left,
            top + (k + 0.5) * _NOTE_HEIGHT * size,
            line,
            color=TEXT_COLOUR,
            fontsize=points(0.125 * size),
            va="center_baseline",
        )
    if task.name == "segment_semantic":
        place = (left, top + (len(notes) + 0.15) * _NOTE_HEIGHT * size)
        write_classes(axes, place, (right - left) / _CLASSES_ACROSS, 0.7 * size, n_across=_CLASSES_ACROSS)
