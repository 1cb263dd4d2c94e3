import numpy as np
import pandas as pd
import pytest

from taskonomy_kedro.core.figures import draw_significance


@pytest.fixture
def significance():
    rows = []
    for cap in (1, 2):
        for budget in (1, 2, 3):
            gain = 0.5 + 0.1 * budget
            rows.append(
                {
                    "budget": budget,
                    "max_order": cap,
                    "n_policies": 1000 * cap,
                    "mean_gain": gain,
                    "mean_quality": 0.4,
                    "gain_percentile": 100.0,
                    "quality_percentile": 99.0,
                    "random_gain_mean": gain - 0.2,
                    "random_gain_p1": gain - 0.3,
                    "random_gain_p99": gain - 0.1,
                    "random_quality_mean": 0.2,
                    "random_quality_p1": 0.1,
                    "random_quality_p99": 0.3,
                }
            )
    table = pd.DataFrame(rows)
    table.loc[table["budget"] == 1, "random_gain_p1"] = np.nan
    return table


def test_the_band_runs_from_the_first_to_the_99th_percentile_and_skips_nan(significance):
    low, high = draw_significance(significance).data[8:10]
    assert list(low.x) == [2, 3]
    assert list(low.y) == [0.4, 0.5]
    assert list(high.y) == [0.6, 0.7]
    assert high.fill == "tonexty"


def test_the_largest_cap_is_shown_and_buttons_show_one_cap_each(significance):
    figure = draw_significance(significance)
    assert [trace.visible for trace in figure.data] == [False] * 8 + [True] * 8
    assert "Against chance, order ≤ 2" in figure.layout.title.text
    first, last = figure.layout.updatemenus[0].buttons
    assert first.args[0]["visible"] == [True] * 8 + [False] * 8
    assert "order ≤ 1" in first.args[1]["title.text"]
    told = [note.text for note in figure.layout.annotations]
    assert {"of 1,000 to 2,000 policies", "order cap"} <= set(told)
    assert last.args[0]["visible"] == [False] * 8 + [True] * 8


def test_one_cap_needs_no_buttons(significance):
    assert not draw_significance(significance[significance["max_order"] == 1]).layout.updatemenus


def test_the_percentile_is_told(significance):
    computed = draw_significance(significance).data[-1]
    assert computed.name == "computed taxonomy"
    assert list(computed.customdata) == [99.0, 99.0]


def test_nothing_to_compare_is_drawn_and_said(significance):
    figure = draw_significance(significance[significance["budget"] == 1])
    assert len(figure.data) == 0
    assert "Nothing to compare" in figure.layout.title.text


def test_a_missing_column_is_refused(significance):
    with pytest.raises(ValueError, match="'significance' needs the column 'random_gain_p99'"):
        draw_significance(significance.drop(columns="random_gain_p99"))
