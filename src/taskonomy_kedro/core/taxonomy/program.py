"""The binary integer program of one order cap, written once in PuLP and solved for many budgets."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pulp

from taskonomy_kedro.core.affinity import CandidateScore

# The solvers' tolerances are absolute. Scaled so that the best candidate counts 1000, differences
# of 1e-12 of it stay above them.
_OBJECTIVE_SCALE = 1e3

# A cost may exceed its budget by this share: the rounding of sums, far below any price.
BUDGET_SLACK = 1e-9


@dataclass(frozen=True, kw_only=True)
class Program:
    """A program without its budget.

    Attributes:
        problem: The PuLP problem; its objective is `scale` times the true one.
        budget_row: The constraint whose right-hand side is the budget.
        is_labelled: The variable y_s of each source.
        is_chosen: The variable x_i of each candidate.
        cost: Label cost of the sources of each candidate, in the same order. A candidate that costs
            more than the whole budget has x_i = 0: fixing it tightens the relaxation a lot where
            candidates have many sources.
        scale: Factor between true and scaled objective.
        cost_scale: Factor between true and scaled costs: the most expensive label counts 1.
    """

    problem: pulp.LpProblem
    budget_row: pulp.LpConstraint
    is_labelled: Mapping[str, pulp.LpVariable]
    is_chosen: Sequence[pulp.LpVariable]
    cost: Sequence[float]
    scale: float
    cost_scale: float

    def scaled_budget(self, budget: float) -> float:
        """Return the right-hand side of the budget row, including the slack."""
        return budget * (1 + BUDGET_SLACK) * self.cost_scale

    def affords(self, budget: float) -> list[bool]:
        """Return for each candidate whether its sources alone fit the budget."""
        return [cost <= budget * (1 + BUDGET_SLACK) for cost in self.cost]


def build_program(
    scores: Sequence[CandidateScore],
    targets: Sequence[str],
    *,
    importance: Mapping[str, float],
    label_cost: Mapping[str, float],
) -> Program:
    """Write the program over some candidates.

    maximise  Σ_i r_t(i) · p_i · x_i
    such that Σ_{i into t} x_i = 1                  for each target t
              Σ_{i into t, s among S_i} x_i ≤ y_s   for each target t and source s
              Σ_s ℓ_s · y_s ≤ budget,   y_s ∈ {0, 1},   0 ≤ x_i ≤ 1

    The second row is the tight form of "a candidate only if each of its sources": as a target has
    exactly one candidate, those that share a source share one row. x needs no integrality: once y is
    binary, each target has its own simplex and its best candidate is a corner of it.

    Args:
        scores: Candidates that may be chosen.
        targets: Tasks that must be solved; one without a candidate makes the program infeasible.
        importance: Weight r_t of a target; 1 where not named.
        label_cost: Cost ℓ_s of a source; 1 where not named.

    Source: Zamir et al. 2018, section 3.4. Differs: tighter rows, the same solutions.
    """
    sources = sorted({source for score in scores for source in score.candidate.sources})
    problem = pulp.LpProblem("taxonomy", pulp.LpMaximize)
    is_labelled = {
        source: problem.add_variable(f"label_{number}", cat="Binary") for number, source in enumerate(sources)
    }
    is_chosen = [problem.add_variable(f"choose_{number}", 0, 1) for number in range(len(scores))]
    weights = [importance.get(score.candidate.target, 1.0) * score.affinity for score in scores]
    largest = max(weights, default=0.0)
    scale = _OBJECTIVE_SCALE / largest if largest > 0 else 1.0
    problem += pulp.LpAffineExpression(
        [(choice, scale * weight) for choice, weight in zip(is_chosen, weights, strict=True)]
    )
    into: dict[str, list[pulp.LpVariable]] = {target: [] for target in targets}
    through: dict[tuple[str, str], list[pulp.LpVariable]] = defaultdict(list)
    for score, choice in zip(scores, is_chosen, strict=True):
        into[score.candidate.target].append(choice)
        for source in score.candidate.sources:
            through[score.candidate.target, source].append(choice)
    for choices in into.values():
        problem += _sum(choices) == 1
    for (_, source), choices in through.items():
        problem += _sum(choices) - is_labelled[source] <= 0
    price = {source: float(label_cost.get(source, 1.0)) for source in sources}
    cost_scale = 1.0 / max(price.values(), default=1.0)
    spent = [(variable, cost_scale * price[source]) for source, variable in is_labelled.items()]
    problem += pulp.LpAffineExpression(spent) <= 0, "budget"
    return Program(
        problem=problem,
        budget_row=problem.get_constraint_by_name("budget"),
        is_labelled=is_labelled,
        is_chosen=is_chosen,
        cost=[sum(price[source] for source in score.candidate.sources) for score in scores],
        scale=scale,
        cost_scale=cost_scale,
    )


def _sum(variables: Sequence[pulp.LpVariable]) -> pulp.LpAffineExpression:
    return pulp.LpAffineExpression([(variable, 1) for variable in variables])
