"""A NumPy file that grows by rows, and goes on after a stop."""

from pathlib import Path
from typing import BinaryIO

import numpy as np
from numpy.lib import format as npy


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
        """
        self.shape, self._dtype = shape, dtype
        self.rows = rows
        self._file: BinaryIO = path.open("r+b" if rows else "w+b")
        self._write_header()
        self._file.truncate(self._file.tell() + rows * dtype.itemsize * int(np.prod(shape, dtype=np.int64)))
        self._file.seek(0, 2)

    def append(self, row: np.ndarray) -> None:
        """Write one row."""
        self._file.write(np.ascontiguousarray(row, dtype=self._dtype).tobytes())
        self.rows += 1

    def commit(self) -> None:
        """Write the number of rows into the header."""
        self._write_header()
        self._file.seek(0, 2)
        self._file.flush()

    def close(self) -> None:
        """Commit and close."""
        self.commit()
        self._file.close()

    def _write_header(self) -> None:
        self._file.seek(0)
        header = {
            "descr": npy.dtype_to_descr(self._dtype),
            "fortran_order": False,
            "shape": (self.rows, *self.shape),
        }
        npy.write_array_header_1_0(self._file, header)
