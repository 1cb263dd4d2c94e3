"""Refuses tables that a figure cannot be drawn from."""

from collections.abc import Iterable

import pandas as pd

from taskonomy_kedro.core.tasks import nearest_name_hint


def budget_text(budget: float) -> str:
    """Return a budget as people write it: `5`, `4.25`; costs may make budgets of any size."""
    return f"{round(budget, 2):g}"


def require_table(
    table: pd.DataFrame, *, name: str, columns: Iterable[str], may_be_empty: bool = False
) -> None:
    """Check that a table has rows and the wanted columns.

    Args:
        table: The table; not changed.
        name: What messages call it: its name in the catalog.
        columns: The columns that the figure reads.
        may_be_empty: Whether a table without rows can be drawn.

    Raises:
        ValueError: The table has no rows and must, or lacks a column; the message names the table, the
            column and the nearest one that is there.
    """
    present = [str(column) for column in table.columns]
    for column in columns:
        if column not in present:
            raise ValueError(
                f"table {name!r} needs the column {column!r}{nearest_name_hint(column, present)}"
            )
    if table.empty and not may_be_empty:
        raise ValueError(f"table {name!r} has no rows; at least one is needed to draw it")
