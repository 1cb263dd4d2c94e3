"""The what-if page: the candidates of a run, inserted into the built template."""

import json
import math
from collections.abc import Collection
from importlib.resources import files
from typing import Any

from taskonomy_kedro.core.figures.figure_inputs import nearest_budget
from taskonomy_kedro.core.figures.style import FAMILY_COLOURS, FAMILY_LABELS, order_by_family, task_label
from taskonomy_kedro.core.tasks import family_of
from taskonomy_kedro.core.taxonomy import Candidates, ProgramSettings
from taskonomy_kedro.core.taxonomy.sweep import resolve_budgets, resolve_orders

# Occurs once in the template, where the page reads its data.
_PLACE = "__DATA__"

# Transfers from pairs, as the taxonomy graph shows first.
_PREFERRED_MAX_ORDER = 2


def what_if_page(candidates: Candidates, *, budget: float) -> str:
    """Write the page for one table of candidates.

    Every setting of the page starts at its value in the run. The page needs no server and no
    network: the solver is part of it.

    Args:
        candidates: Of a run. The page opens at order cap 2, or at the largest if 2 was not solved.
        budget: The page opens at the solved budget closest to this one.

    Returns:
        HTML, some 2 MB, most of it the solver.
    """
    handed_over = json.dumps(page_contents(candidates, budget), separators=(",", ":"), allow_nan=False)
    # Inside a script element only a tag could end the text early; JSON may write "<" as an escape.
    return page_template().replace(_PLACE, handed_over.replace("<", "\\u003c"))


def page_template() -> str:
    """Return the page without contents, as `make what-if` builds it from `web/what_if`."""
    return files(__package__).joinpath("page.html").read_text(encoding="utf-8")


def page_contents(candidates: Candidates, budget: float) -> dict[str, Any]:
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
            **_start(candidates, budget),
            "roles": [_role(task, settings, targets, sources) for task in tasks],
            "importance": [settings.importance.get(task, 1.0) for task in tasks],
            "labelCost": [settings.label_cost.get(task, 1.0) for task in tasks],
        },
    }


def _start(candidates: Candidates, budget: float) -> dict[str, Any]:
    """Return the settings that the page starts with, apart from those of the tasks."""
    budgets, orders = resolve_budgets(candidates), resolve_orders(candidates)
    return {
        "budget": nearest_budget(budgets, budget),
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
