import errno
from pathlib import Path

import numpy as np
import pytest
from tests.refused_writes import refuse_writes

from taskonomy_kedro.core.disk import (
    CannotWriteError,
    read_json,
    replacing,
    save_array,
    write_json,
    writing,
)


@pytest.mark.parametrize(
    ("number", "remedy"),
    [
        (errno.ENOSPC, "free some space"),
        (errno.EDQUOT, "free some space"),
        (errno.EROFS, "make it writable"),
        (errno.EACCES, "make it writable"),
        (errno.EIO, "check whether the disk is full or failing"),
    ],
)
def test_a_failure_names_the_file_and_a_remedy(tmp_path, monkeypatch, number, remedy):
    refuse_writes(monkeypatch, "a.npy", number)
    with pytest.raises(CannotWriteError, match=f"cannot write {tmp_path}/a.npy .*{remedy}") as caught:
        save_array(tmp_path / "a.npy", np.arange(3))
    assert caught.value.errno == number


def test_the_innermost_file_is_named(tmp_path):
    with pytest.raises(CannotWriteError, match="cannot write inner"), writing(Path("outer")):
        raise CannotWriteError(Path("inner"), OSError(errno.ENOSPC, "full"))


def test_a_failed_write_leaves_the_file_that_was_there_and_nothing_else(tmp_path):
    path = tmp_path / "folder" / "a.json"
    write_json(path, {"a": 1})
    with pytest.raises(KeyboardInterrupt), replacing(path) as file:
        file.write(b"half")
        raise KeyboardInterrupt
    assert read_json(path) == {"a": 1}
    assert list(path.parent.iterdir()) == [path]


@pytest.mark.parametrize("content", [b"", b"{", b"[1]", None])
def test_what_is_no_json_object_is_none(tmp_path, content):
    if content is not None:
        (tmp_path / "a.json").write_bytes(content)
    assert read_json(tmp_path / "a.json") is None
