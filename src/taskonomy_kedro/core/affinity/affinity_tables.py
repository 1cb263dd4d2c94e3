"""The tables `affinities` and `win_rates`: columns, writing, reading, validation."""

import math
from collections.abc import Hashable, Iterable, Sequence
from typing import Any

import pandas as pd

from taskonomy_kedro.core.affinity.candidate_scores import CandidateScore
from taskonomy_kedro.core.candidates import Candidate
from taskonomy_kedro.core.errors import UserError
from taskonomy_kedro.core.tasks import nearest_name_hint

KEY_COLUMNS = ("target", "sources", "order", "kind")
AFFINITY_COLUMNS = (*KEY_COLUMNS, "affinity")
WIN_RATE_COLUMNS = (*KEY_COLUMNS, "gain", "quality", "n_images")

# Key in `DataFrame.attrs` of where the numbers come from; Parquet stores it.
ORIGIN = "origin"
# Key of the targets without rows, because there was nothing to compare, with the reason for each.
LEFT_OUT = "left_out"


def tabulate_scores(
    scores: Sequence[CandidateScore], *, origin: str | None = None
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Write scores as the tables `affinities` and `win_rates`.

    Args:
        scores: Any number of targets; scratch networks have win rates and no affinity.
        origin: Where the numbers come from; stored with both tables.

    Returns:
        `affinities` (target, sources, order, kind, affinity) and `win_rates` (target, sources, order,
        kind, gain, quality, n_images), one row for each candidate.
    """
    affinities = pd.DataFrame(
        [(*_key(score), score.affinity) for score in scores if not math.isnan(score.affinity)],
        columns=list(AFFINITY_COLUMNS),
    )
    win_rates = pd.DataFrame(
        [(*_key(score), score.gain, score.quality, score.n_images) for score in scores],
        columns=list(WIN_RATE_COLUMNS),
    )
    return with_origin(affinities, origin), with_origin(win_rates, origin)


def read_scores(affinities: pd.DataFrame, win_rates: pd.DataFrame) -> list[CandidateScore]:
    """Join the two tables back into scores.

    Args:
        affinities: One row for each candidate that may be chosen.
        win_rates: Gain and quality. Rows without an affinity (scratch networks, excluded candidates) are
            ignored; a candidate without a row has no gain and quality.

    Raises:
        UserError: A column is missing, a row is not a candidate or occurs twice, or an affinity or a
            win rate is out of its range; the message names table, row and column.
    """
    check_columns("affinities", affinities, AFFINITY_COLUMNS)
    check_columns("win_rates", win_rates, WIN_RATE_COLUMNS)
    _check_numbers("affinities", affinities, ("order", "affinity"))
    _check_numbers("win_rates", win_rates, ("order", "gain", "quality", "n_images"))
    won = {
        candidate: row
        for candidate, row in _read_rows("win_rates", win_rates)
        if _in_unit_interval("win_rates", candidate, row, ("gain", "quality"))
    }
    for candidate, row in (chosen := _read_rows("affinities", affinities)):
        if not 0 <= row["affinity"] < math.inf:
            raise UserError(
                f"table 'affinities', {candidate.transfer_id}: affinity must be a finite number ≥ 0, "
                f"got {row['affinity']}"
            )
    return [
        CandidateScore(
            candidate=candidate,
            affinity=float(row["affinity"]),
            gain=float(won[candidate]["gain"]) if candidate in won else math.nan,
            quality=float(won[candidate]["quality"]) if candidate in won else math.nan,
            n_images=int(won[candidate]["n_images"]) if candidate in won else 0,
        )
        for candidate, row in chosen
    ]


def check_columns(name: str, table: pd.DataFrame, wanted: Iterable[str]) -> None:
    """Refuse a table that lacks a column.

    Raises:
        UserError: Names the table, the column, and the nearest column it has.
    """
    for column in wanted:
        if column not in table.columns:
            hint = nearest_name_hint(column, [str(known) for known in table.columns])
            raise UserError(f"table {name!r} lacks the column {column!r}{hint}")


def with_origin(table: pd.DataFrame, origin: str | None) -> pd.DataFrame:
    """Return the table with a note on where its numbers come from; None changes nothing."""
    if origin is not None:
        table.attrs[ORIGIN] = origin
    return table


def origin_of(table: pd.DataFrame) -> str | None:
    """Return where a table's numbers come from, None if the table does not say."""
    return table.attrs.get(ORIGIN)


def left_out_of(table: pd.DataFrame) -> dict[str, str]:
    """Return the targets without rows in a table of scores, with the reason for each."""
    return dict(table.attrs.get(LEFT_OUT) or {})


def _key(score: CandidateScore) -> tuple[str, list[str], int, str]:
    candidate = score.candidate
    return candidate.target, list(candidate.sources), candidate.order, candidate.kind


def _read_rows(name: str, table: pd.DataFrame) -> list[tuple[Candidate, dict[Hashable, Any]]]:
    rows: dict[Candidate, dict[Hashable, Any]] = {}
    for number, row in enumerate(table.to_dict("records")):
        try:
            candidate = _candidate(row)
        except (TypeError, ValueError) as error:
            raise UserError(f"table {name!r}, row {number}: {error}") from error
        if row["order"] != candidate.order:
            raise UserError(
                f"table {name!r}, row {number} ({candidate.transfer_id}): order must be the number of "
                f"sources, {candidate.order}, got {row['order']}"
            )
        if candidate in rows:
            raise UserError(f"table {name!r} has {candidate.transfer_id} ({candidate.kind}) twice")
        rows[candidate] = row
    return list(rows.items())


def _candidate(row: dict[Hashable, Any]) -> Candidate:
    target, sources = row["target"], row["sources"]
    if not isinstance(target, str):
        raise UserError(f"target must be a task name, got {target!r}")
    if isinstance(sources, str) or not isinstance(sources, Iterable):
        raise UserError(f"sources must be a list of task names, got {sources!r}")
    return Candidate(target=target, sources=tuple(sources), kind=row["kind"])


def _check_numbers(name: str, table: pd.DataFrame, columns: Iterable[str]) -> None:
    for column in columns:
        if not pd.api.types.is_numeric_dtype(table[column]):
            raise UserError(
                f"table {name!r}: the column {column!r} must hold numbers, got {table[column].dtype}"
            )


def _in_unit_interval(
    name: str, candidate: Candidate, row: dict[Hashable, Any], columns: Iterable[str]
) -> bool:
    for column in columns:
        value = row[column]
        if not (0 <= value <= 1 or math.isnan(value)):
            raise UserError(
                f"table {name!r}, {candidate.transfer_id}: {column} must lie in [0, 1] or be missing, "
                f"got {value}"
            )
    return True
