"""A user's own image tasks: one entry of a settings file each, no code."""

import json
import math
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Literal, cast, get_args

from taskonomy_kedro.core.tasks.dictionary import TASKS, published_name_to_task
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
_KEYS = ("folder", "kind", "channels", "classes", "length", "range", "bits", "mask", "loss", "family")
_MAPS: tuple[OwnKind, ...] = ("regression_map", "class_map")
_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]*")
_FOLDER = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]*")
_TAKEN = ("imagenet", "pixels", "self")  # sources that tables of transfers know beside the tasks
_GREATEST = {8: 255, 16: 65535}


def custom_task(name: str, entry: Mapping[str, Any]) -> Task:
    """Read one task of a user's own.

    Example of an entry, as it stands in a settings file:

        heat: {folder: heat, kind: regression_map, range: [0, 255], mask: valid_depth, loss: l2}

    Args:
        name: Name of the task.
        entry: `folder`, where the labels lie (default: the name); `kind`; `channels` (default 1) and
            `range`, the stored values that become -1 and 1, of a regression map; `classes` of a class
            map or a class; `length` of a vector; `bits` of a map's image files, 8 or 16 (default: what
            the range or the number of classes needs); `mask`, `loss`, `family` where not the default.
            The ids of a class map with mask `known_class` start at 1, and 0 is not learned.

    Raises:
        ValueError: An unknown key or name, a value missing or of another type; the message says
            which task and key, what was wanted, what came, and the nearest name.

    Example:
        >>> heat = custom_task("heat", {"kind": "regression_map", "range": [0, 255]})
        >>> heat.loss, heat.decoder, heat.domains
        ('l1', 'dense', ('heat',))
        >>> custom_task("heat", {"kind": "regresion_map"})
        Traceback (most recent call last):
        ValueError: task 'heat': unknown kind 'regresion_map'; did you mean 'regression_map'?
    """
    if not isinstance(entry, Mapping):
        raise ValueError(f"task {name!r}: wanted keys and values such as 'folder: {name}', got {entry!r}")
    for key in entry:
        if key not in _KEYS:
            raise ValueError(f"task {name!r}: unknown key {key!r}{nearest_name_hint(str(key), _KEYS)}")
    kind = cast(OwnKind, _choice(name, "kind", entry.get("kind"), get_args(OwnKind)))
    has_meaning = {_SIZE_KEY[kind]: True, "range": kind == "regression_map", "bits": kind in _MAPS}
    for key in (*_SIZE_KEY.values(), "range", "bits"):
        if key in entry and not has_meaning.get(key):
            raise ValueError(f"task {name!r}: {key!r} has no meaning for the kind {kind!r}")
    folder = entry.get("folder", name)
    if not isinstance(folder, str) or not _FOLDER.fullmatch(folder):
        raise ValueError(
            f"task {name!r}: folder must be the name of a folder, of letters, digits, _ and -, got {folder!r}"
        )
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
        ValueError: An entry is wrong, or its name is one of the 26, one of their published names, or
            no word of letters, digits and underscores.
    """
    tasks = dict(TASKS)
    taken = {*published_name_to_task(), *_TAKEN}
    for name, entry in (own or {}).items():
        if name in TASKS:
            raise ValueError(f"task {name!r} is already one of the 26; give your own another name")
        if name in taken:
            raise ValueError(f"task {name!r}: published tables use this name; give your own another one")
        if not isinstance(name, str) or not _NAME.fullmatch(name):
            raise ValueError(
                f"task {name!r}: a name must begin with a letter and have letters, digits and _ only"
            )
        tasks[name] = custom_task(name, entry)
    return tasks


class CustomTasks(Mapping[str, Mapping[str, Any]]):
    """A user's own entries by name: checked when made, never changed, equal where the entries are.

    Can be a key of a cache, as settings that hold it are. Iterating gives the entries as they were
    written, in their order.

    Raises:
        ValueError: As `task_dictionary`.
    """

    def __init__(self, entries: Mapping[str, Mapping[str, Any]] | None = None) -> None:
        self.tasks = {name: task for name, task in task_dictionary(entries).items() if task.is_custom}
        self._text = json.dumps({name: dict(entry) for name, entry in (entries or {}).items()})

    def __getitem__(self, name: str) -> Mapping[str, Any]:
        return self.to_json()[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self.tasks)

    def __len__(self) -> int:
        return len(self.tasks)

    def __hash__(self) -> int:
        return hash(json.dumps(self.to_json(), sort_keys=True))

    def to_json(self) -> dict[str, dict[str, Any]]:
        """Return the entries as `task_dictionary` takes them, lists and plain values only."""
        entries: dict[str, dict[str, Any]] = json.loads(self._text)
        return entries


def _own_label(name: str, kind: OwnKind, entry: Mapping[str, Any]) -> Label:
    key = _SIZE_KEY[kind]
    size = entry.get(key, 1 if key == "channels" else None)
    least = 2 if key == "classes" else 1
    if isinstance(size, bool) or not isinstance(size, int) or size < least:
        raise ValueError(f"task {name!r}: {key} must be a whole number of at least {least}, got {size!r}")
    if kind == "regression_map":
        stored_range = _range(name, entry)
        bits = _bits(name, entry, stored_range[1], f"the range {list(stored_range)}")
        if size > (3 if bits == 8 else 1):
            raise ValueError(
                f"task {name!r}: channels must be 1, or 2 or 3 in image files of 8 bits, "
                f"got {size} of {bits} bits"
            )
        return Label(
            kind=kind,
            size=size,
            value_map="linear",
            stored_range=stored_range,
            is_clipped=True,
            file_bits=bits,
        )
    if kind == "class_map":
        has_unknown = entry.get("mask", _MASKS[kind][0]) == "known_class"
        return Label(
            kind=kind, size=size, file_bits=_bits(name, entry, size - 1 + has_unknown, f"{size} classes")
        )
    return Label(kind=kind, size=size, value_map="standardised" if kind == "vector" else "none")


def _bits(name: str, entry: Mapping[str, Any], greatest: float, needed_for: str) -> Literal[8, 16]:
    """Return the bits of a map's files: as the entry says, or as the greatest number needs."""
    bits = entry.get("bits", 8 if greatest <= _GREATEST[8] else 16)
    if isinstance(bits, bool) or bits not in _GREATEST:
        raise ValueError(f"task {name!r}: bits must be 8 or 16, got {bits!r}")
    if greatest > _GREATEST[bits]:
        raise ValueError(
            f"task {name!r}: image files of {bits} bits hold numbers up to {_GREATEST[bits]}, "
            f"too few for {needed_for}"
        )
    return cast(Literal[8, 16], bits)


def _range(name: str, entry: Mapping[str, Any]) -> tuple[float, float]:
    ends = entry.get("range")
    if not isinstance(ends, list | tuple) or [type(end) in (int, float) for end in ends] != [True, True]:
        raise ValueError(
            f"task {name!r}: range must be the two stored values that become -1 and 1, "
            f"such as [0, 255], got {ends!r}"
        )
    if not ends[0] < ends[1] or not math.isfinite(ends[1] - ends[0]):
        raise ValueError(f"task {name!r}: range must rise from one number to a greater one, got {ends!r}")
    return float(ends[0]), float(ends[1])


def _choice(name: str, key: str, value: Any, known: Iterable[str]) -> Any:
    if value is None:
        raise ValueError(f"task {name!r}: {key} is missing; known: {', '.join(sorted(known))}")
    if value not in known:
        raise ValueError(f"task {name!r}: unknown {key} {value!r}{nearest_name_hint(str(value), known)}")
    return value
