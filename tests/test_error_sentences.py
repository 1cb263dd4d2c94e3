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

from taskonomy_kedro import error_sentences
from taskonomy_kedro.core.disk import CannotWriteError
from taskonomy_kedro.core.errors import UserError
from taskonomy_kedro.error_sentences import (
    MissingNetworksError,
    is_reported_at_the_end,
    report_unraisable,
    sentence_of,
)


def raised(error, cause=None):
    try:
        raise error from cause
    except type(error) as caught:
        return caught


def first_line(error) -> str | None:
    return (sentence_of(error) or "").partition("\n")[0] or None


@pytest.mark.parametrize(
    ("error", "sentence"),
    [
        (UserError("a is wrong"), "a is wrong"),
        (DatasetError("table 'a' lacks the column 'b'"), "table 'a' lacks the column 'b'"),
        (raised(DatasetError("a: no file"), FileNotFoundError("a")), "a: no file"),
        (raised(DatasetError("b: refused"), UserError("refused")), "b: refused"),
        (raised(DatasetError("b"), raised(DatasetError("b"), UserError("refused"))), "b"),
        (MissingNetworksError("a network is missing"), "a network is missing"),
        (CannotWriteError(Path("a"), OSError(errno.EIO, "broken")), None),
        # our own faults
        (ValueError("operands could not be broadcast"), None),
        (KeyError("a"), None),
        (OSError(errno.ENOENT, "no such file"), None),
        (raised(DatasetError("c"), ValueError("our own")), None),
        (raised(DatasetError("c"), raised(DatasetError("c"), KeyError("our own"))), None),
        (MlflowException("no such run"), None),
    ],
    ids=str,
)
def test_only_a_users_mistakes_are_sentences(error, sentence):
    if isinstance(error, CannotWriteError):
        sentence = str(error)
    assert first_line(error) == sentence


def test_what_kedro_refuses_is_a_sentence():
    with pytest.raises(ValueError, match="nodes") as caught:
        Pipeline([Node(len, "a", "b", name="one")]).only_nodes("other")
    assert first_line(caught.value) == str(caught.value)


def test_a_refused_parameter_is_a_sentence():
    refused = (
        "Parameter validation failed:\n- Parameter 'normalization': Failed to instantiate NormalizationSettings "
        "for parameter 'normalization': normalization.floor must be > 0, got 0\n"
        "- Parameter 'tree': Failed to instantiate TreeSettings for parameter 'tree': wrong"
    )
    assert first_line(ParameterValidationError(refused)) == (
        "normalization.floor must be > 0, got 0; tree: wrong"
    )


def test_a_tag_that_no_node_has_is_named_with_the_nearest(monkeypatch):
    monkeypatch.setattr(error_sentences, "pipelines", {"a": Pipeline([Node(len, "a", "b", tags=["normal"])])})
    monkeypatch.setattr(sys, "argv", ["kedro", "run", "--env=tiny", "--tags=norml"])
    with pytest.raises(ValueError, match="no nodes") as caught:
        Pipeline([Node(len, "a", "b", tags=["normal"])]).filter(tags=["norml"])
    assert first_line(caught.value) == "--tags: no node has the tag 'norml'; did you mean 'normal'?"
    for other in (["--to-nodes=x"], ["--env=my-t", "norml"]):  # filters of another kind
        monkeypatch.setattr(sys, "argv", ["kedro", "run", *other])
        assert first_line(caught.value).startswith("Pipeline contains no nodes")


@pytest.mark.parametrize(
    ("number", "remedy"),
    [
        (errno.ENOSPC, ": free some space and run again"),
        (errno.EROFS, ": make it writable and run again"),
        (errno.ENOENT, ""),
    ],
)
def test_a_disk_has_a_remedy_if_the_message_has_none(number, remedy):
    error = raised(DatasetError("sheet: failed"), OSError(number, os.strerror(number), "a.png"))
    assert first_line(error) == f"sheet: failed{remedy}"
    for cause in (
        CannotWriteError(Path("a.npy"), OSError(errno.ENOSPC, "No space left on device")),
        OSError(errno.ENOSPC, "cannot write a.png; free space or choose another directory"),
    ):
        assert first_line(raised(DatasetError(str(cause)), cause)) == str(cause)


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
    ("words", "behind", "sentence"),
    [
        (
            "database or disk is full",
            DatasetError("cannot write a.npy: free some space"),
            "cannot write a.npy: free some space",
        ),
        (
            "(sqlite3.OperationalError) database or disk is full",
            None,
            "cannot write MLflow's database (database or disk is full): free some space and run again, "
            "or set MLFLOW_TRACKING_URI",
        ),
        (
            "attempt to write a readonly database",
            None,
            "cannot write MLflow's database (attempt to write a readonly database): make it writable and "
            "run again, or set MLFLOW_TRACKING_URI",
        ),
    ],
)
def test_a_disk_that_mlflow_cannot_write_is_a_sentence(words, behind, sentence):
    with pytest.raises(MlflowException) as caught:
        failed_in_tracker(words, behind)
    assert first_line(caught.value) == sentence


def test_mlflow_does_not_report_a_disk_that_the_run_reports(monkeypatch):
    with pytest.raises(MlflowException) as caught:
        failed_in_tracker("database or disk is full")
    printed: list[BaseException | None] = []
    monkeypatch.setattr(sys, "__unraisablehook__", lambda unraisable: printed.append(unraisable.exc_value))
    other = MlflowException("no such run")
    for error in (caught.value, other, None):
        report_unraisable(SimpleNamespace(exc_value=error))
    assert printed == [other, None]
    record = logging.makeLogRecord({"msg": "caught: %s", "args": (caught.value,)})
    assert is_reported_at_the_end(record)
    assert not is_reported_at_the_end(logging.makeLogRecord({"msg": "something else"}))
