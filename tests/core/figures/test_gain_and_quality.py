import numpy as np
import pandas as pd
import pytest

from taskonomy_kedro.core.figures import draw_gain_and_quality


@pytest.fixture
def summary():
    rows = [
        (3, 1, "optimal", 0.8, 0.4),
        (1, 1, "infeasible", np.nan, np.nan),
        (2, 1, "optimal", 0.6, 0.3),
        (1, 2, "optimal", 0.5, 0.2),
        (3, 2, "time_limit", 0.9, 0.5),
    ]
    return pd.DataFrame(rows, columns=["budget", "max_order", "status", "mean_gain", "mean_quality"])


def test_one_line_a_cap_in_each_panel_with_budgets_ascending(summary):
    lines = draw_gain_and_quality(summary).data
    panels = [(line.xaxis, line.legendgroup) for line in lines]
    assert panels == [("x2", "1"), ("x3", "1"), ("x2", "2"), ("x3", "2")]
    assert list(lines[0].x) == [1, 2, 3]
    assert list(lines[0].y) == [None, 0.6, 0.8]  # a gap for an infeasible budget
    assert list(lines[2].y) == [0.5, None, 0.9]  # and for one that is absent
    assert not any(line.connectgaps for line in lines)
    assert list(lines[1].y) == [None, 0.3, 0.4]


def test_lines_have_their_names_in_the_panel_in_their_colours(summary):
    # kedro-viz shows no legend in the small figure
    figure = draw_gain_and_quality(summary)
    lines = {line.name: line.line.color for line in figure.data}
    named = {note.text[2:]: note.font.color for note in figure.layout.annotations if note.text[0] in "●■"}
    assert named == lines == {"order 1": named["order 1"], "order 1 to 2": named["order 1 to 2"]}
    assert len(set(lines.values())) == 2


def test_budgets_have_at_most_six_ticks_each_a_budget(summary):
    many = pd.concat([summary.assign(budget=summary["budget"] + 3 * i) for i in range(9)])
    axis = draw_gain_and_quality(many).layout.xaxis2
    assert len(axis.tickvals) <= 6
    assert set(axis.tickvals) <= set(many["budget"])
    assert len(draw_gain_and_quality(summary).layout.xaxis2.tickvals) == 3


def test_a_tie_is_marked_in_both_panels(summary):
    shapes = draw_gain_and_quality(summary).layout.shapes
    assert [(shape.yref, shape.y0, shape.y1) for shape in shapes] == [("y2", 0.5, 0.5), ("y3", 0.5, 0.5)]
