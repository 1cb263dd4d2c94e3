"""What a user sees of an error that ends a command."""

import errno
import logging
import os
import re
import sys
from collections.abc import Iterator, Sequence

from kedro.framework.project import pipelines
from kedro.io import DatasetError
from kedro.validation.exceptions import ParameterValidationError

from taskonomy_kedro.core.disk import CannotWriteError, remedy_for
from taskonomy_kedro.core.errors import UserError
from taskonomy_kedro.core.tasks.naming import nearest_name_hint

# What SQLite says of a disk, and what the system would say.
_DATABASE_WORDS = {
    "database or disk is full": errno.ENOSPC,
    "attempt to write a readonly database": errno.EROFS,
}
_NO_NODES = "Pipeline contains no nodes after applying all provided filters"  # as Kedro says it
_HINT = "\n(TASKONOMY_TRACEBACK=1 shows where it happened.)"


class MissingNetworksError(RuntimeError):
    """Some networks could not be trained; everything else of the run is done."""


def sentence_of(error: BaseException) -> str | None:
    """Return what a user reads of an error, or None for a fault of ours, which keeps its traceback.

    Args:
        error: What ended the command. A user's are a `UserError`, a parameter that fails its validation, a
            `DatasetError` raised on purpose or caused by one of these, a full or forbidden disk, and what
            Kedro itself refuses, such as an unknown pipeline.
    """
    if isinstance(error, MissingNetworksError):  # where it happened is no place in the code
        return str(error)
    if _is_of_tracker(error):
        error = _behind_tracker(error)
    if not is_of_user(error):
        return None
    remedy = _disk_remedy(error)
    return f"{_plain(error)}{f': {remedy}' if remedy else ''}{_HINT}"


def is_of_user(error: BaseException) -> bool:
    """Return whether an error is a user's to fix."""
    if isinstance(error, UserError | ParameterValidationError | CannotWriteError):
        return True
    if isinstance(error, OSError):
        return remedy_for(error) is not None
    if isinstance(error, DatasetError):
        cause = error.__cause__
        return cause is None or isinstance(cause, OSError) or is_of_user(cause)
    return isinstance(error, ValueError) and _is_raised_by_kedro(error)


def _is_raised_by_kedro(error: BaseException) -> bool:
    traceback = error.__traceback__
    while traceback is not None and traceback.tb_next is not None:
        traceback = traceback.tb_next
    return traceback is not None and str(traceback.tb_frame.f_globals["__name__"]).startswith("kedro.")


def _plain(error: BaseException) -> str:
    """Return what an error says, without the words that Kedro puts around it."""
    if isinstance(error, ParameterValidationError):
        return "; ".join(_refusals(str(error))) or str(error)
    if str(error).startswith(_NO_NODES):
        known = {tag for pipeline in pipelines.values() for node in pipeline.nodes for tag in node.tags}
        for tag in _tags_of(sys.argv):
            if tag not in known:
                return f"--tags: no node has the tag {tag!r}{nearest_name_hint(tag, known)}"
    return str(error)


def _refusals(words: str) -> Iterator[str]:
    """Yield what is wrong with each parameter, after its name unless the message has it."""
    for name, refusal in re.findall(r"^- Parameter '(.+?)': (.+)$", words, flags=re.MULTILINE):
        reason = re.sub(r"^Failed to instantiate \w+ for parameter '.+?': ", "", refusal)
        yield reason if name in reason else f"{name}: {reason}"


def _tags_of(arguments: Sequence[str]) -> list[str]:
    """Return the tags that a command line requests."""
    words = " ".join(arguments)
    return [tag for given in re.findall(r"(?:^| )(?:--tags|-t)[= ](\S+)", words) for tag in given.split(",")]


def is_reported_at_the_end(record: logging.LogRecord) -> bool:
    """Return whether a log record is MLflow's of a disk it cannot write: the end of the run reports that."""
    return any(words in record.getMessage() for words in _DATABASE_WORDS)


def report_unraisable(unraisable: "sys.UnraisableHookArgs") -> None:
    """Print an error that nothing can catch, unless it is of a disk that MLflow cannot write at its end.

    Serves as `sys.unraisablehook`.
    """
    error = unraisable.exc_value
    if error is None or not _is_of_tracker(error) or _behind_tracker(error) is error:
        sys.__unraisablehook__(unraisable)


def _is_of_tracker(error: BaseException) -> bool:
    """Return whether an error is MLflow's or its database's; not every command imports these."""
    return type(error).__module__.partition(".")[0] in ("mlflow", "sqlalchemy", "sqlite3")


def _behind_tracker(error: BaseException) -> BaseException:
    """Return what a failure of MLflow's database hides or means, else the failure itself.

    On a full disk its database, which lies beside the data, fails while the run's own error is logged there.
    """
    above: BaseException | None = error
    while above is not None:
        if is_of_user(above):
            return above
        above = above.__cause__ or above.__context__
    for words, number in _DATABASE_WORDS.items():
        if words in str(error):
            remedy = remedy_for(OSError(number, words))
            return UserError(
                f"cannot write MLflow's database ({words}): {remedy}, or set MLFLOW_TRACKING_URI"
            )
    return error


def _disk_remedy(error: BaseException | None) -> str | None:
    """Return what to do about a full or forbidden disk, if the message has only the system's own words."""
    while error is not None:
        if isinstance(error, OSError):
            is_plain = error.errno is not None and error.strerror == os.strerror(error.errno)
            return remedy_for(error) if is_plain else None
        error = error.__cause__
    return None
