"""What a user sees of an error that ends a command."""

import os
import sys
from types import TracebackType

from kedro.io import DatasetError
from kedro.validation.exceptions import ParameterValidationError

from taskonomy_kedro.core.preparation.disk import remedy_for


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
    if not issubclass(kind, _OF_THE_USER) or os.environ.get("TASKONOMY_TRACEBACK"):
        sys.__excepthook__(kind, error, traceback)
        return
    remedy = _disk_remedy(error)
    print(f"Error: {error}{f': {remedy}' if remedy else ''}", file=sys.stderr)
    print("(TASKONOMY_TRACEBACK=1 shows where it happened.)", file=sys.stderr)


def _disk_remedy(error: BaseException | None) -> str | None:
    """Say what to do about a full or forbidden disk where the system's own words came through."""
    while error is not None:
        if isinstance(error, OSError):
            is_plain = error.errno is not None and error.strerror == os.strerror(error.errno)
            return remedy_for(error) if is_plain else None  # other words hold a remedy already
        error = error.__cause__
    return None
