"""Settings as the parameters that runs are compared by."""

from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from typing import Any

_PLACE = "project"  # from which relative paths start


def settings_as_params(name: str, settings: Any) -> dict[str, str]:
    """Write each field of a settings dataclass as a parameter of its own, for people to compare.

    Args:
        name: Name of the settings, such as `program`.
        settings: The dataclass; those in it are written field by field too.

    Returns:
        Text by `name.field`; empty fields read `none`. Where the project lies is left out, as it would
        tell any two runs in two folders apart.
    """
    params: dict[str, str] = {}
    for field in fields(settings):
        if field.name == _PLACE:
            continue
        key, value = f"{name}.{field.name}", getattr(settings, field.name)
        is_nested = is_dataclass(value) and not isinstance(value, type)
        params |= settings_as_params(key, value) if is_nested else {key: as_text(value)}
    return params


def as_text(value: Any) -> str:
    """Write a value as people read it: lists with commas, tables as `key=value`, nothing as `none`."""
    if isinstance(value, Mapping):
        value = [f"{key}={item}" for key, item in value.items()]
    if isinstance(value, list | tuple):
        value = ", ".join(map(str, value))
    return "none" if value in (None, "") else str(value)
