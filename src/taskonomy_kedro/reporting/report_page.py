"""The report of a run: one HTML page that needs no network and opens at the answer."""

import base64
from collections.abc import Hashable, Mapping
from importlib.resources import files
from typing import Any, NamedTuple

import pandas as pd
import plotly.graph_objects as go

from taskonomy_kedro.core.affinity.affinity_tables import origin_of
from taskonomy_kedro.core.figures.figure_inputs import budget_text, nearest_budget
from taskonomy_kedro.core.figures.style import FAMILY_COLOURS, order_by_family, task_label
from taskonomy_kedro.core.tasks import family_of
from taskonomy_kedro.reporting.taxonomy_report import SHOWN_BUDGET, reported_budgets


class FigureText(NamedTuple):
    """What the page writes around a figure."""

    name: str
    title: str
    caption: str


FIGURES = (
    FigureText(
        "taxonomy_graph",
        "Taxonomy graph",
        "Above: tasks whose labels you pay for. Below: every target, with lines from the sources it is "
        "reached from; a diamond joins several sources, a square is a target solved by its own network. Move "
        "the slider to another budget; the buttons limit the number of sources of a transfer.",
    ),
    FigureText(
        "gain_and_quality",
        "Gain and quality",
        "Means over all targets against the budget; higher is better, and the dashed line is a tie. Gain "
        "compares with networks trained from scratch on the same small split, quality with each task's own "
        "network. More labels stop helping where the line bends.",
    ),
    FigureText(
        "affinity_matrix",
        "Affinity matrix",
        "A row is a target, a column a source. Dark is better on both sides, grey has no value. Compare rows "
        "only on the right, after normalisation; its last column is the target's own network. A dark column "
        "is a source that feeds many targets.",
    ),
    FigureText(
        "similarity_tree",
        "Similarity tree",
        "Sources that transfer alike: the further left two of them join, the more alike. The colour of a "
        "name is the usual family of the task, the colour of a branch the cluster that the transfers put it "
        "into.",
    ),
    FigureText(
        "significance_plot",
        "Significance",
        "The computed taxonomies against random choices at the same budget. The grey band reaches from the "
        "1st to the 99th percentile of the random ones: a line above it beats 99 of 100.",
    ),
)


def report_page(
    taxonomies: pd.DataFrame,
    summary: pd.DataFrame,
    figures: Mapping[str, go.Figure],
    *,
    what_if: str,
    contact_sheet: bytes | None = None,
    sanity: pd.DataFrame | None = None,
) -> str:
    """Write the report of a run.

    Args:
        taxonomies: The table `taxonomies`.
        summary: The table `taxonomy_summary`; its largest order cap is reported.
        figures: By name, see `FIGURES`.
        what_if: The what-if page of the run, which the report contains.
        contact_sheet: A PNG, None if the run has none.
        sanity: The table `sanity_table`, None if the run has none.

    Returns:
        HTML, some 7 MB, most of it plotly.js and the solver of the what-if page.
    """
    from jinja2 import Template
    from plotly.offline import get_plotlyjs

    max_order = summary["max_order"].max()
    solved = summary[summary["max_order"] == max_order].sort_values("budget").to_dict("records")
    shown = nearest_budget([row["budget"] for row in solved], SHOWN_BUDGET)
    chosen = taxonomies[(taxonomies["budget"] == shown) & (taxonomies["max_order"] == max_order)]
    budgets = {*reported_budgets(summary), shown}
    template = files(__package__).joinpath("report_template.html").read_text(encoding="utf-8")
    return Template(template, autoescape=True, trim_blocks=True, lstrip_blocks=True).render(
        origin=origin_of(summary),
        max_order=max_order,
        answer=next(_answer(row) for row in solved if row["budget"] == shown),
        feasible=next((budget_text(row["budget"]) for row in solved if _is_solved(row)), None),
        budgets=[
            _answer(row) | {"is_shown": row["budget"] == shown} for row in solved if row["budget"] in budgets
        ],
        transfers=[_transfer(row) for row in _by_family(chosen)],
        figures=FIGURES,
        drawings={name: _script_safe(figure.to_json()) for name, figure in figures.items()},
        sizes={name: figure.layout.meta["page_size"] for name, figure in figures.items()},
        what_if=what_if,
        contact_sheet=base64.b64encode(contact_sheet).decode() if contact_sheet else None,
        networks=[] if sanity is None else [_network(row) for row in sanity.to_dict("records")],
        plotly_js=get_plotlyjs(),
    )


def _script_safe(json: str) -> str:
    """Return JSON that can stand in a script element, where only a tag could end it early."""
    return json.replace("<", "\\u003c")


def _is_solved(row: Mapping[Hashable, Any]) -> bool:
    return not pd.isna(row["objective"])


def _answer(row: Mapping[Hashable, Any]) -> dict[str, Any]:
    return {
        "budget": budget_text(row["budget"]),
        "status": row["status"],
        "labels": [_task(name) for name in order_by_family(row["sources_used"])] if _is_solved(row) else [],
        "is_solved": _is_solved(row),
        "gain": _share(row["mean_gain"]),
        "quality": _share(row["mean_quality"]),
    }


def _by_family(taxonomy: pd.DataFrame) -> list[dict[Hashable, Any]]:
    rows = {row["target"]: row for row in taxonomy.to_dict("records")}
    return [rows[target] for target in order_by_family(rows)]


def _transfer(row: Mapping[Hashable, Any]) -> dict[str, Any]:
    return {
        "target": _task(row["target"]),
        "sources": [] if row["kind"] == "full_supervision" else [_task(name) for name in row["sources"]],
        "gain": _share(row["gain"]),
        "quality": _share(row["quality"]),
    }


def _network(row: Mapping[Hashable, Any]) -> dict[str, Any]:
    return {
        "task": _task(row["task"]),
        "loss": _number(row["loss"]),
        "average_guess_loss": _number(row["average_guess_loss"]),
        "beats_average_guess": _share(row["beats_average_guess"]),
        "beats_random_readout": _share(row["beats_random_readout"]),
        "failure": row["failure"],
    }


def _task(name: str) -> dict[str, str]:
    return {"name": name, "label": task_label(name), "colour": FAMILY_COLOURS[family_of(name)]}


def _share(value: float) -> str:
    return "–" if pd.isna(value) else f"{value:.0%}".replace("%", " %")


def _number(value: float) -> str:
    return "–" if pd.isna(value) else f"{value:.3g}"
