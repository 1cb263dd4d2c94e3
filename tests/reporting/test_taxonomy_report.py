import pandas as pd
import pytest

from taskonomy_kedro.reporting.taxonomy_report import budget_lines


def summary(budgets):
    rows = [
        {
            "budget": float(budget),
            "max_order": cap,
            "status": "optimal",
            "objective": 1.0,
            "sources_used": ["normal"] if cap == 2 else ["reshading"],
            "mean_gain": 0.5,
            "mean_quality": 0.25,
        }
        for budget in budgets
        for cap in (1, 2)
    ]
    return pd.DataFrame(rows)


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ([5], ["5"]),
        ([3, 1.5], ["1.5", "3"]),
        (range(1, 27), ["1", "2", "4", "8", "16"]),
        (range(1, 6), ["1", "2", "3", "4", "5"]),
        ([1.3 * k for k in range(1, 27)], ["1.3", "9.1", "16.9", "26", "33.8"]),
    ],
)
def test_a_line_for_a_few_of_the_budgets_that_were_asked_for(asked, told):
    heading, *lines = budget_lines(summary(asked))
    assert heading == "taxonomies with transfers of up to 2 sources"
    assert [line.split(":")[0] for line in lines] == [f"budget {budget}" for budget in told]
    assert {line.split(": ")[1] for line in lines} == {"label normal; gain 50%, quality 25%"}


def test_a_table_without_budgets_has_no_lines():
    assert budget_lines(summary([])) == []
