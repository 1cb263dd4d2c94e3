"""Words of messages: what was probably meant, and how many."""

import difflib
from collections.abc import Iterable


def counted(number: int, noun: str) -> str:
    """Return a number of things as one says it: `1 building`, `2 buildings`."""
    return f"{number} {noun}{'' if number == 1 else 's'}"


def nearest_name_hint(name: str, known: Iterable[str], *, list_all: bool = True) -> str:
    """Return the end of an error sentence that names the nearest known name.

    Args:
        name: What the user wrote.
        known: The names that would have been accepted.
        list_all: Whether to list them all where none is close.

    Returns:
        `"; did you mean 'normal'?"` where a known name is close, otherwise `"; known: a, b, c"`, or
        nothing without `list_all`.

    Example:
        >>> nearest_name_hint("normals", ["normal", "reshading"])
        "; did you mean 'normal'?"
    """
    names = sorted(set(known))
    near = difflib.get_close_matches(name, names, n=1)
    if near:
        return f"; did you mean {near[0]!r}?"
    return f"; known: {', '.join(names)}" if list_all else ""
