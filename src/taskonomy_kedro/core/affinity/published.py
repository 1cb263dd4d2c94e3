"""The affinities and win rates published with the paper, under this project's names."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from taskonomy_kedro.core.affinity.candidate_scores import CandidateScore
from taskonomy_kedro.core.affinity.safe_pickle import load_plain_pickle
from taskonomy_kedro.core.candidates import Candidate, Kind
from taskonomy_kedro.core.errors import UserError
from taskonomy_kedro.core.tasks import nearest_name_hint, published_name_to_task

PUBLISHED_SETS = ("default", "1k", "16k")

# What the three files of a set hold, and how they are named ahead of the set's suffix.
_FILES = {"affinity": "all_affinities", "quality": "wins_vs_task", "gain": "wins_vs_pixels"}


@dataclass(frozen=True, kw_only=True)
class PublishedTables:
    """One published set.

    Attributes:
        scores: One for each key of the affinity file, and for the scratch networks where the win
            files have them. A value that a file lacks is NaN. `n_images` is 0: the files do not say.
        notes: What is irregular in the files, a sentence each.
    """

    scores: list[CandidateScore]
    notes: list[str]


def read_published_tables(
    directory: Path, published_set: str, *, drop_degenerate: bool = False
) -> PublishedTables:
    """Read the affinity file and the two win-rate files of one published set.

    Args:
        directory: Folder with `all_affinities*.pkl`, `wins_vs_task*.pkl` and `wins_vs_pixels*.pkl`.
        published_set: `default`, `1k` or `16k`.
        drop_degenerate: Drop candidates with a win rate of exactly 1 (corrupted runs of the default
            set) and divide the affinities of their target by what is left.

    Returns:
        Scores under this project's task names, and notes on every irregularity met.

    Raises:
        UserError: An unknown set, a file that is no plain pickle of numbers by text, or a key
            that names no known task; the message names file and key.
        FileNotFoundError: The directory or a file of the set is missing.

    Source: StanfordVL/taskonomy, `results/affinities` and `results/winrates`.
    """
    if published_set not in PUBLISHED_SETS:
        raise UserError(f"published_set must be one of {', '.join(PUBLISHED_SETS)}, got {published_set!r}")
    suffix = "" if published_set == "default" else f"_{published_set}"
    paths = {column: directory / f"{stem}{suffix}.pkl" for column, stem in _FILES.items()}
    _check_files(directory, paths)
    columns = {column: _read_column(path) for column, path in paths.items()}
    notes = _compare_keys(columns, paths, tells_degenerate=not drop_degenerate)
    wanted = [*columns["affinity"], *_scratch_keys(columns["gain"], columns["quality"])]
    scores = [
        CandidateScore(
            candidate=candidate,
            n_images=0,
            **{column: values.get(candidate, math.nan) for column, values in columns.items()},
        )
        for candidate in wanted
    ]
    if drop_degenerate:
        scores, dropped = _without_degenerate(scores)
        notes += dropped
    return PublishedTables(scores=sorted(scores, key=_by_target_and_order), notes=notes)


def _by_target_and_order(score: CandidateScore) -> tuple[str, int, str, tuple[str, ...]]:
    candidate = score.candidate
    return candidate.target, candidate.order, candidate.kind, candidate.sources


def _scratch_keys(*columns: Mapping[Candidate, float]) -> list[Candidate]:
    return sorted(
        {candidate for column in columns for candidate in column if candidate.kind == "scratch"},
        key=lambda candidate: candidate.target,
    )


def _check_files(directory: Path, paths: Mapping[str, Path]) -> None:
    if not directory.is_dir():
        raise FileNotFoundError(
            f"{directory}: no such directory; published_dir must be the folder with {_names(paths)}"
        )
    for path in paths.values():
        if not path.is_file():
            there = sorted(found.name for found in directory.glob("*.pkl"))
            raise FileNotFoundError(
                f"{path}: no such file; the set needs {_names(paths)}, the directory has "
                f"{', '.join(there) or 'no .pkl file'}"
            )


def _names(paths: Mapping[str, Path]) -> str:
    return ", ".join(path.name for path in paths.values())


def _read_column(path: Path) -> dict[Candidate, float]:
    table = load_plain_pickle(path)
    if not isinstance(table, dict) or not table:
        found = "an empty one" if table == {} else type(table).__name__
        raise UserError(f"{path}: expected a dict from transfer to number, got {found}")
    column: dict[Candidate, float] = {}
    for key, value in table.items():
        candidate = _parse_key(key, path)
        if candidate in column:
            raise UserError(f"{path}: key {_cut(key)} names the same sources and target as another key")
        is_number = isinstance(value, int | float | np.number) and not isinstance(value, bool)
        # Win rates and affinities are shares: nothing lies outside [0, 1], and NaN fails this too.
        if not is_number or not 0 <= value <= 1:
            raise UserError(f"{path}: key {_cut(key)} must hold a number in [0, 1], got {_cut(value)}")
        column[candidate] = float(value)
    return column


def _cut(value: object) -> str:
    """Return what was read as text of a length that fits a sentence."""
    text = repr(value)
    return text if len(text) <= 100 else f"{text[:100]}…"


def _parse_key(key: object, path: Path) -> Candidate:
    parts = key.split("__") if isinstance(key, str) else []
    if len(parts) < 2:
        raise UserError(f"{path}: key {_cut(key)} must read 'source__target'")
    tasks = published_name_to_task()
    *origins, target = parts
    for name in parts:
        if name not in tasks and (name == target or name not in ("self", "pixels")):
            raise UserError(f"{path}: key {_cut(key)} names no known task{nearest_name_hint(name, tasks)}")
    target_name = tasks[target].name
    if origins == ["self"]:
        return Candidate(target=target_name, sources=(target_name,), kind="full_supervision")
    if origins == ["pixels"]:
        return Candidate(target=target_name, sources=(), kind="scratch")
    if "self" in origins or "pixels" in origins:
        raise UserError(f"{path}: key {_cut(key)}: 'self' and 'pixels' cannot be combined with a source")
    kind: Kind = "random" if origins == ["random"] else "transfer"
    try:
        return Candidate(
            target=target_name, sources=tuple(sorted(tasks[origin].name for origin in origins)), kind=kind
        )
    except ValueError as error:
        raise UserError(f"{path}: key {_cut(key)}: {error}") from error


def _compare_keys(
    columns: Mapping[str, Mapping[Candidate, float]], paths: Mapping[str, Path], *, tells_degenerate: bool
) -> list[str]:
    """List the keys that only some files have; the scratch network has no affinity by definition."""
    notes = []
    known = {candidate for column in columns.values() for candidate in column}
    for column, values in columns.items():
        lacking = sorted(
            candidate.transfer_id
            for candidate in known - set(values)
            if not (column == "affinity" and candidate.kind == "scratch")
        )
        if lacking:
            more = f" and {len(lacking) - 4} more" if len(lacking) > 4 else ""
            notes.append(f"{paths[column].name} lacks {', '.join(lacking[:4])}{more}, found in another file")
    degenerate = sum(
        1 for candidate in known if 1.0 in (columns["gain"].get(candidate), columns["quality"].get(candidate))
    )
    if degenerate and tells_degenerate:
        notes.append(
            f"{degenerate} candidates have a win rate of exactly 1 (corrupted runs); "
            f"drop_degenerate=true leaves them out"
        )
    return notes


def _without_degenerate(scores: list[CandidateScore]) -> tuple[list[CandidateScore], list[str]]:
    degenerate = [score for score in scores if 1.0 in (score.gain, score.quality)]
    kept = [score for score in scores if 1.0 not in (score.gain, score.quality)]
    left: dict[str, float] = {}
    for score in kept:
        if not math.isnan(score.affinity):
            target = score.candidate.target
            left[target] = left.get(target, 0.0) + score.affinity
    renormalised = [
        CandidateScore(
            candidate=score.candidate,
            affinity=score.affinity / left[score.candidate.target],
            gain=score.gain,
            quality=score.quality,
            n_images=score.n_images,
        )
        if not math.isnan(score.affinity)
        else score
        for score in kept
    ]
    targets = sorted({score.candidate.target for score in degenerate})
    note = f"dropped {len(degenerate)} candidates with a win rate of exactly 1, into {', '.join(targets)}"
    return renormalised, [note] if degenerate else []
