"""One state of the taxonomy graph: what a budget and an order cap put into its traces.

Every task has one column in all states. Sources stand on the upper row, targets on the lower one,
so a source that is also a target stands right above itself.
"""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from taskonomy_kedro.core.figures.figure_inputs import budget_text, require_table
from taskonomy_kedro.core.figures.style import (
    FAMILY_COLOURS,
    coloured_task_label,
    order_by_family,
    task_label,
    title_text,
)
from taskonomy_kedro.core.tasks import FAMILIES, family_of

SOURCE_ROW, JOIN_ROW, TARGET_ROW = 100, 17, 0
_CURVE_STEPS = 6  # Plotly draws a smooth line through the points

EDGE_TRACES = FAMILIES
"""The traces of the transfers, one a family of sources; they come first."""
NODE_TRACES = ("stems", "full_edges", "joins", "sources", "targets", "full_targets", "message")
"""The traces that follow them, in this order."""


@dataclass(frozen=True, kw_only=True)
class Transfer:
    """One chosen candidate as the graph draws it: how a target is reached, and how well."""

    target: str
    sources: tuple[str, ...]
    is_full_supervision: bool
    gain: float
    quality: float

    def told(self) -> str:
        """Return what hovering over the target says."""
        origin = "its own network" if self.is_full_supervision else " + ".join(map(task_label, self.sources))
        return (
            f"<b>{task_label(self.target)}</b> ← {origin}<br>"
            f"gain {_number(self.gain)}, quality {_number(self.quality)}"
        )


@dataclass(frozen=True, kw_only=True)
class State:
    """What one budget and one order cap choose.

    Attributes:
        budget: Supervision budget, in units of label cost.
        max_order: Largest number of sources of one transfer.
        transfers: One for each target; empty where there is no taxonomy.
        sources: The labelled sources.
        mean_gain: Mean over the targets, in [0, 1]; NaN where there is no taxonomy.
        mean_quality: The same for quality.
        problem: Why there is no taxonomy, empty where there is one.
    """

    budget: float
    max_order: int
    transfers: tuple[Transfer, ...] = ()
    sources: tuple[str, ...] = ()
    mean_gain: float = float("nan")
    mean_quality: float = float("nan")
    problem: str = ""

    def title(self) -> str:
        """Return the two lines above the graph, as Plotly markup."""
        reach = "first-order transfers" if self.max_order == 1 else f"transfers up to order {self.max_order}"
        first = f"Budget {budget_text(self.budget)}, {reach}"
        if self.problem:
            return title_text(first, self.problem)
        means = f"mean gain {_number(self.mean_gain)} · mean quality {_number(self.mean_quality)}"
        return title_text(first, f"label {_sources(len(self.sources))} · {means}")


def collect_states(taxonomies: pd.DataFrame, summary: pd.DataFrame) -> dict[tuple[float, int], State]:
    """Return the state of every budget and order cap, also of those that the summary leaves out.

    Args:
        taxonomies: As for `draw_taxonomy_graph`; may have no rows, where nothing is feasible.
        summary: As for `draw_taxonomy_graph`.

    Raises:
        ValueError: The summary is empty, or a table lacks a column.
    """
    columns = ("budget", "max_order", "status", "sources_used", "mean_gain", "mean_quality")
    require_table(summary, name="taxonomy_summary", columns=columns)
    wanted = ("budget", "max_order", "target", "sources", "kind", "gain", "quality")
    require_table(taxonomies, name="taxonomies", columns=wanted, may_be_empty=True)
    chosen: dict[tuple[float, int], list[Transfer]] = {}
    for row in taxonomies.to_dict("records"):
        transfer = Transfer(
            target=row["target"],
            sources=tuple(row["sources"]),
            is_full_supervision=row["kind"] == "full_supervision",
            gain=float(row["gain"]),
            quality=float(row["quality"]),
        )
        chosen.setdefault((float(row["budget"]), int(row["max_order"])), []).append(transfer)
    rows = {(float(row["budget"]), int(row["max_order"])): row for row in summary.to_dict("records")}
    return {
        (budget, cap): _state(budget, cap, rows.get((budget, cap)), chosen.get((budget, cap), []))
        for cap in sorted({cap for _, cap in rows})
        for budget in sorted({budget for budget, _ in rows})
    }


def _state(budget: float, cap: int, row: dict[Any, Any] | None, transfers: list[Transfer]) -> State:
    if row is None:
        return State(budget=budget, max_order=cap, problem="not solved: no row for this budget and order cap")
    if not transfers:
        reasons = {
            "infeasible": f"infeasible: no labels within budget {budget_text(budget)} solve every target",
            "time_limit": "not solved: no taxonomy found within the time limit",
        }
        missing = "not solved: the taxonomy has no rows"
        return State(budget=budget, max_order=cap, problem=reasons.get(row["status"], missing))
    used = {source for transfer in transfers for source in transfer.sources} | set(
        _listed(row["sources_used"])
    )
    return State(
        budget=budget,
        max_order=cap,
        transfers=tuple(transfers),
        sources=tuple(sorted(used)),
        mean_gain=float(row["mean_gain"]),
        mean_quality=float(row["mean_quality"]),
    )


def _listed(sources: Any) -> Iterable[str]:
    """Return a stored list; a table without one holds None or NaN."""
    return () if sources is None or isinstance(sources, float) else sources


def task_columns(states: Iterable[State]) -> dict[str, int]:
    """Return the column of every task that any state draws, ordered by family."""
    tasks = {task for state in states for task in state.sources}
    tasks |= {transfer.target for state in states for transfer in state.transfers}
    return {task: column for column, task in enumerate(order_by_family(tasks))}


def trace_arrays(state: State, columns: dict[str, int]) -> dict[str, list[Any]]:
    """Return the arrays of all traces of the graph in one state.

    Args:
        state: The state to draw.
        columns: Column of every task, from `task_columns`.

    Returns:
        The Plotly attributes that differ between states, `x`, `y`, `text` and `marker.color`, each
        with one entry a trace: first `EDGE_TRACES`, then `NODE_TRACES`. A stem leads from a join
        node to its target; there is one of both for each transfer of a higher order.
    """
    edges: dict[str, tuple[list[Any], list[Any]]] = {family: ([], []) for family in EDGE_TRACES}
    joined = [transfer for transfer in state.transfers if len(transfer.sources) > 1]
    full = [transfer for transfer in state.transfers if transfer.is_full_supervision]
    transferred = [transfer for transfer in state.transfers if not transfer.is_full_supervision]
    for transfer in transferred:
        bottom = JOIN_ROW if len(transfer.sources) > 1 else TARGET_ROW
        for source in transfer.sources:
            xs, ys = edges[family_of(source)]
            _add_curve(xs, ys, columns[source], columns[transfer.target], bottom)
    n_fed = {source: sum(source in transfer.sources for transfer in transferred) for source in state.sources}
    nodes: dict[str, dict[str, list[Any]]] = {
        "stems": _verticals([columns[transfer.target] for transfer in joined], JOIN_ROW),
        "full_edges": _verticals([columns[transfer.target] for transfer in full], SOURCE_ROW),
        "joins": _nodes([transfer.target for transfer in joined], JOIN_ROW, columns),
        "sources": _nodes(state.sources, SOURCE_ROW, columns)
        | {"text": [_source_told(source, n_fed[source]) for source in state.sources]},
        "targets": _nodes([transfer.target for transfer in transferred], TARGET_ROW, columns)
        | {"text": [transfer.told() for transfer in transferred]},
        "full_targets": _nodes([transfer.target for transfer in full], TARGET_ROW, columns)
        | {"text": [transfer.told() for transfer in full]},
        "message": _message(state, columns),
    }
    return {
        "x": [*(edges[family][0] for family in EDGE_TRACES), *(nodes[name]["x"] for name in NODE_TRACES)],
        "y": [*(edges[family][1] for family in EDGE_TRACES), *(nodes[name]["y"] for name in NODE_TRACES)],
        "text": [*([] for _ in EDGE_TRACES), *(nodes[name].get("text", []) for name in NODE_TRACES)],
        "marker.color": [
            *(FAMILY_COLOURS[family] for family in EDGE_TRACES),
            *(nodes[name].get("colour", []) for name in NODE_TRACES),
        ],
    }


def source_labels(state: State, columns: dict[str, int]) -> tuple[list[int], list[str]]:
    """Return where the names of the labelled sources stand, and the names as Plotly markup."""
    ordered = sorted(state.sources, key=columns.__getitem__)
    return [columns[source] for source in ordered], [coloured_task_label(source) for source in ordered]


def _add_curve(xs: list[Any], ys: list[Any], start: int, end: int, bottom: int) -> None:
    """Append a curve that leaves the source row and arrives below upright, and a gap after it."""
    # The curve bends most near its ends, so most points lie there.
    steps = [(1 - math.cos(math.pi * i / _CURVE_STEPS)) / 2 for i in range(_CURVE_STEPS + 1)]
    if start == end:
        steps = [0.0, 1.0]
    middle = (SOURCE_ROW + bottom) / 2
    for t in steps:
        away = 3 * (1 - t) * (1 - t) * t + 3 * (1 - t) * t * t
        xs.append(round(start + (end - start) * (3 * t * t - 2 * t * t * t), 2))
        ys.append(round(SOURCE_ROW * (1 - t) ** 3 + middle * away + bottom * t**3))
    xs.append(None)
    ys.append(None)


def _verticals(at: Sequence[int], top: int) -> dict[str, list[Any]]:
    return {
        "x": [value for column in at for value in (column, column, None)],
        "y": [value for _ in at for value in (top, TARGET_ROW, None)],
    }


def _nodes(tasks: Sequence[str], row: int, columns: dict[str, int]) -> dict[str, list[Any]]:
    return {
        "x": [columns[task] for task in tasks],
        "y": [row] * len(tasks),
        "colour": [FAMILY_COLOURS[family_of(task)] for task in tasks],
    }


def _message(state: State, columns: dict[str, int]) -> dict[str, list[Any]]:
    if not state.problem:
        return {"x": [], "y": []}
    middle = (max(columns.values(), default=0)) / 2
    return {"x": [middle], "y": [(SOURCE_ROW + TARGET_ROW) / 2], "text": [f"<b>{state.problem}</b>"]}


def _source_told(source: str, n_fed: int) -> str:
    feeds = "feeds no transfer" if n_fed == 0 else f"feeds {n_fed} transfer{'s' if n_fed > 1 else ''}"
    return f"<b>{task_label(source)}</b>, labelled<br>{feeds}"


def _sources(number: int) -> str:
    return "1 source" if number == 1 else f"{number} sources"


def _number(value: float) -> str:
    return "–" if value != value else f"{value:.3f}"  # NaN is the one value that differs from itself
