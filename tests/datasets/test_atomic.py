import fsspec
import pytest

from taskonomy_kedro.datasets.atomic import atomic_write


def test_a_broken_write_keeps_what_was_there_and_leaves_nothing(tmp_path):
    path = tmp_path / "table"
    path.write_bytes(b"good")
    with pytest.raises(KeyboardInterrupt), atomic_write(fsspec.filesystem("file"), str(path)) as file:
        file.write(b"half")
        raise KeyboardInterrupt
    assert path.read_bytes() == b"good"
    assert list(tmp_path.iterdir()) == [path]


def test_a_whole_write_takes_the_name(tmp_path):
    path = tmp_path / "folder" / "table"
    with atomic_write(fsspec.filesystem("file", auto_mkdir=True), str(path)) as file:
        file.write(b"whole")
        assert not path.exists()
    assert path.read_bytes() == b"whole"


def test_other_file_systems_work_too():
    memory = fsspec.filesystem("memory")
    with atomic_write(memory, "/tables/one") as file:
        file.write(b"whole")
    assert memory.ls("/tables", detail=False) == ["/tables/one"]
