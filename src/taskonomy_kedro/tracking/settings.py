"""Settings as the parameters that runs are compared by."""

from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from typing import Any

_PLACE = "project"  # from which relative paths start


def is_settings(value: Any) -> bool:
    """Return whether a value is typed settings."""
    return hasattr(value, "model_dump") or (is_dataclass(value) and not isinstance(value, type))


def settings_as_params(name: str, settings: Any) -> dict[str, str]:
    """Return each field of typed settings as a parameter of its own.

    Args:
        name: Name of the settings, such as `program`.
        settings: Typed settings; nested ones are listed field by field too.

    Returns:
        Text by `name.field`; empty fields read `none`. Without the project's folder, by which any two runs
        in two folders would differ.
    """
    names = (
        type(settings).model_fields if hasattr(settings, "model_dump") else [f.name for f in fields(settings)]
    )
    params: dict[str, str] = {}
    for field in names:
        if field != _PLACE:
            key, value = f"{name}.{field}", getattr(settings, field)
            params |= settings_as_params(key, value) if is_settings(value) else {key: as_text(value)}
    return params


def as_text(value: Any) -> str:
    """Return a value as people read it: lists with commas, tables as `key=value`, nothing as `none`."""
    if isinstance(value, Mapping):
        value = [f"{key}={item}" for key, item in value.items()]
    if isinstance(value, list | tuple):
        value = ", ".join(map(str, value))
    return "none" if value in (None, "") else str(value)
