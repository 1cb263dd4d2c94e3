"""Checks the tables that figures are drawn from."""

from collections.abc import Iterable

import pandas as pd

from taskonomy_kedro.core.errors import UserError
from taskonomy_kedro.core.tasks import nearest_name_hint


def budget_text(budget: float) -> str:
    """Return a budget as people write it: `5`, `4.25`; label costs can lead to budgets of any size."""
    return f"{round(budget, 2):g}"


def nearest_budget(budgets: Iterable[float], budget: float) -> float:
    """Return the budget closest to the given one; of two equally close, the smaller."""
    return min(budgets, key=lambda known: (abs(known - budget), known))


def require_table(
    table: pd.DataFrame, *, name: str, columns: Iterable[str], may_be_empty: bool = False
) -> None:
    """Check that a table has rows and the required columns.

    Args:
        table: The table; not changed.
        name: Its name in the catalog, for messages.
        columns: The columns that the figure reads.
        may_be_empty: Whether a table without rows can be drawn.

    Raises:
        UserError: The table has no rows although it must, or lacks a column; the message names the
            table, the column and the most similar existing one.
    """
    present = [str(column) for column in table.columns]
    for column in columns:
        if column not in present:
            raise UserError(f"table {name!r} needs the column {column!r}{nearest_name_hint(column, present)}")
    if table.empty and not may_be_empty:
        raise UserError(f"table {name!r} has no rows; at least one is needed to draw it")
