"""Custom image tasks: an entry of a settings file each, no code."""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from taskonomy_kedro.core.errors import UserError
from taskonomy_kedro.core.labels.kinds import LABEL_KINDS
from taskonomy_kedro.core.tasks.dictionary import TASKS, published_name_to_task
from taskonomy_kedro.core.tasks.loss_entries import losses_of
from taskonomy_kedro.core.tasks.naming import nearest_name_hint
from taskonomy_kedro.core.tasks.task import FAMILIES, Task

_KINDS = {kind.name: kind for kind in LABEL_KINDS.values() if kind.custom}
_KEYS = ("folder", "kind", "channels", "classes", "length", "range", "bits", "mask", "loss", "family")
_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]*")
_FOLDER = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]*")
_TAKEN = ("imagenet", "pixels", "self")  # other sources in tables of transfers


def custom_task(name: str, entry: Mapping[str, Any]) -> Task:
    """Read one custom task.

    Example of an entry in a settings file:

        heat: {folder: heat, kind: regression_map, range: [0, 255], mask: valid_depth, loss: l2}

    Args:
        name: Name of the task.
        entry: `folder`, where the labels lie (default: the name); `kind`; `channels` (default 1) and
            `range`, the stored values that become -1 and 1, of a regression map; `classes` of a class
            map or a class; `length` of a vector; `bits` of a map's image files, 8 or 16 (default: what
            the range or the number of classes needs); `mask`, `loss`, `family` if not the default.
            The ids of a class map with mask `known_class` start at 1, and 0 is not learned.

    Raises:
        UserError: An unknown key or name, a value missing or of another type; the message says
            which task and key, what was expected, what came, and the nearest name.

    Example:
        >>> heat = custom_task("heat", {"kind": "regression_map", "range": [0, 255]})
        >>> heat.loss, heat.decoder, heat.domains
        ('l1', 'dense', ('heat',))
        >>> custom_task("heat", {"kind": "vectr"})
        Traceback (most recent call last):
        taskonomy_kedro.core.errors.UserError: task 'heat': unknown kind 'vectr'; did you mean 'vector'?
    """
    if not isinstance(entry, Mapping):
        raise UserError(f"task {name!r}: expected keys and values such as 'folder: {name}', got {entry!r}")
    for key in entry:
        if key not in _KEYS:
            raise UserError(f"task {name!r}: unknown key {key!r}{nearest_name_hint(str(key), _KEYS)}")
    kind = _KINDS[_choice(name, "kind", entry.get("kind"), _KINDS)]
    custom = kind.custom
    assert custom is not None
    for key in ("channels", "classes", "length", "range", "bits"):
        if key in entry and key not in (custom.size_key, *custom.more_keys):
            raise UserError(f"task {name!r}: {key!r} has no meaning for the kind {kind.name!r}")
    folder = entry.get("folder", name)
    if not isinstance(folder, str) or not _FOLDER.fullmatch(folder):
        raise UserError(
            f"task {name!r}: folder must be the name of a folder, of letters, digits, _ and -, got {folder!r}"
        )
    mask = _choice(name, "mask", entry.get("mask", custom.masks[0]), custom.masks)
    losses = losses_of(kind.name)
    return Task(
        name=name,
        family=_choice(name, "family", entry.get("family", "other"), FAMILIES),
        published_name="",
        domains=(folder,),
        label=kind.custom_label(name, _size(name, entry, custom.size_key), entry, mask),
        mask=mask,
        loss=_choice(name, "loss", entry.get("loss", losses[0]), losses),
        decoder=custom.decoder,
    )


def _size(name: str, entry: Mapping[str, Any], key: str) -> int:
    size = entry.get(key, 1 if key == "channels" else None)
    least = 2 if key == "classes" else 1
    if isinstance(size, bool) or not isinstance(size, int) or size < least:
        raise UserError(f"task {name!r}: {key} must be a whole number of at least {least}, got {size!r}")
    return size


def task_dictionary(custom: Mapping[str, Mapping[str, Any]] | None = None) -> dict[str, Task]:
    """Return the 26 tasks and the custom ones.

    Raises:
        UserError: An entry is wrong, or its name is one of the 26, one of their published names, or
            no word of letters, digits and underscores.
    """
    tasks = dict(TASKS)
    taken = {*published_name_to_task(), *_TAKEN}
    for name, entry in (custom or {}).items():
        if name in TASKS:
            raise UserError(f"task {name!r} is already one of the 26; give yours another name")
        if name in taken:
            raise UserError(f"task {name!r}: published tables use this name; give yours another one")
        if not isinstance(name, str) or not _NAME.fullmatch(name):
            raise UserError(
                f"task {name!r}: a name must begin with a letter and have letters, digits and _ only"
            )
        tasks[name] = custom_task(name, entry)
    return tasks


class CustomTasks(Mapping[str, Mapping[str, Any]]):
    """The entries of custom tasks by name: checked, immutable, equal if the entries are.

    Hashable, as settings are. Iterating gives the names in the order in which they were written.

    Raises:
        UserError: As `task_dictionary`.
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


def _choice(name: str, key: str, value: Any, known: Iterable[str]) -> Any:
    if value is None:
        raise UserError(f"task {name!r}: {key} is missing; known: {', '.join(sorted(known))}")
    if value not in known:
        raise UserError(f"task {name!r}: unknown {key} {value!r}{nearest_name_hint(str(value), known)}")
    return value
