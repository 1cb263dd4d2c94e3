import numpy as np
import pandas as pd
import pytest

from taskonomy_kedro.core.figures import draw_taxonomy_graph
from taskonomy_kedro.core.figures.taxonomy_states import EDGE_TRACES, JOIN_ROW, NODE_TRACES, SOURCE_ROW

N_TRACES = len(EDGE_TRACES) + len(NODE_TRACES)
FEASIBLE = [(2, 1), (3, 1), (2, 2), (3, 2)]


def trace_number(name):
    return len(EDGE_TRACES) + NODE_TRACES.index(name)


@pytest.fixture
def taxonomies():
    """Normals are supervised; 2D edges come from it, 3D keypoints from it and from colorization."""
    rows = []
    for budget, cap in FEASIBLE:
        pair = ["colorization", "normal"] if cap == 2 else ["normal"]
        rows += [
            (budget, cap, "normal", ["normal"], "full_supervision", 0.9, 0.5),
            (budget, cap, "edge_texture", np.array(["normal"]), "transfer", 0.8, 0.3),
            (budget, cap, "keypoints3d", pair, "transfer", 0.7, float("nan")),
        ]
    return pd.DataFrame(rows, columns=["budget", "max_order", "target", "sources", "kind", "gain", "quality"])


@pytest.fixture
def summary():
    """Budget 1 is infeasible at cap 1, and was not solved at cap 2."""
    rows = [(1, 1, "infeasible", None, np.nan, np.nan)]
    for budget, cap in FEASIBLE:
        used = np.array(["colorization", "normal"] if cap == 2 else ["normal"])
        rows.append((budget, cap, "optimal", used, 0.8, 0.4))
    columns = ["budget", "max_order", "status", "sources_used", "mean_gain", "mean_quality"]
    return pd.DataFrame(rows, columns=columns)


def steps_of(figure):
    """Return the arguments of every step, by cap and budget."""
    return {
        (button.label, step.label): step.args
        for slider, button in zip(figure.layout.sliders, figure.layout.updatemenus[0].buttons, strict=True)
        for step in slider.steps
    }


def test_every_budget_and_cap_has_a_step_that_fills_all_traces(taxonomies, summary):
    steps = steps_of(draw_taxonomy_graph(taxonomies, summary, budget=5))
    assert set(steps) == {(cap, budget) for cap in ("≤1", "≤2") for budget in ("1", "2", "3")}
    for arrays, _, indices in steps.values():
        assert list(indices) == list(range(N_TRACES))
        assert {len(arrays[key]) for key in ("x", "y", "text", "marker.color")} == {N_TRACES}
        for xs, ys, texts in zip(arrays["x"], arrays["y"], arrays["text"], strict=True):
            assert len(xs) == len(ys)
            assert len(texts) in (0, len(xs))


def test_a_join_node_and_a_stem_for_each_transfer_of_higher_order(taxonomies, summary):
    steps = steps_of(draw_taxonomy_graph(taxonomies, summary, budget=5))
    for cap, n_joins in (("≤1", 0), ("≤2", 1)):
        arrays = steps[cap, "3"][0]
        joins, stems = (arrays["x"][trace_number(name)] for name in ("joins", "stems"))
        assert len(joins) == n_joins
        assert stems == [part for x in joins for part in (x, x, None)]


def test_lines_of_all_its_sources_end_in_the_join(taxonomies, summary):
    arrays = steps_of(draw_taxonomy_graph(taxonomies, summary, budget=5))["≤2", "3"][0]
    join = arrays["x"][trace_number("joins")][0]
    for family in ("2d", "3d"):
        number = EDGE_TRACES.index(family)
        assert (join, JOIN_ROW) in list(zip(arrays["x"][number], arrays["y"][number], strict=True))


def test_full_supervision_has_its_own_marker_below_its_source(taxonomies, summary):
    arrays = steps_of(draw_taxonomy_graph(taxonomies, summary, budget=5))["≤2", "2"][0]
    xs = {name: arrays["x"][trace_number(name)] for name in ("sources", "targets", "full_targets")}
    assert len(xs["targets"]) == 2
    assert len(xs["full_targets"]) == 1
    assert xs["full_targets"][0] in xs["sources"]


def test_a_source_only_task_is_in_the_upper_row_only(taxonomies, summary):
    figure = draw_taxonomy_graph(taxonomies, summary, budget=5)
    assert len(figure.layout.xaxis2.ticktext) == 3
    assert any("Colorization" in text for text in figure.layout.xaxis3.ticktext)
    arrays = steps_of(figure)["≤2", "3"][0]
    sources = trace_number("sources")
    assert arrays["y"][sources] == [SOURCE_ROW, SOURCE_ROW]


def test_infeasible_and_unsolved_states_have_a_message_and_no_transfer(taxonomies, summary):
    arrays, layout, _ = steps_of(draw_taxonomy_graph(taxonomies, summary, budget=5))["≤1", "1"]
    assert arrays["text"][trace_number("message")] == [
        "<b>infeasible: no labels within budget 1 solve every target</b>"
    ]
    assert "infeasible" in layout["annotations[0].text"]
    assert all(not xs for xs in arrays["x"][:-1])
    arrays, _, _ = steps_of(draw_taxonomy_graph(taxonomies, summary, budget=5))["≤2", "1"]
    assert arrays["text"][trace_number("message")][0].startswith("<b>not solved")
    nothing = draw_taxonomy_graph(taxonomies.head(0), summary[summary["status"] == "infeasible"], budget=5)
    assert nothing.data[trace_number("message")].text[0].startswith("<b>infeasible")


def test_a_button_shows_its_caps_slider_alone(taxonomies, summary):
    figure = draw_taxonomy_graph(taxonomies, summary, budget=2)
    assert [slider.visible for slider in figure.layout.sliders] == [False, True]
    traces, layout, _ = figure.layout.updatemenus[0].buttons[0].args
    assert (layout["sliders[0].visible"], layout["sliders[1].visible"]) == (True, False)
    assert layout["sliders[0].active"] == 1
    assert traces == steps_of(figure)["≤1", "2"][0]


def test_title_and_names_stand_between_the_graph_and_what_is_clicked(taxonomies, summary):
    # kedro-viz's small figure cuts off what is outermost
    layout = draw_taxonomy_graph(taxonomies, summary, budget=5).layout
    title, (buttons,) = layout.annotations[0], layout.updatemenus
    for part in (*layout.sliders, buttons):
        assert (part.y, part.yanchor) == (1, "bottom")
        assert part.pad.b >= title.yshift + 40  # two lines
    assert buttons.x < layout.sliders[0].x  # beside each other
    assert layout.minreducedheight == 70
    assert layout.xaxis2.title.standoff == 36  # else names below are cut there


def test_the_figure_starts_in_the_state_of_its_slider(taxonomies, summary):
    figure = draw_taxonomy_graph(taxonomies, summary, budget=2, max_order=1)
    arrays = steps_of(figure)["≤1", "2"][0]
    assert [list(trace.x) for trace in figure.data[:N_TRACES]] == [list(xs) for xs in arrays["x"]]


@pytest.mark.parametrize(
    ("budget", "max_order", "opened"),
    [
        (2, 1, "Budget 2, first-order transfers"),
        (3, 2, "label 2 sources · mean gain 0.800 · mean quality 0.400"),
        (9, 2, "Budget 3,"),
        (2.5, 4, "Budget 2, transfers up to order 2"),
    ],
)
def test_it_opens_at_the_closest_budget_and_the_cap_or_the_largest(
    taxonomies, summary, budget, max_order, opened
):
    figure = draw_taxonomy_graph(taxonomies, summary, budget=budget, max_order=max_order)
    assert opened in figure.layout.annotations[0].text


def test_the_figure_of_a_whole_dictionary_stays_small():
    tasks = [f"task_{i:02}" for i in range(26)]
    rows, states = [], []
    for budget in range(1, 28):
        for cap in range(1, 6):
            used = tasks[:budget]
            states.append((budget, cap, "optimal", used, 0.5, 0.5))
            for i in range(22):
                sources = sorted({used[(i + j) % len(used)] for j in range(cap)})
                rows.append((budget, cap, tasks[i], sources, "transfer", 0.5, 0.5))
    columns = ["budget", "max_order", "target", "sources", "kind", "gain", "quality"]
    summary_columns = ["budget", "max_order", "status", "sources_used", "mean_gain", "mean_quality"]
    figure = draw_taxonomy_graph(
        pd.DataFrame(rows, columns=columns), pd.DataFrame(states, columns=summary_columns), budget=5
    )
    assert len(figure.to_json()) < 1_500_000
