import errno
from pathlib import Path

import numpy as np
import pytest
from tests.refused_writes import refuse_writes

from taskonomy_kedro.core.preparation.disk import CannotWriteError, save_array, writing


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
