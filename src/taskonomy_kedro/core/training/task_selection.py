"""Which tasks get a network; free of torch, as every command asks."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from taskonomy_kedro.core.tasks import TASKS, Task, nearest_name_hint


def chosen_tasks(
    names: Any,
    dictionary: Mapping[str, Task] = TASKS,
    overrides: Any = None,
    step_factors: Any = None,
) -> dict[str, Task]:
    """Return the tasks that get a network, in the dictionary's order.

    Args:
        names: A list of names, or one string of them, such as the command line gives; None or empty for
            all. The random projection is always among them, as the sanity table needs it.
        dictionary: All tasks, a user's own included.
        overrides: Settings by task; only their names are looked at.
        step_factors: Numbers by task, or a text of them; only their names are looked at.

    Raises:
        ValueError: A name is not in the dictionary; the message gives the nearest. A factor is no number.
    """
    if not isinstance(names, str | Sequence | None):
        raise ValueError(f"task_modeling.tasks must be a list of names, got {names!r}")
    wanted = names.replace(",", " ").split() if isinstance(names, str) else list(names or ())
    check_tasks("task_modeling.tasks", wanted, dictionary)
    check_tasks("task_modeling.overrides", overrides or (), dictionary)
    check_tasks("task_modeling.step_factors", step_factors or (), dictionary)
    if not names:
        return dict(dictionary)
    return {name: task for name, task in dictionary.items() if name in wanted or name == "random_projection"}


def check_tasks(where: str, names: Iterable[str], dictionary: Mapping[str, Task]) -> None:
    """Refuse names that are not in the dictionary.

    Args:
        where: What names them, such as `task_modeling.overrides`.
        names: The names.
        dictionary: All tasks, a user's own included.

    Raises:
        ValueError: The message gives the nearest.
    """
    for name in names:
        if name not in dictionary:
            raise ValueError(f"{where}: unknown task {name!r}{nearest_name_hint(str(name), dictionary)}")
