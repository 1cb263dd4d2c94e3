import fsspec
import pytest

from taskonomy_kedro.datasets.atomic import atomic_write


def test_a_write_is_whole_or_leaves_the_earlier_file(tmp_path):
    path, files = tmp_path / "folder" / "table", fsspec.filesystem("file", auto_mkdir=True)
    with atomic_write(files, str(path)) as file:
        file.write(b"good")
        assert not path.exists()
    with pytest.raises(KeyboardInterrupt), atomic_write(files, str(path)) as file:
        file.write(b"half")
        raise KeyboardInterrupt
    assert path.read_bytes() == b"good"
    assert list(path.parent.iterdir()) == [path]
