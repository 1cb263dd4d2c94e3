"""Which tasks get a network; free of torch, as every command asks."""

from collections.abc import Iterable, Mapping
from typing import Any

from taskonomy_kedro.core.base_settings import as_words
from taskonomy_kedro.core.errors import UserError
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
        overrides: Settings by task; only the names are checked.
        step_factors: Numbers by task; only the names are checked.

    Raises:
        UserError: A name is not in the dictionary; the message gives the nearest.
    """
    wanted = as_words(names)
    if not isinstance(wanted, tuple):
        raise UserError(f"task_modeling.tasks must be a list of names, got {names!r}")
    check_tasks("task_modeling.tasks", wanted, dictionary)
    for where, by_task in (("overrides", overrides), ("step_factors", step_factors)):
        if isinstance(by_task, Mapping):
            check_tasks(f"task_modeling.{where}", by_task, dictionary)
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
        UserError: The message gives the nearest.
    """
    for name in names:
        if name not in dictionary:
            raise UserError(f"{where}: unknown task {name!r}{nearest_name_hint(str(name), dictionary)}")
