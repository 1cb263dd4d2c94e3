"""Settings of the taxonomy step; each says what it means and checks itself."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Literal, get_args

from taskonomy_kedro.core.checks import Settings, check_choice, check_whole, is_number

Solver = Literal["CBC", "HiGHS"]
Linkage = Literal["ward", "average", "complete", "single"]
Features = Literal["rank", "exponential"]


@dataclass(frozen=True, kw_only=True)
class ProgramSettings(Settings):
    """Settings of the binary integer program. A single value stands for a list of one.

    Attributes:
        budgets: Supervision budgets, > or = 0, in units of label cost; `all` is about one budget for each
            possible source, in equal round steps up to the cost of labelling them all (1, 2, 3, … when
            every label costs about 1).
        max_orders: Order caps: candidates with more sources than the cap are left out; `all` is one
            cap for each order that the candidates have.
        importance: Weight r_t ≥ 0 of a target in the objective; 1 where not named.
        label_cost: Cost ℓ_s > 0 of labelling a source; 1 where not named.
        source_only: Tasks that only feed others.
        target_only: Tasks that must be solved but cannot be labelled to feed any task, themselves
            included.
        exclude: Tasks that are neither.
        allow_full_supervision: Whether a target may be solved from its own labels; if not, both
            its task-specific network and read-outs that use its own encoder are left out.
        solver: `CBC`, as shipped with PuLP, or `HiGHS`.
        time_limit_seconds: Limit for one program; none when empty.

    Example:
        >>> ProgramSettings(budgets=[5, 2, 2]).budgets
        (2.0, 5.0)
        >>> ProgramSettings(solver="Highs")
        Traceback (most recent call last):
        ValueError: program.solver must be one of CBC, HiGHS, got 'Highs'
    """

    budgets: Any = "all"
    max_orders: Any = "all"
    importance: Mapping[str, float] = field(default_factory=dict)
    label_cost: Mapping[str, float] = field(default_factory=dict)
    source_only: Any = ()
    target_only: Any = ()
    exclude: Any = ()
    allow_full_supervision: bool = True
    solver: Solver = "CBC"
    time_limit_seconds: float | None = None

    def __post_init__(self) -> None:
        if self.budgets != "all":
            budgets = _as_tuple(self.budgets)
            _check_each("budgets", budgets, "'all' or numbers ≥ 0", lambda b: is_number(b) and b >= 0)
            object.__setattr__(self, "budgets", tuple(sorted({float(budget) for budget in budgets})))
        if self.max_orders != "all":
            orders, wanted = _as_tuple(self.max_orders), "'all' or whole numbers ≥ 1"
            _check_each("max_orders", orders, wanted, lambda k: is_number(k) and k >= 1 and k == int(k))
            object.__setattr__(self, "max_orders", tuple(sorted({int(order) for order in orders})))
        _check_mapping("importance", self.importance, "≥ 0", lambda r: r >= 0)
        _check_mapping("label_cost", self.label_cost, "> 0", lambda cost: cost > 0)
        for name in ("source_only", "target_only", "exclude"):
            names = _as_tuple(getattr(self, name), may_be_empty=True)
            _check_each(name, names, "task names", lambda task: isinstance(task, str), may_be_empty=True)
            object.__setattr__(self, name, names)
        both = sorted(set(self.source_only) & set(self.target_only))
        if both:
            raise ValueError(
                f"program.source_only and program.target_only both name {', '.join(both)}; "
                f"to leave a task out of both roles, name it in program.exclude"
            )
        if not isinstance(self.allow_full_supervision, bool):
            raise ValueError(
                f"program.allow_full_supervision must be true or false, got {self.allow_full_supervision!r}"
            )
        check_choice("program.solver", self.solver, get_args(Solver))
        limit = self.time_limit_seconds
        if limit is not None and not (is_number(limit) and limit > 0):
            raise ValueError(f"program.time_limit_seconds must be empty or a number > 0, got {limit!r}")

    def with_costs(self, costs: Mapping[str, float]) -> "ProgramSettings":
        """Return the settings with label costs of sources that `label_cost` does not name."""
        return replace(self, label_cost={**costs, **self.label_cost})


@dataclass(frozen=True, kw_only=True)
class SignificanceSettings(Settings):
    """Settings of the comparison with random policies.

    Attributes:
        n_policies: Random feasible taxonomies drawn for each budget and order cap.
        seed: Seed of the draws, ≥ 0.
    """

    n_policies: int = 1000
    seed: int = 0

    def __post_init__(self) -> None:
        check_whole("significance.n_policies", self.n_policies, minimum=1)
        check_whole("significance.seed", self.seed, minimum=0)


@dataclass(frozen=True, kw_only=True)
class TreeSettings(Settings):
    """Settings of the similarity tree.

    Attributes:
        linkage: Agglomeration rule.
        n_families: Families that the tree is cut into.
        features: What a source is described by in each target: its rank among the sources, or
            e^(-beta·P) of its affinity P.
        beta: Steepness of the features e^(-beta·P); of no effect on ranks.
    """

    linkage: Linkage = "ward"
    n_families: int = 4
    features: Features = "rank"
    beta: float = 20.0

    def __post_init__(self) -> None:
        check_choice("tree.linkage", self.linkage, get_args(Linkage))
        check_whole("tree.n_families", self.n_families, minimum=1)
        check_choice("tree.features", self.features, get_args(Features))
        if not is_number(self.beta) or self.beta <= 0:
            raise ValueError(f"tree.beta must be a number > 0, got {self.beta!r}")


def _as_tuple(value: Any, *, may_be_empty: bool = False) -> tuple[Any, ...]:
    if value is None and may_be_empty:
        return ()
    return tuple(value) if isinstance(value, Sequence) and not isinstance(value, str) else (value,)


def _check_each(
    name: str, values: tuple[Any, ...], wanted: str, is_good: Any, *, may_be_empty: bool = False
) -> None:
    if not values and not may_be_empty:
        raise ValueError(f"program.{name} must hold {wanted}, got an empty list")
    for value in values:
        if not is_good(value):
            raise ValueError(f"program.{name} must hold {wanted}, got {value!r}")


def _check_mapping(name: str, values: Any, wanted: str, is_good: Any) -> None:
    if not isinstance(values, Mapping):
        raise ValueError(f"program.{name} must be a number {wanted} by task name, got {values!r}")
    for task, value in values.items():
        if not is_number(value) or not is_good(value):
            raise ValueError(f"program.{name}.{task} must be a number {wanted}, got {value!r}")
