"""Settings as the parameters that runs are compared by."""

from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel

_PLACE = "project"  # from which relative paths start


def settings_as_params(name: str, settings: BaseModel) -> dict[str, str]:
    """Return each setting as a parameter of its own, for people to compare.

    Args:
        name: Name of the settings, such as `program`.
        settings: The settings; those in it are returned setting by setting too.

    Returns:
        Text by `name.setting`; an empty one reads `none`. The project's folder is omitted, as it would
        distinguish any two runs in two folders.
    """
    params: dict[str, str] = {}
    for field, value in settings:
        key = f"{name}.{field}"
        if isinstance(value, BaseModel):
            params |= settings_as_params(key, value)
        elif field != _PLACE:
            params[key] = as_text(value)
    return params


def as_text(value: Any) -> str:
    """Return a value as people read it: lists with commas, tables as `key=value`, nothing as `none`."""
    if isinstance(value, Mapping):
        value = tuple(value.items())
    if isinstance(value, list | tuple):
        words = ("=".join(map(str, item)) if isinstance(item, list | tuple) else str(item) for item in value)
        value = ", ".join(words)
    return "none" if value in (None, "") else str(value)
