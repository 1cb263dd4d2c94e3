"""What a task is, and the dictionary of the 26 tasks."""

from taskonomy_kedro.core.tasks.dictionary import TASKS, family_of, published_name_to_task
from taskonomy_kedro.core.tasks.naming import nearest_name_hint
from taskonomy_kedro.core.tasks.task import FAMILIES, Family, Label, Reads, Task

__all__ = [
    "FAMILIES",
    "TASKS",
    "Family",
    "Label",
    "Reads",
    "Task",
    "family_of",
    "nearest_name_hint",
    "published_name_to_task",
]
