"""What a task is, and the dictionary of the 26 tasks."""

from taskonomy_kedro.core.tasks.dictionary import (
    FAMILIES,
    TASKS,
    Family,
    Task,
    family_of,
    published_name_to_task,
)
from taskonomy_kedro.core.tasks.naming import nearest_name_hint

__all__ = [
    "FAMILIES",
    "TASKS",
    "Family",
    "Task",
    "family_of",
    "nearest_name_hint",
    "published_name_to_task",
]
