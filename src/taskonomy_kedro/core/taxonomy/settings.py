"""Settings of the taxonomy step."""

import math
from collections.abc import Callable, Mapping
from typing import Any, Literal, Self

from pydantic import Field, NonNegativeFloat, PositiveFloat, field_validator, model_validator

from taskonomy_kedro.core.base_settings import Settings, Words, as_numbers

Solver = Literal["HiGHS", "CBC"]
Linkage = Literal["ward", "average", "complete", "single"]
Features = Literal["rank", "exponential"]


class ProgramSettings(Settings):
    """Settings of the binary integer program. A single number stands for a list of one.

    Example:
        >>> ProgramSettings(budgets=[5, 2, 2]).budgets
        (2.0, 5.0)
        >>> ProgramSettings(budgets="1 2 4").budgets
        (1.0, 2.0, 4.0)
        >>> ProgramSettings(time_limit_seconds=0)
        Traceback (most recent call last):
        taskonomy_kedro.core.errors.UserError: program.time_limit_seconds must be > 0, got 0
    """

    root = "program"

    budgets: Literal["all"] | tuple[float, ...] = Field(
        "all",
        description="Supervision budgets ≥ 0, in units of label cost; `all` is about one budget for each "
        "possible source, in equal round steps up to the cost of labelling them all (1, 2, 3, … if every "
        "label costs about 1).",
    )
    max_orders: Literal["all"] | tuple[int, ...] = Field(
        "all",
        description="Order caps ≥ 1: candidates with more sources than the cap are excluded; `all` is one "
        "cap for each order that the candidates have.",
    )
    importance: dict[str, NonNegativeFloat] = Field(
        {}, description="Weight r_t ≥ 0 of a target in the objective; 1 if not named."
    )
    label_cost: dict[str, PositiveFloat] = Field(
        {}, description="Cost ℓ_s > 0 of labelling a source; 1 if not named."
    )
    source_only: Words = Field((), description="Tasks that only feed others.")
    target_only: Words = Field(
        (),
        description="Tasks that must be solved but cannot be labelled to feed any task, themselves included.",
    )
    exclude: Words = Field((), description="Tasks that are neither.")
    allow_full_supervision: bool = Field(
        True,
        description="Whether a target may be solved from its own labels; if not, its task-specific network "
        "and readouts that use its own encoder are both excluded.",
    )
    solver: Solver = Field("HiGHS", description="`HiGHS`, or `CBC` as shipped with PuLP.")
    time_limit_seconds: float | None = Field(None, gt=0, description="Limit for one program; empty: none.")

    @field_validator("budgets", mode="before")
    @classmethod
    def _sorted_budgets(cls, given: Any) -> Any:
        return given if given == "all" else _sorted_numbers(given, "numbers ≥ 0", lambda budget: budget >= 0)

    @field_validator("max_orders", mode="before")
    @classmethod
    def _sorted_orders(cls, given: Any) -> Any:
        expected = "whole numbers ≥ 1"
        orders = (
            given if given == "all" else _sorted_numbers(given, expected, lambda k: k >= 1 and k % 1 == 0)
        )
        return orders if orders == "all" else tuple(int(order) for order in orders)

    @model_validator(mode="after")
    def _check_roles(self) -> Self:
        if both := sorted(set(self.source_only) & set(self.target_only)):
            raise ValueError(
                f"program.source_only and program.target_only both name {', '.join(both)}; "
                f"to take a task out of both roles, name it in program.exclude"
            )
        return self

    def with_costs(self, costs: Mapping[str, float]) -> "ProgramSettings":
        """Return the settings with label costs of sources that `label_cost` does not name."""
        return self.updated({"label_cost": {**costs, **self.label_cost}})


class SignificanceSettings(Settings):
    """Settings of the comparison with random policies."""

    root = "significance"

    n_policies: int = Field(
        1000, ge=1, description="Random feasible taxonomies drawn for each budget and order cap."
    )
    seed: int = Field(0, ge=0, description="Seed of the draws.")


class TreeSettings(Settings):
    """Settings of the similarity tree."""

    root = "tree"

    linkage: Linkage = Field("ward", description="Agglomeration rule.")
    n_families: int = Field(4, ge=1, description="Families that the tree is cut into.")
    features: Features = Field(
        "rank",
        description="What describes a source in each target: its rank among the sources, or e^(-beta·P) of "
        "its affinity P.",
    )
    beta: float = Field(
        20.0, gt=0, description="Steepness of the features e^(-beta·P); of no effect on ranks."
    )


def _sorted_numbers(given: Any, expected: str, is_good: Callable[[float], bool]) -> tuple[float, ...]:
    numbers = as_numbers(given)
    are_numbers = isinstance(numbers, tuple) and all(
        isinstance(number, int | float) and not isinstance(number, bool) and math.isfinite(number)
        for number in numbers
    )
    if not are_numbers or not numbers or not all(map(is_good, numbers)):
        raise ValueError(f"must be 'all' or {expected}")
    return tuple(sorted({float(number) for number in numbers}))
