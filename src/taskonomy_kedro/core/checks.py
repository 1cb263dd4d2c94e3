"""Checks that every settings dataclass makes of itself, with messages that help."""

import math
from collections.abc import Iterable, Mapping
from dataclasses import fields, is_dataclass
from typing import Any, Self

from taskonomy_kedro.core.tasks.naming import nearest_name_hint


class Settings:
    """Base of the settings dataclasses: an unknown key is refused with the nearest known one."""

    def __new__(cls, **given: Any) -> Self:
        """Look at the keys before the dataclass does."""
        known: list[str] = [field.name for field in fields(cls)] if is_dataclass(cls) else []
        for key in given:
            if key not in known:
                raise ValueError(f"unknown setting {key!r}{nearest_name_hint(key, known)}")
        return super().__new__(cls)


def is_number(value: Any) -> bool:
    """Return whether a value is a finite int or float; booleans are not."""
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)


def check_whole(name: str, value: Any, *, minimum: int) -> None:
    """Refuse what is no whole number of at least `minimum`."""
    if isinstance(value, bool) or not isinstance(value, int) or value < minimum:
        raise ValueError(f"{name} must be a whole number ≥ {minimum}, got {value!r}")


def check_choice(name: str, value: Any, known: Iterable[str]) -> None:
    """Refuse what is none of the known names."""
    names = list(known)
    if value not in names:
        hint = nearest_name_hint(value, names, list_all=False) if isinstance(value, str) else ""
        raise ValueError(f"{name} must be one of {', '.join(names)}, got {value!r}{hint}")


def check_nested(name: str, kind: type[Any], given: Any) -> Any:
    """Return nested settings as their dataclass.

    Args:
        name: Where they stand, such as `data.rooms`.
        kind: The dataclass.
        given: One of it, or a mapping of its fields.

    Raises:
        ValueError: No mapping, a field that the dataclass does not have, or a wrong value.
    """
    if isinstance(given, kind):
        return given
    if not isinstance(given, Mapping):
        raise ValueError(f"{name} must be a table of settings, got {given!r}")
    known = [field.name for field in fields(kind)]
    for key in given:
        if key not in known:
            raise ValueError(f"{name} has no setting {key!r}{nearest_name_hint(str(key), known)}")
    try:
        return kind(**given)
    except ValueError as error:
        raise ValueError(error if str(error).startswith(name) else f"{name}: {error}") from error
