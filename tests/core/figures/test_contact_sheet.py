import numpy as np
import pytest
from tests.label_examples import examples_by_task

from taskonomy_kedro.core.figures.contact_sheet import draw_contact_sheet
from taskonomy_kedro.core.figures.style import order_by_family, task_label
from taskonomy_kedro.core.labels.drawing import caption_height, draw_label, missing_label
from taskonomy_kedro.core.tasks import TASKS

SIZE, GAP = 32, 2
ROWS = [examples_by_task(0), examples_by_task(1)]


def _cells(figure):
    return np.asarray(figure.axes[0].images[0].get_array())


def _cell(figure, row, column):
    top, left = row * (SIZE + caption_height(SIZE) + GAP), column * (SIZE + GAP)
    return _cells(figure)[top : top + SIZE + caption_height(SIZE), left : left + SIZE]


def _words(figure):
    return [text.get_text() for text in figure.axes[0].texts]


def test_there_is_a_row_for_each_image_and_a_column_for_each_task_and_the_image():
    figure = draw_contact_sheet(ROWS, TASKS, size=SIZE)
    height, width = _cells(figure).shape[:2]
    assert height == 2 * (SIZE + caption_height(SIZE) + GAP)
    assert width == 27 * (SIZE + GAP) - GAP
    np.testing.assert_array_equal(_cell(figure, 1, 0)[:SIZE], ROWS[1]["normal"].pictures[0])
    for column, name in enumerate(order_by_family(TASKS), start=1):
        wanted = draw_label(TASKS[name], ROWS[1][name], size=SIZE)
        np.testing.assert_array_equal(_cell(figure, 1, column), wanted)


def test_columns_have_display_names_and_rows_image_ids():
    words = _words(draw_contact_sheet(ROWS, TASKS, size=SIZE))
    assert words[:5] == ["2D", "3D", "Geometric", "Semantic", "Other"]
    assert words[5:32] == ["Image", *(task_label(name) for name in order_by_family(TASKS))]
    assert words[32:34] == ["room_00000\n/0/0", "room_00001\n/0/0"]
    assert "refrigerator" in words


def test_a_row_without_a_label_has_an_empty_cell():
    rows = [ROWS[0], {name: example for name, example in ROWS[1].items() if name != "egomotion"}]
    figure = draw_contact_sheet(rows, TASKS, size=SIZE)
    column = 1 + order_by_family(TASKS).index("egomotion")
    np.testing.assert_array_equal(_cell(figure, 1, column), missing_label(SIZE))
    assert (_cell(figure, 0, column) != missing_label(SIZE)).any()


def test_missing_and_unknown_examples_are_refused():
    with pytest.raises(ValueError, match="at least one image, got none"):
        draw_contact_sheet([], TASKS)
    with pytest.raises(ValueError, match="row 0 of the contact sheet has no example"):
        draw_contact_sheet([{}], TASKS)
    with pytest.raises(ValueError, match="unknown task 'normals'; did you mean 'normal'"):
        draw_contact_sheet([{"normals": ROWS[0]["normal"]}], TASKS)
