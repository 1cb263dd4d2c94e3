"""The binary integer program as text, with the numbers of a run."""

from collections.abc import Mapping, Sequence

from taskonomy_kedro.core.taxonomy.settings import ProgramSettings

_FORMULATION = """\
maximise  Σ_i r_t(i) · p_i · x_i
such that Σ_{i into t} x_i = 1         for each t
          Σ_{i into t, s ∈ S_i} x_i ≤ y_s
                                 for each t and s
          Σ_s ℓ_s · y_s ≤ budget
          y_s ∈ {0, 1},  0 ≤ x_i ≤ 1

i    a candidate: sources S_i, target t(i),
     affinity p_i
x_i  whether candidate i is chosen; whole once
     the y_s are
y_s  whether source s is labelled"""


def program_text(settings: ProgramSettings) -> str:
    """Return the program that a run solves for each budget and order cap, one line per fact.

    Args:
        settings: Of the run.
    """
    budgets, caps = settings.budgets, settings.max_orders
    facts = {
        "budget": "equal steps up to every label"
        if budgets == "all"
        else _listed([f"{budget:g}" for budget in budgets]),
        "order cap": "each order that candidates have"
        if caps == "all"
        else f"{_listed([str(order) for order in caps])} sources a candidate",
        "r_t": _weights(settings.importance),
        "ℓ_s": _weights(settings.label_cost),
        "source only": _listed(settings.source_only),
        "target only": _listed(settings.target_only),
        "excluded": _listed(settings.exclude),
        "own labels": "may solve their own target"
        if settings.allow_full_supervision
        else "never solve their own target",
        "solver": settings.solver + _limit(settings.time_limit_seconds),
    }
    width = max(map(len, facts))
    return "\n".join([_FORMULATION, "", *(f"{name:<{width}}  {fact}" for name, fact in facts.items())])


def _weights(named: Mapping[str, float]) -> str:
    others = "1 for each" if not named else "1 for the others"
    return ", ".join([*(f"{value:g} for {task}" for task, value in sorted(named.items())), others])


def _listed(values: Sequence[str]) -> str:
    return ", ".join(values) if values else "none"


def _limit(seconds: float | None) -> str:
    return "" if seconds is None else f", at most {seconds:g} s a program"
