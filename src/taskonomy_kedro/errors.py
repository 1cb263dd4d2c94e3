"""What a user sees of an error that ends a command."""

import errno
import logging
import os
import re
import sys
from collections.abc import Iterator, Sequence
from types import TracebackType

from kedro.framework.project import pipelines
from kedro.io import DatasetError
from kedro.validation.exceptions import ParameterValidationError

from taskonomy_kedro.core.disk import remedy_for
from taskonomy_kedro.core.tasks import nearest_name_hint

# What SQLite says of a disk, and what the system would say.
_DATABASE_WORDS = {
    "database or disk is full": errno.ENOSPC,
    "attempt to write a readonly database": errno.EROFS,
}
_NO_NODES = "Pipeline contains no nodes after applying all provided filters"  # as Kedro says it


class MissingNetworksError(RuntimeError):
    """Some networks could not be trained; everything else of the run is done."""


# Raised for bad input: parameters, tables, files. Their messages say what was wanted and what came.
_OF_THE_USER = (DatasetError, ParameterValidationError, ValueError, OSError)


def one_sentence(kind: type[BaseException], error: BaseException, traceback: TracebackType | None) -> None:
    """Print an error of the user's input as a sentence, any other one with its traceback.

    Serves as `sys.excepthook`. With TASKONOMY_TRACEBACK=1 every error keeps its traceback.
    """
    if issubclass(kind, MissingNetworksError):  # where it happened is no place in the code
        print(f"Error: {error}", file=sys.stderr)
        return
    if _is_of_tracker(kind):
        error, kind = _behind_tracker(error), type(_behind_tracker(error))
    if not issubclass(kind, _OF_THE_USER) or os.environ.get("TASKONOMY_TRACEBACK"):
        sys.__excepthook__(kind, error, traceback)
        return
    remedy = _disk_remedy(error)
    print(f"Error: {_plain(error)}{f': {remedy}' if remedy else ''}", file=sys.stderr)
    print("(TASKONOMY_TRACEBACK=1 shows where it happened.)", file=sys.stderr)


def _plain(error: BaseException) -> str:
    """Return what an error says, without the words that Kedro puts around a refusal of ours."""
    if isinstance(error, ParameterValidationError):
        return "; ".join(_refusals(str(error))) or str(error)
    if str(error).startswith(_NO_NODES):
        tags = _tags_of(sys.argv)
        known = {tag for pipeline in pipelines.values() for node in pipeline.nodes for tag in node.tags}
        for tag in tags:
            if tag not in known:
                return f"--tags: no node has the tag {tag!r}{nearest_name_hint(tag, known)}"
    return str(error)


def _refusals(words: str) -> Iterator[str]:
    """Yield what is wrong with each parameter; its name goes first where the refusal does not say it."""
    for name, refusal in re.findall(r"^- Parameter '(.+?)': (.+)$", words, flags=re.MULTILINE):
        reason = re.sub(r"^Failed to instantiate \w+ for parameter '.+?': ", "", refusal)
        yield reason if name in reason else f"{name}: {reason}"


def _tags_of(arguments: Sequence[str]) -> list[str]:
    """Return the tags that a command line asks for."""
    words = " ".join(arguments)
    return [tag for given in re.findall(r"(?:^| )(?:--tags|-t)[= ](\S+)", words) for tag in given.split(",")]


def is_told_elsewhere(record: logging.LogRecord) -> bool:
    """Tell log records to keep from MLflow's own of a disk it cannot write: the end of the run tells of it.

    Serves as a filter of loggers: False drops a record.
    """
    return not any(words in record.getMessage() for words in _DATABASE_WORDS)


def unless_told_elsewhere(unraisable: "sys.UnraisableHookArgs") -> None:
    """Print what went wrong where nobody can be told, but for a disk that MLflow cannot write at its end.

    Serves as `sys.unraisablehook`.
    """
    error = unraisable.exc_value
    if error is None or not _is_of_tracker(type(error)) or _behind_tracker(error) is error:
        sys.__unraisablehook__(unraisable)


def _is_of_tracker(kind: type[BaseException]) -> bool:
    """Tell errors of MLflow and of its database, by their packages: neither is imported by every command."""
    return kind.__module__.partition(".")[0] in ("mlflow", "sqlalchemy", "sqlite3")


def _behind_tracker(error: BaseException) -> BaseException:
    """Return what a failure of MLflow's database hides or means, else the failure itself.

    On a full disk its database, which lies beside the data, fails while the run's own error is noted there.
    """
    above: BaseException | None = error
    while above is not None:
        if isinstance(above, _OF_THE_USER) and not _is_of_tracker(type(above)):
            return above
        above = above.__cause__ or above.__context__
    for words, number in _DATABASE_WORDS.items():
        if words in str(error):
            remedy = remedy_for(OSError(number, words))
            return OSError(f"cannot write MLflow's database ({words}): {remedy}, or set MLFLOW_TRACKING_URI")
    return error


def _disk_remedy(error: BaseException | None) -> str | None:
    """Say what to do about a full or forbidden disk where the system's own words came through."""
    while error is not None:
        if isinstance(error, OSError):
            is_plain = error.errno is not None and error.strerror == os.strerror(error.errno)
            return remedy_for(error) if is_plain else None  # other words hold a remedy already
        error = error.__cause__
    return None
