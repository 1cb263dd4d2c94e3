import io

import numpy as np
import pytest
from tests.label_examples import examples_by_task
from tests.perfect_outputs import perfect_output, statistics

from taskonomy_kedro.core.figures.picture_grid import pasted
from taskonomy_kedro.core.figures.task_examples import SHOWN, draw_task_examples
from taskonomy_kedro.core.labels.drawing import caption_height, draw_answer, draw_input, draw_prediction
from taskonomy_kedro.core.tasks import TASKS

SIZE, GAP = 32, 2
DRAWABLE = [name for name, task in TASKS.items() if task.label.kind != "none"]
CONSTANTS = statistics()
ROWS = [examples_by_task(seed) for seed in range(2)]


def _given(name, n_rows=2):
    examples = [ROWS[k % 2][name] for k in range(n_rows)]
    outputs = np.stack([perfect_output(TASKS[name], example, CONSTANTS) for example in examples])
    return TASKS[name], examples, outputs, outputs.mean(axis=0), CONSTANTS


def _words(figure):
    return [text.get_text() for text in figure.axes[0].texts]


def _png(figure):
    file = io.BytesIO()
    figure.savefig(file, format="png")
    return file.getvalue()


@pytest.mark.parametrize("name", DRAWABLE)
def test_each_column_shows_input_label_prediction_and_average_guess(name):
    task, examples, outputs, average, _ = _given(name)
    figure = draw_task_examples(task, examples, outputs, average, CONSTANTS, size=SIZE)
    wanted = [
        [
            draw_input(task, example, SIZE),
            draw_answer(task, example, SIZE, statistics=CONSTANTS),
            draw_prediction(task, output, example, SIZE, statistics=CONSTANTS),
            draw_prediction(task, average, example, SIZE, statistics=CONSTANTS),
        ]
        for example, output in zip(examples, outputs, strict=True)
    ]
    np.testing.assert_array_equal(
        figure.axes[0].images[0].get_array(), pasted(list(zip(*wanted, strict=True)), GAP)
    )


def test_titles_ids_and_losses_are_written():
    losses = np.array([[0.012, 0.25, 0.5], [0.4, 0.3, np.nan]])
    figure = draw_task_examples(*_given("normal"), losses, size=SIZE)
    words = _words(figure)
    assert words[:3] == ["Normals", "room_00000\n/0/0", "room_00001\n/0/0"]
    assert words[3:7] == list(SHOWN)
    assert words[7:] == [
        "loss 0.012", "loss 0.25", "loss 0.5", "loss 0.4", "loss 0.3", "random\nnetwork", "Stripes: no geometry.",
    ]  # fmt: skip
    colors = [text.get_color() for text in figure.axes[0].texts if text.get_text().startswith("loss")]
    assert len({colors[0], colors[3], colors[1]}) == 3  # better, worse, and the average guess's own
    assert "loss 0.3" not in _words(draw_task_examples(*_given("normal"), size=SIZE))


def test_the_classes_of_pixels_have_a_legend():
    assert "refrigerator" in _words(draw_task_examples(*_given("segment_semantic"), size=SIZE))


def test_the_same_examples_give_the_same_bytes_and_the_dots_are_the_pictures():
    losses = np.full((2, 3), 0.1)
    figures = [draw_task_examples(*_given("fixated_pose"), losses, size=SIZE) for _ in range(2)]
    assert _png(figures[0]) == _png(figures[1])
    axes = figures[0].axes[0]
    dots = np.asarray(figures[0].canvas.buffer_rgba())[..., :3]
    left, top = (round(-limit) for limit in (axes.get_xlim()[0], axes.get_ylim()[1]))
    picture = np.asarray(axes.images[0].get_array())[: SIZE + caption_height(SIZE)]
    np.testing.assert_array_equal(dots[top : top + len(picture), left : left + picture.shape[1]], picture)


def test_arrays_of_the_wrong_shape_are_refused():
    task, examples, outputs, average, _ = _given("normal")
    with pytest.raises(ValueError, match="'normal': at least one is needed"):
        draw_task_examples(task, [], outputs, average)
    with pytest.raises(ValueError, match="wanted 2 predictions, got 1"):
        draw_task_examples(task, examples, outputs[:1], average)
    with pytest.raises(ValueError, match=r"the shape of a prediction, \(3, 32, 32\), got \(3,\)"):
        draw_task_examples(task, examples, outputs, average[:, 0, 0])
    with pytest.raises(ValueError, match=r"wanted losses of shape \(2, 3\), got \(2,\)"):
        draw_task_examples(task, examples, outputs, average, CONSTANTS, np.ones(2))
