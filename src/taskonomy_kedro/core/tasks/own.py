"""A user's own image tasks: one entry of a settings file each, no code."""

from collections.abc import Iterable, Mapping
from typing import Any, Literal, cast, get_args

from taskonomy_kedro.core.tasks.dictionary import TASKS
from taskonomy_kedro.core.tasks.naming import nearest_name_hint
from taskonomy_kedro.core.tasks.task import FAMILIES, Decoder, Label, Loss, Mask, Task

OwnKind = Literal["regression_map", "class_map", "vector", "class"]

_SIZE_KEY: dict[OwnKind, str] = {
    "regression_map": "channels",
    "class_map": "classes",
    "vector": "length",
    "class": "classes",
}
_LOSSES: dict[OwnKind, tuple[Loss, ...]] = {  # the first is taken where none is named
    "regression_map": ("l1", "l2"),
    "class_map": ("cross_entropy",),
    "vector": ("mse", "norm"),
    "class": ("cross_entropy",),
}
_MASKS: dict[OwnKind, tuple[Mask, ...]] = {
    "regression_map": ("label_present", "none", "valid_depth"),
    "class_map": ("known_class", "none", "label_present", "valid_depth"),
    "vector": ("label_present", "none"),
    "class": ("label_present", "none"),
}
_DECODERS: dict[OwnKind, Decoder] = {
    "regression_map": "dense",
    "class_map": "dense",
    "vector": "fc2_2048",
    "class": "fc2_2048",
}
_KEYS = ("folder", "kind", "channels", "classes", "length", "range", "mask", "loss", "family")


def own_task(name: str, entry: Mapping[str, Any]) -> Task:
    """Read one task of a user's own.

    Example of an entry, as it stands in a settings file:

        heat: {folder: heat, kind: regression_map, range: [0, 255], mask: valid_depth, loss: l2}

    Args:
        name: Name of the task.
        entry: `folder`, where the labels lie (default: the name); `kind`; `channels` (default 1) and
            `range`, the stored values that become -1 and 1, of a regression map; `classes` of a class
            map or a class; `length` of a vector; `mask`, `loss`, `family` where not the default. The ids
            of a class map with mask `known_class` start at 1, and 0 is not learned.

    Raises:
        ValueError: An unknown key or name, a value missing or of another type; the message says
            which task and key, what was wanted, what came, and the nearest name.
    """
    if not isinstance(entry, Mapping):
        raise ValueError(f"task {name!r}: wanted keys and values such as 'folder: {name}', got {entry!r}")
    for key in entry:
        if key not in _KEYS:
            raise ValueError(f"task {name!r}: unknown key {key!r}{nearest_name_hint(str(key), _KEYS)}")
    kind = cast(OwnKind, _choice(name, "kind", entry.get("kind"), get_args(OwnKind)))
    for key in set(_SIZE_KEY.values()) | {"range"}:
        is_ours = key == _SIZE_KEY[kind] or (key == "range" and kind == "regression_map")
        if key in entry and not is_ours:
            raise ValueError(f"task {name!r}: {key!r} has no meaning for the kind {kind!r}")
    folder = entry.get("folder", name)
    if not isinstance(folder, str) or not folder:
        raise ValueError(f"task {name!r}: folder must be the name of a folder, got {folder!r}")
    return Task(
        name=name,
        family=_choice(name, "family", entry.get("family", "other"), FAMILIES),
        published_name="",
        domains=(folder,),
        label=_own_label(name, kind, entry),
        mask=_choice(name, "mask", entry.get("mask", _MASKS[kind][0]), _MASKS[kind]),
        loss=_choice(name, "loss", entry.get("loss", _LOSSES[kind][0]), _LOSSES[kind]),
        decoder=_DECODERS[kind],
    )


def task_dictionary(own: Mapping[str, Mapping[str, Any]] | None = None) -> dict[str, Task]:
    """Return the 26 tasks and a user's own.

    Raises:
        ValueError: An entry is wrong, or its name is one of the 26.
    """
    tasks = dict(TASKS)
    for name, entry in (own or {}).items():
        if name in TASKS:
            raise ValueError(f"task {name!r} is already one of the 26; give your own another name")
        tasks[name] = own_task(name, entry)
    return tasks


def _own_label(name: str, kind: OwnKind, entry: Mapping[str, Any]) -> Label:
    key = _SIZE_KEY[kind]
    size = entry.get(key, 1 if key == "channels" else None)
    least = 2 if key == "classes" else 1
    if isinstance(size, bool) or not isinstance(size, int) or size < least:
        raise ValueError(f"task {name!r}: {key} must be a whole number of at least {least}, got {size!r}")
    if kind == "regression_map":
        return Label(
            kind=kind, size=size, value_map="linear", stored_range=_range(name, entry), is_clipped=True
        )
    return Label(kind=kind, size=size, value_map="standardised" if kind == "vector" else "none")


def _range(name: str, entry: Mapping[str, Any]) -> tuple[float, float]:
    ends = entry.get("range")
    if not isinstance(ends, list | tuple) or [type(end) in (int, float) for end in ends] != [True, True]:
        raise ValueError(
            f"task {name!r}: range must be the two stored values that become -1 and 1, "
            f"such as [0, 255], got {ends!r}"
        )
    if not ends[0] < ends[1]:
        raise ValueError(f"task {name!r}: range must rise, got {ends!r}")
    return float(ends[0]), float(ends[1])


def _choice(name: str, key: str, value: Any, known: Iterable[str]) -> Any:
    if value is None:
        raise ValueError(f"task {name!r}: {key} is missing; known: {', '.join(sorted(known))}")
    if value not in known:
        raise ValueError(f"task {name!r}: unknown {key} {value!r}{nearest_name_hint(str(value), known)}")
    return value
