import numpy as np
import pandas as pd
import pytest

from taskonomy_kedro.core.figures import draw_affinity_matrix

KEYS = ["target", "sources", "order", "kind"]


@pytest.fixture
def win_rates():
    rows = [
        ("normal", ["edge_texture"], 1, "transfer", 0.2),
        ("normal", np.array(["normal"]), 1, "transfer", 0.6),
        ("normal", ["random_projection"], 1, "random", 0.1),
        ("edge_texture", ["normal"], 1, "transfer", 0.3),
        ("edge_texture", ["random_projection"], 1, "random", 0.4),
        ("normal", ["edge_texture", "normal"], 2, "transfer", 0.9),
        ("normal", ["normal"], 1, "full_supervision", 0.5),
    ]
    return pd.DataFrame(rows, columns=[*KEYS, "quality"])


@pytest.fixture
def affinities():
    rows = [
        ("normal", ["edge_texture"], 1, "transfer", 0.1),
        ("normal", ["normal"], 1, "transfer", 0.2),
        ("normal", ["normal"], 1, "full_supervision", 0.1),
        ("normal", ["edge_texture", "normal"], 2, "transfer", 0.6),
        ("edge_texture", ["normal"], 1, "transfer", 0.5),
        ("edge_texture", ["edge_texture"], 1, "full_supervision", 0.5),
    ]
    return pd.DataFrame(rows, columns=[*KEYS, "affinity"])


def test_rows_and_columns_are_ordered_by_family_and_the_task_specific_column_is_last(affinities, win_rates):
    layout = draw_affinity_matrix(affinities, win_rates).layout
    assert [text.split(">")[1].split("<")[0] for text in layout.yaxis2.categoryarray] == [
        "2D edges",
        "Normals",
    ]
    named = [text.split(">")[1].split("<")[0] for text in layout.xaxis3.categoryarray]
    assert named == ["2D edges", "Normals", "Random proj.", "Task-specific"]


def test_win_rates_stand_in_their_cells_and_a_missing_one_is_a_gap(affinities, win_rates):
    before, _ = draw_affinity_matrix(affinities, win_rates).data
    expected = [[np.nan, 0.3, 0.4], [0.2, 0.6, 0.1]]
    np.testing.assert_array_equal(np.array(before.z, dtype=float), expected)
    assert "missing" in before.text[0][0]


def test_affinities_are_scaled_to_sum_to_one_within_the_first_order(affinities, win_rates):
    # normal: 0.1, 0.2 and 0.1 become 1/4, 1/2 and 1/4, whatever the second order holds.
    _, after = draw_affinity_matrix(affinities, win_rates).data
    shares = [[np.nan, 0.5, np.nan, 0.5], [0.25, 0.5, np.nan, 0.25]]
    np.testing.assert_allclose(np.array(after.z, dtype=float), np.exp(-20 * np.array(shares)), atol=1e-5)
    assert "affinity 0.25 " in after.text[1][0]


def test_dark_is_better_in_both_panels(affinities, win_rates):
    before, after = draw_affinity_matrix(affinities, win_rates).data
    assert before.colorscale == after.colorscale
    assert (before.reversescale, after.reversescale) == (False, True)
    assert "higher is better" in before.colorbar.title.text
    assert "lower is better" in after.colorbar.title.text


def test_missing_cells_lie_on_grey_ground(affinities, win_rates):
    layout = draw_affinity_matrix(affinities, win_rates).layout
    grounds = [shape for shape in layout.shapes if shape.type == "rect"]
    assert [(shape.xref, shape.x1, shape.layer) for shape in grounds] == [
        ("x2", 2.5, "below"),
        ("x3", 3.5, "below"),
    ]


def test_tables_without_rows_of_first_order_are_refused(affinities, win_rates):
    with pytest.raises(ValueError, match="'affinities' has no rows"):
        draw_affinity_matrix(affinities.head(0), win_rates)
    with pytest.raises(ValueError, match="'win_rates' has no row of order 1"):
        draw_affinity_matrix(affinities, win_rates[win_rates["order"] == 2])
    with pytest.raises(ValueError, match="'win_rates' needs the column 'quality'; did you mean 'qualty'"):
        draw_affinity_matrix(affinities, win_rates.rename(columns={"quality": "qualty"}))
