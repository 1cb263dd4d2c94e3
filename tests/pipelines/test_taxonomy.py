import numpy as np
import pytest
from kedro.io import DataCatalog, MemoryDataset
from kedro.runner import SequentialRunner
from tests.scores import random_scores

from taskonomy_kedro.core.affinity.affinity_tables import origin_of, tabulate_scores
from taskonomy_kedro.core.sources.settings import SourcesSettings
from taskonomy_kedro.core.taxonomy import ProgramSettings, SignificanceSettings, TreeSettings
from taskonomy_kedro.core.taxonomy.taxonomy_tables import SUMMARY_COLUMNS, TAXONOMY_COLUMNS
from taskonomy_kedro.datasets import (
    FigureDataset,
    HtmlDataset,
    OptionalTableDataset,
    PictureDataset,
    TableDataset,
)
from taskonomy_kedro.pipelines.taxonomy import create_pipeline

TABLES = {
    "taxonomies",
    "taxonomy_summary",
    "significance",
    "random_policies",
    "task_families",
    "similarity_merges",
}
FIGURES = {"affinity_matrix", "taxonomy_graph", "gain_and_quality", "significance_plot", "similarity_tree"}
PAGES = {"what_if_page", "report"}


def run(folder, program):
    """Run the pipeline over a table drawn from a seed; return what it stored."""
    scores = random_scores(np.random.default_rng(0), n_tasks=7, n_targets=5, n_higher=10)
    affinities, win_rates = tabulate_scores(scores, origin="drawn from a seed")
    catalog = DataCatalog(
        {
            "affinities": MemoryDataset(affinities),
            "win_rates": MemoryDataset(win_rates),
            "params:program": MemoryDataset(program),
            "params:sources": MemoryDataset(SourcesSettings()),
            "params:significance": MemoryDataset(SignificanceSettings(n_policies=20)),
            "params:tree": MemoryDataset(TreeSettings(n_families=3)),
            "contact_sheet": PictureDataset(filepath=str(folder / "contact_sheet.png")),
            "sanity_table": OptionalTableDataset(filepath=str(folder / "sanity_table.parquet")),
            **{name: TableDataset(filepath=str(folder / f"{name}.parquet")) for name in TABLES},
            **{name: FigureDataset(filepath=str(folder / f"{name}.json")) for name in FIGURES},
            **{name: HtmlDataset(filepath=str(folder / f"{name}.html")) for name in PAGES},
        }
    )
    SequentialRunner().run(create_pipeline(), catalog)
    return {name: catalog.load(name) for name in TABLES | FIGURES | PAGES}


@pytest.fixture(scope="module")
def outputs(tmp_path_factory):
    return run(tmp_path_factory.mktemp("products"), ProgramSettings(budgets=[0, 1, 3], max_orders=[1, 2]))


@pytest.mark.parametrize(
    "program",
    [
        ProgramSettings(budgets=0, max_orders=1),
        ProgramSettings(max_orders=[1, 2], label_cost={"task0": 2.5}),
    ],
    ids=["nothing feasible", "budgets that are no whole numbers"],
)
def test_awkward_settings_are_answered_and_drawn(tmp_path, program):
    products = run(tmp_path, program)
    n_budgets = products["taxonomy_summary"]["budget"].nunique()
    slider = products["taxonomy_graph"].layout.sliders[0]
    assert len(slider.steps) == n_budgets
    assert len({step.label for step in slider.steps}) == n_budgets
    line = products["gain_and_quality"].data[0]
    solved = products["taxonomy_summary"].query("max_order == 1")["mean_gain"].notna().sum()
    assert sum(value is not None for value in line.y) == solved


def test_inputs_and_outputs_by_name():
    pipeline = create_pipeline()
    assert pipeline.inputs() == {
        "affinities", "win_rates", "params:program", "params:significance", "params:sources", "params:tree",
        "contact_sheet", "sanity_table",
    }  # fmt: skip
    assert pipeline.all_outputs() == TABLES | FIGURES | PAGES | {"candidates"}


def test_tables_have_the_columns_of_the_contract(outputs):
    assert tuple(outputs["taxonomies"].columns) == TAXONOMY_COLUMNS
    assert tuple(outputs["taxonomy_summary"].columns) == SUMMARY_COLUMNS
    assert {"source", "family", "leaf_order"} <= set(outputs["task_families"].columns)
    assert list(outputs["taxonomy_summary"]["status"]) == ["infeasible", "optimal", "optimal"] * 2
    assert len(outputs["taxonomies"]) == 4 * 5
    assert set(outputs["task_families"]["family"]) == {1, 2, 3}


def test_every_table_says_where_its_numbers_come_from(outputs):
    assert {origin_of(outputs[name]) for name in TABLES} == {"drawn from a seed"}


def test_the_page_has_the_tables_of_the_run(outputs):
    page = outputs["what_if_page"]
    assert '"origin":"drawn from a seed"' in page
    assert page.count('"full_supervision"') == 5  # one a target


def test_every_figure_has_traces_and_is_in_the_report(outputs):
    assert all(len(outputs[name].data) > 0 for name in FIGURES)
    assert all(f'data-figure="{name}"' in outputs["report"] for name in FIGURES)
