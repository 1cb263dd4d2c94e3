"""A NumPy file that grows by rows, and goes on after a stop."""

import io
import os
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO

import numpy as np
from numpy.lib import format as npy

from taskonomy_kedro.core.disk import CannotWriteError, writing
from taskonomy_kedro.core.errors import UserError


class GrowingArray:
    """Appends rows to an `.npy` file without knowing how many will come.

    NumPy leaves room in the header for the number of rows, so it can be written anew in place.
    """

    def __init__(self, path: Path, *, shape: tuple[int, ...], dtype: np.dtype, rows: int = 0) -> None:
        """Open the file, keeping its first `rows` rows.

        Args:
            path: The file; made where missing.
            shape: Of one row.
            dtype: Of the numbers.
            rows: Rows that are known to be whole; what follows them is cut off.

        Raises:
            UserError: The file is shorter than that.
            CannotWriteError: The disk is full or cannot be written.
        """
        self.path, self.shape, self._dtype = path, shape, dtype
        self.rows = rows
        length = bytes_of(shape, dtype, rows)
        if rows and (found := path.stat().st_size) < length:
            raise UserError(f"{path} has {found} bytes; wanted {length} for {rows} rows")
        with writing(path):
            self._file: BinaryIO = path.open("r+b" if rows else "w+b")
            try:
                self._write_header()
                self._file.truncate(length)
                self._file.seek(0, os.SEEK_END)
            except OSError:
                self.abandon()
                raise

    def append(self, row: np.ndarray) -> None:
        """Write one row."""
        try:
            self._file.write(np.ascontiguousarray(row, dtype=self._dtype).tobytes())
        except OSError as error:
            raise CannotWriteError(self.path, error) from error
        self.rows += 1

    def commit(self) -> None:
        """Write the number of rows into the header; all rows are on the disk when this returns."""
        with writing(self.path):
            self._write_header()
            self._file.seek(0, os.SEEK_END)
            self._file.flush()
            os.fsync(self._file.fileno())

    def close(self) -> None:
        """Commit and close."""
        self.commit()
        self._file.close()

    def abandon(self) -> None:
        """Close without a commit; closing twice does nothing."""
        with suppress(OSError):  # a full disk again, when the rest is flushed
            self._file.close()

    def _write_header(self) -> None:
        self._file.seek(0)
        self._file.write(_header(self.shape, self._dtype, self.rows))


def bytes_of(shape: tuple[int, ...], dtype: np.dtype, rows: int) -> int:
    """Return the length of a file of so many rows, header included."""
    row_bytes = dtype.itemsize * int(np.prod(shape, dtype=np.int64))
    return len(_header(shape, dtype, rows)) + rows * row_bytes


def _header(shape: tuple[int, ...], dtype: np.dtype, rows: int) -> bytes:
    stream = io.BytesIO()
    header = {"descr": npy.dtype_to_descr(dtype), "fortran_order": False, "shape": (rows, *shape)}
    npy.write_array_header_1_0(stream, header)
    return stream.getvalue()
