"""Checked values of an entry of `data.tasks`."""

import math
from collections.abc import Mapping
from typing import Any, Literal, cast

from taskonomy_kedro.core.errors import UserError

_GREATEST = {8: 255, 16: 65535}


def file_bits(name: str, entry: Mapping[str, Any], greatest: float, needed_for: str) -> Literal[8, 16]:
    """Return the bits of a map's files: the entry's `bits`, or as many as the greatest number needs.

    Raises:
        UserError: Neither 8 nor 16, or too few.
    """
    bits = entry.get("bits", 8 if greatest <= _GREATEST[8] else 16)
    if isinstance(bits, bool) or bits not in _GREATEST:
        raise UserError(f"task {name!r}: bits must be 8 or 16, got {bits!r}")
    if greatest > _GREATEST[bits]:
        raise UserError(
            f"task {name!r}: image files of {bits} bits hold numbers up to {_GREATEST[bits]}, "
            f"too few for {needed_for}"
        )
    return cast(Literal[8, 16], bits)


def stored_range(name: str, entry: Mapping[str, Any]) -> tuple[float, float]:
    """Return the entry's `range`.

    Raises:
        UserError: Not two finite numbers that rise.
    """
    ends = entry.get("range")
    if not isinstance(ends, list | tuple) or [type(end) in (int, float) for end in ends] != [True, True]:
        raise UserError(
            f"task {name!r}: range must be the two stored values that become -1 and 1, "
            f"such as [0, 255], got {ends!r}"
        )
    if not ends[0] < ends[1] or not math.isfinite(ends[1] - ends[0]):
        raise UserError(f"task {name!r}: range must rise from one number to a greater one, got {ends!r}")
    return float(ends[0]), float(ends[1])
