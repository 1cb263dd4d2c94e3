import errno
from pathlib import Path

import numpy as np
import pytest
from tests.refused_writes import refuse_writes

from taskonomy_kedro.core.preparation.disk import (
    CannotWriteError,
    put_back,
    replace_folder,
    save_array,
    unfinished_of,
    writing,
)


def folder_with(path: Path, content: str) -> Path:
    path.mkdir(parents=True)
    (path / "a").write_text(content)
    return path


def test_a_folder_takes_the_place_of_another(tmp_path):
    folder = folder_with(tmp_path / "f", "old")
    folder_with(unfinished_of(folder), "new")
    replace_folder(folder)
    assert [path.name for path in tmp_path.iterdir()] == ["f"]
    assert (folder / "a").read_text() == "new"


def test_a_folder_takes_an_empty_place(tmp_path):
    folder_with(unfinished_of(tmp_path / "f"), "new")
    replace_folder(tmp_path / "f")
    assert (tmp_path / "f" / "a").read_text() == "new"


def test_where_the_second_renaming_fails_the_old_folder_is_there_again(tmp_path):
    folder = folder_with(tmp_path / "f", "old")
    with pytest.raises(CannotWriteError, match=r"cannot write .*/f \(No such file or directory\)"):
        replace_folder(folder)  # there is no unfinished one
    assert (folder / "a").read_text() == "old"


def test_only_a_folder_without_successor_is_put_back(tmp_path):
    assert not put_back(tmp_path / "f")
    folder_with(tmp_path / ".f.outdated", "old")
    assert put_back(tmp_path / "f")
    assert (tmp_path / "f" / "a").read_text() == "old"
    folder_with(tmp_path / ".f.outdated", "older")
    assert not put_back(tmp_path / "f")
    assert (tmp_path / "f" / "a").read_text() == "old"


@pytest.mark.parametrize(
    ("number", "remedy"),
    [
        (errno.ENOSPC, "free some space"),
        (errno.EDQUOT, "free some space"),
        (errno.EROFS, "make it writable"),
        (errno.EACCES, "make it writable"),
        (errno.EIO, "see whether the disk is full or failing"),
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
