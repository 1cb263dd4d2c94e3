"""Settings, addresses and tables for the tests of the what-if page."""

from typing import Any
from urllib.parse import urlencode

import numpy as np
from tests.scores import score

from taskonomy_kedro.core.affinity import CandidateScore
from taskonomy_kedro.core.taxonomy import ProgramSettings


def random_program(rng: np.random.Generator, tasks: list[dict[str, Any]]) -> ProgramSettings:
    """Draw settings: budget and cap, a few tasks with other roles, weights and prices."""
    names = [task["name"] for task in tasks]
    both = [task["name"] for task in tasks if task["isTarget"] and task["isSource"]]
    moved = rng.permutation(both).tolist()
    n_moved = rng.integers(0, 3, size=3)
    ends = np.cumsum(n_moved).tolist()
    priced = rng.choice(names, size=8, replace=False).tolist()
    weighed = rng.choice(names, size=8, replace=False).tolist()
    return ProgramSettings(
        budgets=float(np.round(12 * rng.random() ** 2, 3)),  # small ones often: some must be infeasible
        max_orders=int(rng.integers(1, 3)),
        source_only=moved[: ends[0]],
        target_only=moved[ends[0] : ends[1]],
        exclude=moved[ends[1] : ends[2]],
        importance={task: float(rng.uniform(0, 5)) for task in weighed},
        label_cost={task: float(rng.uniform(0.3, 4)) for task in priced},
        allow_full_supervision=bool(rng.random() < 0.7),
        solver="HiGHS",
    )


def address_of(contents: dict[str, Any], start: dict[str, Any]) -> str:
    """Return the address of a choice as the page writes it."""
    chosen = contents["start"]
    parts: dict[str, str] = {}
    if chosen["budget"] != start["budget"]:
        parts["budget"] = written(chosen["budget"])
    if chosen["maxOrder"] != start["maxOrder"]:
        parts["order"] = str(chosen["maxOrder"])
    if chosen["allowsFullSupervision"] != start["allowsFullSupervision"]:
        parts["own"] = "yes" if chosen["allowsFullSupervision"] else "no"
    for place, task in enumerate(contents["tasks"]):
        for key, word in (("roles", "role"), ("importance", "importance"), ("labelCost", "cost")):
            if chosen[key][place] != start[key][place]:
                value = chosen[key][place]
                parts[f"{word}.{task['name']}"] = value if key == "roles" else written(value)
    return urlencode(parts)


def written(number: float) -> str:
    """Format a number as JavaScript does: the shortest form, whole numbers without a point."""
    return repr(number).removesuffix(".0")


def table_without_structure(seed: int) -> list[CandidateScore]:
    """Draw a table whose programs take seconds: every target has good sources of its own."""
    rng = np.random.default_rng(seed)
    tasks = [f"task{number:02}" for number in range(26)]
    scores = []
    for target in tasks[:22]:
        strength = np.exp(1.5 * rng.random(len(tasks)))
        scores.append(score(target, target, affinity=8.0, kind="full_supervision"))
        scores += [
            score(target, source, affinity=float(w)) for source, w in zip(tasks, strength, strict=True)
        ]
        sets = {
            tuple(sorted(rng.choice(len(tasks), size=int(rng.integers(2, 5)), replace=False).tolist()))
            for _ in range(80)
        }
        for places in sorted(sets):
            affinity = float(strength[list(places)].max() * (1 + 0.2 * rng.random() * len(places) ** 0.5))
            scores.append(score(target, *(tasks[place] for place in places), affinity=affinity))
    return scores
