"""Two solvers behind one interface: HiGHS, which reuses its model, and CBC as shipped with PuLP."""

from dataclasses import dataclass
from typing import Literal, Protocol

import numpy as np
import pulp

from taskonomy_kedro.core.taxonomy.program import Program
from taskonomy_kedro.core.taxonomy.settings import Solver

Status = Literal["optimal", "infeasible", "time_limit"]

# Far below the smallest difference that matters, far above rounding.
_TOLERANCE = 1e-9


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What a solver says of one budget.

    Attributes:
        status: `time_limit` where it stopped before a proof.
        labelled: Sources with y_s = 1 in the best solution found; none where none was found.
        bound: Proven upper bound of the objective, in its true scale.
    """

    status: Status
    labelled: frozenset[str] | None
    bound: float


class ProgramSolver(Protocol):
    """Solves one program for one budget after another."""

    def solve(self, budget: float) -> Answer:
        """Return the best set of labelled sources within the budget."""


def open_solver(name: Solver, program: Program, *, time_limit_seconds: float | None) -> ProgramSolver:
    """Return the solver of that name, with the program loaded."""
    if name == "CBC":
        return _Cbc(program, time_limit_seconds)
    return _Highs(program, time_limit_seconds)


def _labelled(program: Program) -> frozenset[str]:
    return frozenset(source for source, y in program.is_labelled.items() if (y.value() or 0.0) > 0.5)


class _Cbc:
    """CBC is a separate program: it reads the whole problem for each budget."""

    def __init__(self, program: Program, time_limit_seconds: float | None) -> None:
        self._program = program
        self._time_limit = time_limit_seconds

    def _command(self, *, is_integer: bool) -> pulp.COIN_CMD:
        return pulp.COIN_CMD(
            path=pulp.PULP_CBC_CMD.pulp_cbc_path,  # the one that PuLP ships, not one of the system
            mip=is_integer,
            msg=False,
            gapRel=0,
            gapAbs=0,
            threads=1,
            timeLimit=self._time_limit if is_integer else None,
            # The rows are so tight that branching alone is three times as fast as with its helpers.
            cuts=False,
            strong=0,
            options=[
                "heuristicsOnOff off",
                f"primalTolerance {_TOLERANCE}",
                f"integerTolerance {_TOLERANCE}",
            ],
        )

    def solve(self, budget: float) -> Answer:
        problem = self._program.problem
        self._program.budget_row.changeRHS(self._program.scaled_budget(budget))
        for choice, is_affordable in zip(self._program.is_chosen, self._program.affords(budget), strict=True):
            choice.upBound = float(is_affordable)
        problem.solve(self._command(is_integer=True))
        if problem.status == pulp.LpStatusInfeasible:
            return Answer(status="infeasible", labelled=None, bound=float("nan"))
        if problem.status == pulp.LpStatusOptimal and problem.sol_status == pulp.LpSolutionOptimal:
            objective = pulp.value(problem.objective) / self._program.scale
            return Answer(status="optimal", labelled=_labelled(self._program), bound=objective)
        has_solution = problem.sol_status == pulp.LpSolutionIntegerFeasible
        labelled = _labelled(self._program) if has_solution else None
        # CBC does not hand its bound back; the relaxation's value is one, and nearly tight.
        problem.solve(self._command(is_integer=False))
        if problem.status == pulp.LpStatusInfeasible:
            return Answer(status="infeasible", labelled=None, bound=float("nan"))
        bound = pulp.value(problem.objective) / self._program.scale
        return Answer(status="time_limit", labelled=labelled, bound=bound)


class _Highs:
    """HiGHS reuses the model; only one right-hand side changes between budgets."""

    def __init__(self, program: Program, time_limit_seconds: float | None) -> None:
        import highspy

        self._highspy = highspy
        self._program = program
        self._time_limit = time_limit_seconds
        solver = pulp.HiGHS(
            msg=False,
            gapRel=0,
            gapAbs=0,
            threads=1,
            # The rows are so tight that branching alone is faster than with its helpers.
            presolve="off",
            mip_heuristic_effort=0.0,
            mip_heuristic_run_feasibility_jump=False,
            mip_heuristic_run_rins=False,
            mip_heuristic_run_rens=False,
            mip_heuristic_run_root_reduced_cost=False,
            mip_pscost_minreliable=0,
            mip_detect_symmetry=False,
            mip_allow_restart=False,
            mip_feasibility_tolerance=_TOLERANCE,
            primal_feasibility_tolerance=_TOLERANCE,
            dual_feasibility_tolerance=_TOLERANCE,
        )
        solver.createAndConfigureSolver(program.problem)
        solver.buildSolverModel(program.problem)
        self._solver = solver
        self._model = program.problem.solverModel

    def solve(self, budget: float) -> Answer:
        row = self._program.budget_row.index
        limit = self._program.scaled_budget(budget)
        self._model.changeRowBounds(row, -self._highspy.kHighsInf, limit)
        columns = np.array([choice.index for choice in self._program.is_chosen], dtype=np.int32)
        ceilings = np.array(self._program.affords(budget), dtype=np.float64)
        self._model.changeColsBounds(len(columns), columns, np.zeros(len(columns)), ceilings)
        if self._time_limit is not None:
            # HiGHS adds up the time of all runs of a model; the limit is for one budget.
            self._model.setOptionValue("time_limit", self._model.getRunTime() + self._time_limit)
        self._model.run()
        status = self._model.getModelStatus()
        known = self._highspy.HighsModelStatus
        if status in (known.kInfeasible, known.kUnboundedOrInfeasible):
            return Answer(status="infeasible", labelled=None, bound=float("nan"))
        information = self._model.getInfo()
        has_solution = (
            information.primal_solution_status == self._highspy.SolutionStatus.kSolutionStatusFeasible
        )
        labelled = None
        if has_solution:
            self._solver.findSolutionValues(self._program.problem)
            labelled = _labelled(self._program)
        # PuLP hands HiGHS the negated objective, to be minimised.
        bound = -information.mip_dual_bound / self._program.scale
        if status == known.kOptimal:
            return Answer(status="optimal", labelled=labelled, bound=bound)
        if status == known.kTimeLimit:
            return Answer(status="time_limit", labelled=labelled, bound=bound)
        raise RuntimeError(f"HiGHS stopped at budget {budget:g} with status {status.name}")
