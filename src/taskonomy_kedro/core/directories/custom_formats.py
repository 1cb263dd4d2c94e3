"""The label folders of custom tasks."""

from collections.abc import Iterable

from taskonomy_kedro.core.directories.formats import JSON_FOLDERS
from taskonomy_kedro.core.directories.splits import SPLITS
from taskonomy_kedro.core.errors import UserError
from taskonomy_kedro.core.labels.domains import STORED_DOMAINS, Domain
from taskonomy_kedro.core.labels.kinds import kind_of
from taskonomy_kedro.core.tasks import TASKS, Task


def custom_formats(tasks: Iterable[Task]) -> tuple[Domain, ...]:
    """Return the format of each folder that custom tasks read.

    Args:
        tasks: Custom tasks; two may read the same folder in the same way.

    Raises:
        UserError: A folder has a name that the data set, or the prepared images, already use; or two
            tasks read one folder in different ways.
    """
    formats: dict[str, Domain] = {}
    owners: dict[str, str] = {}
    taken = _taken_folders()
    for task in tasks:
        form = kind_of(task).domain(task)
        if form.name in taken or form.name.endswith("_rows"):
            whose = taken.get(form.name, "a list of pairs")
            raise UserError(
                f"task {task.name!r}: the folder name {form.name!r} is taken by {whose}; "
                "rename the folder and set `folder` to its name"
            )
        if formats.setdefault(form.name, form) != form:
            raise UserError(
                f"tasks {owners[form.name]!r} and {task.name!r} read the folder {form.name!r} in different "
                "ways; give each a folder of its own"
            )
        owners.setdefault(form.name, task.name)
    return tuple(formats.values())


def _taken_folders() -> dict[str, str]:
    """Return the names that a custom folder cannot have, and what uses them."""
    taken = dict.fromkeys((*SPLITS, "taskonomy"), "a level of the data set's folders")
    taken["present"] = "the table of existing labels"
    taken |= dict.fromkeys(TASKS, "a task of the data set")
    for name, folders in JSON_FOLDERS.items():
        taken |= dict.fromkeys(folders, f"the data set's {name}")
    for form in STORED_DOMAINS.values():
        taken |= dict.fromkeys(form.folders, f"the data set's {form.name}")
    return taken
