import errno
import logging
import os
import sqlite3
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest
from kedro.io import DatasetError
from kedro.pipeline import Node, Pipeline
from kedro.validation.exceptions import ParameterValidationError
from mlflow.exceptions import MlflowException
from sqlalchemy.exc import OperationalError

from taskonomy_kedro import errors
from taskonomy_kedro.core.disk import CannotWriteError
from taskonomy_kedro.errors import (
    MissingNetworksError,
    is_told_elsewhere,
    one_sentence,
    unless_told_elsewhere,
)


@pytest.fixture(autouse=True)
def plain(monkeypatch):
    monkeypatch.delenv("TASKONOMY_TRACEBACK", raising=False)


def test_bad_input_is_one_sentence(capsys):
    one_sentence(DatasetError, DatasetError("table 'a' lacks the column 'b'"), None)
    assert capsys.readouterr().err.splitlines()[0] == "Error: table 'a' lacks the column 'b'"


def test_a_refused_parameter_is_one_sentence(capsys):
    refused = (
        "Parameter validation failed:\n- Parameter 'normalization': Failed to instantiate NormalizationSettings "
        "for parameter 'normalization': normalization.floor must be a number in (0, 0.5), got 0.7\n"
        "- Parameter 'tree': Failed to instantiate TreeSettings for parameter 'tree': unknown setting 'bet'"
    )
    one_sentence(ParameterValidationError, ParameterValidationError(refused), None)
    assert capsys.readouterr().err.splitlines()[0] == (
        "Error: normalization.floor must be a number in (0, 0.5), got 0.7; tree: unknown setting 'bet'"
    )


def test_a_tag_that_no_node_has_is_named_with_the_nearest(capsys, monkeypatch):
    monkeypatch.setattr(errors, "pipelines", {"a": Pipeline([Node(len, "a", "b", tags=["normal"])])})
    monkeypatch.setattr(sys, "argv", ["kedro", "run", "--env=tiny", "--tags=norml"])
    error = ValueError("Pipeline contains no nodes after applying all provided filters. Please ensure that")
    one_sentence(ValueError, error, None)
    told = capsys.readouterr().err.splitlines()[0]
    assert told == "Error: --tags: no node has the tag 'norml'; did you mean 'normal'?"
    for other in (["--to-nodes=x"], ["--env=my-t", "norml"]):  # filters of another kind
        monkeypatch.setattr(sys, "argv", ["kedro", "run", *other])
        one_sentence(ValueError, error, None)
        assert capsys.readouterr().err.startswith("Error: Pipeline contains no nodes")


def test_our_own_faults_keep_their_traceback(capsys):
    one_sentence(KeyError, KeyError("a"), None)
    assert capsys.readouterr().err == "KeyError: 'a'\n"


def test_the_traceback_can_be_asked_for(capsys, monkeypatch):
    monkeypatch.setenv("TASKONOMY_TRACEBACK", "1")
    one_sentence(ValueError, ValueError("a"), None)
    assert capsys.readouterr().err == "ValueError: a\n"


def test_missing_networks_are_a_sentence_alone(capsys, monkeypatch):
    one_sentence(MissingNetworksError, MissingNetworksError("a network is missing"), None)
    assert capsys.readouterr().err == "Error: a network is missing\n"


@pytest.mark.parametrize(
    ("number", "remedy"),
    [
        (errno.ENOSPC, ": free some space and run again"),
        (errno.EROFS, ": make it writable and run again"),
        (errno.ENOENT, ""),
    ],
)
def test_a_disk_is_told_with_a_remedy_where_the_system_gives_none(capsys, number, remedy):
    error = DatasetError("sheet: failed")
    error.__cause__ = OSError(number, os.strerror(number), "a.png")
    one_sentence(DatasetError, error, None)
    assert capsys.readouterr().err.splitlines()[0] == f"Error: sheet: failed{remedy}"


@pytest.mark.parametrize(
    "cause",
    [
        CannotWriteError(Path("a.npy"), OSError(errno.ENOSPC, "No space left on device")),
        OSError(errno.ENOSPC, "cannot write a.png; free space or choose another directory"),
    ],
)
def test_a_remedy_is_not_told_twice(capsys, cause):
    error = DatasetError(str(cause))
    error.__cause__ = cause
    one_sentence(DatasetError, error, None)
    assert capsys.readouterr().err.splitlines()[0] == f"Error: {cause}"


def failed_in_tracker(words, behind=None):
    """Raise what MLflow raises when its database cannot be written, perhaps while another error is noted."""
    try:
        if behind is not None:
            raise behind
    except Exception:
        try:
            raise OperationalError("UPDATE runs", {}, sqlite3.OperationalError(words))
        except OperationalError as error:
            raise MlflowException(str(error)) from error
    raise MlflowException(words)


@pytest.mark.parametrize(
    ("words", "behind", "told"),
    [
        (
            "database or disk is full",
            DatasetError("cannot write a.npy: free some space"),
            "Error: cannot write a.npy: free some space",
        ),
        (
            "(sqlite3.OperationalError) database or disk is full",
            None,
            "Error: cannot write MLflow's database (database or disk is full): free some space and run again, "
            "or set MLFLOW_TRACKING_URI",
        ),
        (
            "attempt to write a readonly database",
            None,
            "Error: cannot write MLflow's database (attempt to write a readonly database): make it writable and "
            "run again, or set MLFLOW_TRACKING_URI",
        ),
    ],
)
def test_a_disk_that_mlflow_cannot_write_is_a_sentence(capsys, words, behind, told):
    with pytest.raises(MlflowException) as raised:
        failed_in_tracker(words, behind)
    one_sentence(MlflowException, raised.value, None)
    assert capsys.readouterr().err.splitlines()[0] == told


def test_other_failures_of_mlflow_keep_their_traceback(capsys):
    one_sentence(MlflowException, MlflowException("no such run"), None)
    assert "mlflow.exceptions.MlflowException: no such run" in capsys.readouterr().err


def test_mlflow_says_nothing_of_a_disk_that_the_run_tells_of(monkeypatch):
    with pytest.raises(MlflowException) as raised:
        failed_in_tracker("database or disk is full")
    told: list[BaseException | None] = []
    monkeypatch.setattr(sys, "__unraisablehook__", lambda unraisable: told.append(unraisable.exc_value))
    other = MlflowException("no such run")
    for error in (raised.value, other, None):
        unless_told_elsewhere(SimpleNamespace(exc_value=error))
    assert told == [other, None]
    record = logging.makeLogRecord({"msg": "caught: %s", "args": (raised.value,)})
    assert not is_told_elsewhere(record)
    assert is_told_elsewhere(logging.makeLogRecord({"msg": "something else"}))
