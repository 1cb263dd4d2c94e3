"""Reads pickles from outside without running what is in them."""

import io
import pickle
import pickletools
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from taskonomy_kedro.core.errors import UserError


class _PlainDtype:
    """Replaces `numpy.dtype` while unpickling; holds a number type and a byte order only."""

    def __init__(self, code: str, *_flags: object) -> None:
        dtype = np.dtype(code) if isinstance(code, str) else None
        if dtype is None or dtype.kind not in "biuf":
            raise pickle.UnpicklingError(f"it holds a NumPy scalar of type {code!r}, not a plain number")
        self.dtype = dtype

    def __setstate__(self, state: tuple[Any, ...]) -> None:
        # (version, byte order, …): what follows describes structured types only
        self.dtype = self.dtype.newbyteorder(state[1])


class _Maker:
    """A function that a pickle may call and cannot change."""

    __slots__ = ("_function",)

    def __init__(self, function: Callable[..., Any]) -> None:
        self._function = function

    def __call__(self, *arguments: Any) -> Any:
        return self._function(*arguments)

    def __setstate__(self, state: object) -> None:
        raise pickle.UnpicklingError("it tries to change the reader")


def _make_scalar(dtype: _PlainDtype, content: bytes | str) -> Any:
    if not isinstance(dtype, _PlainDtype):
        raise pickle.UnpicklingError("it holds a NumPy scalar without a NumPy type")
    raw = content.encode("latin1") if isinstance(content, str) else content
    return np.frombuffer(raw, dtype=dtype.dtype, count=1)[0]


def _encode(text: str, encoding: str) -> bytes:
    """Stand in for `_codecs.encode`, by which old protocols write the bytes of a scalar."""
    if encoding != "latin1":
        raise pickle.UnpicklingError(f"it holds bytes written as {encoding!r}, not latin1")
    return text.encode("latin1")


# Plain dict, list, tuple, str, float and int need no name; these build NumPy scalars.
_ADMITTED: dict[tuple[str, str], Any] = {
    ("numpy.core.multiarray", "scalar"): _Maker(_make_scalar),
    ("numpy._core.multiarray", "scalar"): _Maker(_make_scalar),
    ("numpy", "dtype"): _Maker(_PlainDtype),
    ("_codecs", "encode"): _Maker(_encode),
}


_MEMO_OPCODES = ("LONG_BINPUT", "LONG_BINGET", "PUT", "GET")


class _PlainUnpickler(pickle.Unpickler):
    def find_class(self, module: str, name: str) -> Any:
        if (module, name) not in _ADMITTED:
            raise pickle.UnpicklingError(
                f"it asks for {module}.{name}, and only plain containers, numbers, text and "
                f"NumPy scalars are admitted"
            )
        return _ADMITTED[module, name]


def load_plain_pickle(path: Path) -> Any:
    """Load a pickle that holds plain containers, numbers, text and NumPy scalars only.

    Args:
        path: The file; pickles of Python 2 are read as latin-1.

    Returns:
        What was pickled.

    Raises:
        OSError: The file is missing or cannot be read.
        UserError: The file is truncated or no pickle, or it asks for anything else, in which case
            nothing of it was run. The message names the file.
    """
    content = path.read_bytes()
    try:
        _check_memory(content)
        return _PlainUnpickler(io.BytesIO(content), encoding="latin1").load()
    except Exception as error:
        # A damaged pickle may raise almost anything; all of it means the same to the reader.
        reason = " ".join(str(error).split()) or type(error).__name__
        if not reason.startswith("it "):
            reason = f"it is truncated, damaged or no pickle ({reason})"
        raise UserError(f"{path}: refused as a plain pickle: {reason}") from error


def _check_memory(content: bytes) -> None:
    """Refuse a file that asks for far more memory than it has bytes, before it is unpickled."""
    for opcode, argument, _ in pickletools.genops(content):
        if opcode.name in _MEMO_OPCODES and isinstance(argument, int) and argument > len(content):
            raise pickle.UnpicklingError("it asks for more memory than a file of its size can need")
