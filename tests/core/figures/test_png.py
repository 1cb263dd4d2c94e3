import io

import matplotlib.image
import numpy as np
import plotly.graph_objects as go
import pytest

from taskonomy_kedro.core.figures import render_png
from taskonomy_kedro.core.figures.png_text import colour_of, parse_lines
from taskonomy_kedro.core.figures.png_traces import _smoothed


@pytest.fixture
def figure():
    axis = {"domain": [0.0, 0.5], "anchor": "y2", "range": [-0.5, 1.5]}
    figure = go.Figure(layout={"xaxis2": axis, "yaxis2": {"anchor": "x2", "range": [-0.5, 1.5]}})
    figure.update_layout(title={"text": "<b>Title</b>"}, legend={"x": 1.02})
    figure.add_trace(
        go.Heatmap(
            z=[[0.0, 1.0], [None, 0.0]],
            colorscale=[[0, "#ff0000"], [1, "#0000ff"]],
            showscale=False,
            xaxis="x2",
            yaxis="y2",
        )
    )
    return figure


def pixels(png):
    return matplotlib.image.imread(io.BytesIO(png), format="png")[..., :3]


def count(png, colour):
    return int((np.abs(pixels(png) - np.array(colour)).max(axis=-1) < 0.02).sum())


def test_the_same_figure_gives_the_same_bytes(figure):
    assert render_png(figure) == render_png(go.Figure(figure))


def test_the_size_is_that_asked_for(figure):
    assert pixels(render_png(figure, width=300, height=200, dpi=200)).shape == (400, 600, 3)
    figure.update_layout(meta={"png_size": [320, 240]})
    assert pixels(render_png(figure, dpi=100)).shape == (240, 320, 3)


def test_cells_keep_place_colour_and_share_and_a_gap_shows_the_ground(figure):
    png = render_png(figure, width=400, height=300)
    red, blue = count(png, (1, 0, 0)), count(png, (0, 0, 1))
    assert blue > 1000
    assert red == pytest.approx(2 * blue, rel=0.1)
    blue_at = np.argwhere((pixels(png) == (0, 0, 1)).all(axis=-1))
    red_at = np.argwhere((pixels(png) == (1, 0, 0)).all(axis=-1))
    assert blue_at[:, 1].max() > red_at[:, 1].mean()  # the second column is right,
    assert blue_at[:, 0].mean() > red_at[:, 0].mean()  # the first row below


def test_packed_arrays_are_drawn_like_lists(figure):
    plain = go.Figure(go.Scatter(x=[0, 1, 2], y=[0.0, 2.0, 1.0], line={"color": "#00ff00"}))
    packed = go.Figure(go.Scatter(x=np.arange(3), y=np.array([0.0, 2.0, 1.0]), line={"color": "#00ff00"}))
    assert count(render_png(plain), (0, 1, 0)) > 500
    assert render_png(plain) == render_png(packed)


def test_hidden_traces_are_left_out(figure):
    figure.add_trace(go.Scatter(x=[0, 1], y=[0, 1], line={"color": "#00ff00", "width": 8}, visible=False))
    assert count(render_png(figure), (0, 1, 0)) == 0


def test_a_long_name_makes_room_for_itself():
    def left_edge(name):
        axis = {"tickvals": [0], "ticktext": [name]}
        figure = go.Figure(go.Scatter(x=[0, 1], y=[0, 1], line={"color": "#00ff00"}), {"yaxis": axis})
        shown = pixels(render_png(figure, width=500, height=300))
        assert (shown[:, :3] == 1).all()  # nothing is cut off at the left
        return np.argwhere((shown == (0, 1, 0)).all(axis=-1))[:, 1].min()

    assert left_edge("a task with a very long name indeed") > left_edge("a task") + 50


def test_an_unsupported_trace_type_is_refused_by_name(figure):
    figure.add_trace(go.Bar(y=[1]))
    with pytest.raises(ValueError, match=r"type .bar. cannot be drawn as PNG; known: heatmap, scatter"):
        render_png(figure)


def test_markup_is_read_line_by_line():
    lines = parse_lines(
        '<b>Big &amp; bold</b><br><span style="font-size:9px">small</span>', size=12, colour="red"
    )
    assert [(line.text, line.size, line.is_bold) for line in lines] == [
        ("Big & bold", 12, True),
        ("small", 9.0, False),
    ]
    (coloured,) = parse_lines('<span style="color:#123456">task</span>', size=12, colour="red")
    assert coloured.colour == "#123456"


def test_transparent_colours_are_read():
    assert colour_of("rgba(255,0,0,0.5)") == (1.0, 0.0, 0.0, 0.5)
    assert colour_of("#ff0000") == "#ff0000"


def test_a_smooth_line_goes_through_its_points_without_swinging_and_keeps_its_gaps():
    gap = [np.nan, np.nan]
    given = np.array([[0.0, 0.0], [1.0, 2.0], [3.0, 1.0], gap, [5.0, 5.0], [6.0, 5.0], gap])
    curve = _smoothed(given)
    for point in given[~np.isnan(given).any(axis=1)]:
        assert (curve == point).all(axis=1).any()
    assert np.isnan(curve).any(axis=1).sum() == 2
    assert np.nanmax(curve[curve[:, 0] <= 3, 1]) == 2.0  # it does not swing past its highest point
    straight = curve[curve[:, 0] >= 5]
    np.testing.assert_allclose(straight[:, 1], 5.0)
