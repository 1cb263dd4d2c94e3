import numpy as np
import pandas as pd
import pytest

from taskonomy_kedro.core.figures import draw_significance


@pytest.fixture
def significance():
    table = pd.DataFrame({"budget": [1, 2, 3] * 2, "max_order": [1] * 3 + [2] * 3})
    gain = 0.5 + 0.1 * table["budget"]
    table = table.assign(
        n_policies=1000 * table["max_order"], mean_gain=gain, mean_quality=0.4,
        gain_percentile=100.0, quality_percentile=99.0,
        random_gain_mean=gain - 0.2, random_gain_p1=gain - 0.3, random_gain_p99=gain - 0.1,
        random_quality_mean=0.2, random_quality_p1=0.1, random_quality_p99=0.3,
    )  # fmt: skip
    table.loc[table["budget"] == 1, "random_gain_p1"] = np.nan
    return table


def test_the_band_runs_from_the_first_to_the_99th_percentile_and_skips_nan(significance):
    low, high = draw_significance(significance).data[8:10]
    assert list(low.x) == [2, 3]
    assert list(low.y) == pytest.approx([0.4, 0.5])
    assert list(high.y) == pytest.approx([0.6, 0.7])
    assert high.fill == "tonexty"


def test_the_largest_cap_is_shown_and_buttons_show_one_cap_each(significance):
    figure = draw_significance(significance)
    assert [trace.visible for trace in figure.data] == [False] * 8 + [True] * 8
    assert "Against chance, order ≤ 2" in figure.layout.title.text
    first, last = figure.layout.updatemenus[0].buttons
    assert first.args[0]["visible"] == [True] * 8 + [False] * 8
    assert "order ≤ 1" in first.args[1]["title.text"]
    assert {"of 1,000 to 2,000 policies", "order cap"} <= {note.text for note in figure.layout.annotations}
    assert last.args[0]["visible"] == [False] * 8 + [True] * 8
    assert figure.data[-1].name == "computed taxonomy"
    assert list(figure.data[-1].customdata) == [99.0, 99.0]
    assert not draw_significance(significance[significance["max_order"] == 1]).layout.updatemenus


def test_nothing_to_compare_is_a_figure_with_a_message(significance):
    figure = draw_significance(significance[significance["budget"] == 1])
    assert len(figure.data) == 0
    assert "Nothing to compare" in figure.layout.title.text
