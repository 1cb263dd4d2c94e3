import os

import numpy as np
import pytest

from taskonomy_kedro.core.preparation.arrays import GrowingArray


def rows(n: int, shape: tuple[int, ...]) -> np.ndarray:
    return np.random.default_rng(0).integers(0, 60000, size=(n, *shape)).astype(np.uint16)


@pytest.mark.parametrize("shape", [(3, 4), (), (2,)])
def test_what_was_appended_is_what_numpy_reads(tmp_path, shape):
    array = GrowingArray(tmp_path / "a.npy", shape=shape, dtype=np.dtype(np.uint16))
    for row in rows(1234, shape):
        array.append(row)
    array.close()
    np.testing.assert_array_equal(np.load(tmp_path / "a.npy", mmap_mode="r"), rows(1234, shape))


def test_it_goes_on_after_the_rows_that_are_known_to_be_whole(tmp_path):
    first = GrowingArray(tmp_path / "a.npy", shape=(5,), dtype=np.dtype(np.uint16))
    for row in rows(10, (5,))[:7]:
        first.append(row)
    first.commit()
    first._file.write(b"half a row")  # as a killed process leaves it
    first._file.close()
    again = GrowingArray(tmp_path / "a.npy", shape=(5,), dtype=np.dtype(np.uint16), rows=6)
    for row in rows(10, (5,))[6:]:
        again.append(row)
    again.close()
    np.testing.assert_array_equal(np.load(tmp_path / "a.npy"), rows(10, (5,)))


def test_a_file_shorter_than_its_promised_rows_is_refused_not_filled_up(tmp_path):
    array = GrowingArray(tmp_path / "a.npy", shape=(5,), dtype=np.dtype(np.uint16))
    for row in rows(10, (5,)):
        array.append(row)
    array.close()
    path = tmp_path / "a.npy"
    path.write_bytes(path.read_bytes()[:-1])
    with pytest.raises(ValueError, match=r"a\.npy has 227 bytes; wanted 228 for 10 rows"):
        GrowingArray(path, shape=(5,), dtype=np.dtype(np.uint16), rows=10)
    GrowingArray(path, shape=(5,), dtype=np.dtype(np.uint16), rows=9).close()
    np.testing.assert_array_equal(np.load(path), rows(10, (5,))[:9])


def test_a_commit_brings_the_rows_to_the_disk(tmp_path, monkeypatch):
    array = GrowingArray(tmp_path / "a.npy", shape=(5,), dtype=np.dtype(np.uint16))
    array.append(rows(1, (5,))[0])
    sizes: list[int] = []
    monkeypatch.setattr(os, "fsync", lambda handle: sizes.append(os.fstat(handle).st_size))
    array.commit()
    assert sizes == [128 + 10]  # flushed before it is synced
    array.abandon()
