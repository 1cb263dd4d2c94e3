"""The page: what a run hands over, put into the built template."""

import json
import math
from collections.abc import Collection
from importlib.resources import files
from typing import Any

from taskonomy_kedro.core.figures.style import FAMILY_COLOURS, FAMILY_LABELS, order_by_family, task_label
from taskonomy_kedro.core.tasks import family_of
from taskonomy_kedro.core.taxonomy import Candidates, ProgramSettings
from taskonomy_kedro.core.taxonomy.settings import SHOWN_BUDGET
from taskonomy_kedro.core.taxonomy.sweep import resolve_budgets, resolve_orders

# Stands once in the template, where the page looks for what it shows.
_PLACE = "__DATA__"

# What the page begins with, as the taxonomy figure does: pairs where there are any.
_PREFERRED_MAX_ORDER = 2


def what_if_page(candidates: Candidates) -> str:
    """Write the page for one table of candidates.

    Everything that a user may change starts as the run had it. The page needs no server and no
    network: the solver is part of it.

    Args:
        candidates: Of a run. Of several budgets the page opens at the one nearest to 5, of several
            order caps at 2, or at the largest if 2 is absent.

    Returns:
        HTML, some 2 MB, most of it the solver.
    """
    handed_over = json.dumps(page_contents(candidates), separators=(",", ":"), allow_nan=False)
    # Inside a script element only a tag could end the text early; JSON may write "<" as an escape.
    return page_template().replace(_PLACE, handed_over.replace("<", "\\u003c"))


def page_template() -> str:
    """Return the page without contents, as `make what-if` builds it from `web/what_if`."""
    return files(__package__).joinpath("page.html").read_text(encoding="utf-8")


def page_contents(candidates: Candidates) -> dict[str, Any]:
    """Return what the page shows of a run; `web/what_if/src/problem.ts` has the same as types."""
    scores, settings = candidates.every_score, candidates.settings
    targets = {score.candidate.target for score in scores}
    sources = {source for score in scores for source in score.candidate.sources}
    tasks = order_by_family(targets | sources)
    number = {task: place for place, task in enumerate(tasks)}
    return {
        "origin": candidates.origin,
        "families": [
            {"name": family, "label": FAMILY_LABELS[family], "colour": colour}
            for family, colour in FAMILY_COLOURS.items()
        ],
        "tasks": [
            {
                "name": task,
                "label": task_label(task),
                "family": family_of(task),
                "isTarget": task in targets,
                "isSource": task in sources,
            }
            for task in tasks
        ],
        "candidates": [
            [
                number[score.candidate.target],
                [number[source] for source in score.candidate.sources],
                score.candidate.kind,
                score.affinity,
                _or_none(score.gain),
                _or_none(score.quality),
            ]
            for score in scores
            if score.candidate.kind != "scratch"
        ],
        "start": {
            **_start(candidates),
            "roles": [_role(task, settings, targets, sources) for task in tasks],
            "importance": [settings.importance.get(task, 1.0) for task in tasks],
            "labelCost": [settings.label_cost.get(task, 1.0) for task in tasks],
        },
    }


def _start(candidates: Candidates) -> dict[str, Any]:
    """Return the run's own settings apart from the tasks, where the page starts."""
    budgets, orders = resolve_budgets(candidates), resolve_orders(candidates)
    return {
        "budget": min(budgets, key=lambda budget: (abs(budget - SHOWN_BUDGET), budget)),
        "maxOrder": _PREFERRED_MAX_ORDER if _PREFERRED_MAX_ORDER in orders else max(orders),
        "allowsFullSupervision": candidates.settings.allow_full_supervision,
    }


def _role(task: str, settings: ProgramSettings, targets: Collection[str], sources: Collection[str]) -> str:
    """Return the role of a task in the words of the page; the table may lack it as target or source."""
    is_target = task in targets and task not in {*settings.source_only, *settings.exclude}
    is_source = task in sources and task not in {*settings.target_only, *settings.exclude}
    return {(True, True): "both", (True, False): "target", (False, True): "source"}.get(
        (is_target, is_source), "none"
    )


def _or_none(share: float) -> float | None:
    return None if math.isnan(share) else share
