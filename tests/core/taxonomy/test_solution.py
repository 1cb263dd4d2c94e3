from collections.abc import Iterator

import pytest
from tests.scores import score

from taskonomy_kedro.core.taxonomy import sweep
from taskonomy_kedro.core.taxonomy.admission import admit
from taskonomy_kedro.core.taxonomy.settings import ProgramSettings
from taskonomy_kedro.core.taxonomy.solution import verify_selection
from taskonomy_kedro.core.taxonomy.solvers import Answer

A = score("a", "a", affinity=0.9, kind="full_supervision")
B = score("b", "a", "c", affinity=0.4)


def verify(selected, **changes):
    rules = {
        "admitted": [A, B],
        "targets": ["a", "b"],
        "label_cost": {"c": 2.0},
        "budget": 3.0,
        "max_order": 2,
    }
    verify_selection(selected, **{**rules, **changes})


def test_a_good_selection_passes():
    verify([A, B])


@pytest.mark.parametrize(
    ("selected", "changes", "message"),
    [
        ([A], {}, r"exactly one candidate, got \['a'\]"),
        ([A, A, B], {}, "exactly one candidate"),
        ([A, B], {"admitted": [A]}, r"a\+c->b may not be chosen"),
        ([A, B], {"max_order": 1}, r"a\+c->b has 2 sources"),
        ([A, B], {"budget": 2.9999}, "more than 2.9999"),
        ([A, B], {"budget": 2.9}, "budget 2.9, order cap 2: the sources cost 3.0, more than 2.9"),
    ],
)
def test_a_broken_constraint_is_named(selected, changes, message):
    with pytest.raises(RuntimeError, match=message):
        verify(selected, **changes)


class Liar:
    """Claims an optimum that the table does not give."""

    def __init__(self, answers: Iterator[Answer]) -> None:
        self.answers = answers

    def solve(self, budget: float) -> Answer:
        return next(self.answers)


SCORES = [
    A,
    score("a", "b", affinity=0.1),
    score("b", "b", affinity=0.8, kind="full_supervision"),
    score("b", "a", affinity=0.2),
]


def solve_with(monkeypatch, answer: Answer) -> None:
    monkeypatch.setattr(sweep, "open_solver", lambda *_, **__: Liar(iter([answer])))
    sweep.solve_taxonomies(admit(SCORES, ProgramSettings(budgets=1, max_orders=1)))


@pytest.mark.parametrize("bound", [1.3, 0.2])
def test_a_solver_whose_bound_is_not_its_objective_is_not_believed(monkeypatch, bound):
    answer = Answer(status="optimal", labelled=frozenset({"a"}), bound=bound)
    with pytest.raises(RuntimeError, match=rf"claims an optimum of {bound}, the table gives its choice 1\.1"):
        solve_with(monkeypatch, answer)


def test_an_infeasibility_that_a_greedy_answer_disproves_is_not_believed(monkeypatch):
    answer = Answer(status="infeasible", labelled=None, bound=float("nan"))
    with pytest.raises(RuntimeError, match=r"claims infeasible, but labels within the budget reach 1\.1"):
        solve_with(monkeypatch, answer)


def test_an_optimum_below_that_of_a_smaller_budget_is_not_believed(monkeypatch):
    answers = iter(
        [
            Answer(status="optimal", labelled=frozenset({"a"}), bound=1.1),
            Answer(status="optimal", labelled=frozenset({"b"}), bound=0.9),
        ]
    )
    monkeypatch.setattr(sweep, "open_solver", lambda *_, **__: Liar(answers))
    monkeypatch.setattr("joblib.cpu_count", lambda: 1)
    with pytest.raises(RuntimeError, match=r"budget 1\.5, .* claims optimal, but labels .* reach 1\.1"):
        sweep.solve_taxonomies(admit(SCORES, ProgramSettings(budgets=[1, 1.5], max_orders=1)))
