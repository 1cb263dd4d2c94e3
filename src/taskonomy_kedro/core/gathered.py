"""Many products of a kind under one name, each opened when it is requested."""

from collections.abc import Callable, Hashable, Iterator
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

_T = TypeVar("_T")
_Made = TypeVar("_Made")


@dataclass(frozen=True, eq=False)
class Gathered(Generic[_T]):
    """All products of a kind, by task or target.

    Attributes:
        names: All tasks or targets.
        read: Opens one by name.

    Example:
        >>> gathered = Gathered(("normal",), read=str.upper)
        >>> gathered.of("normal")
        'NORMAL'
    """

    names: tuple[str, ...]
    read: Callable[[str], _T]
    _made: dict[Hashable, Any] = field(default_factory=dict, repr=False)

    def __iter__(self) -> Iterator[str]:
        return iter(self.names)

    def of(self, name: str) -> _T:
        """Open the product of one task or target."""
        return self.read(name)

    def once(self, key: Hashable, make: Callable[[], _Made]) -> _Made:
        """Return what is computed from the products, once for each key.

        Args:
            key: Everything else that it depends on.
            make: Computes it.
        """
        if key not in self._made:
            self._made[key] = make()
        made: _Made = self._made[key]
        return made
