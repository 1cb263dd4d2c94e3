"""Many products of a kind under one name, each opened when it is asked for."""

from collections.abc import Callable, Hashable, Iterator
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

_T = TypeVar("_T")
_Made = TypeVar("_Made")


@dataclass(frozen=True, eq=False)
class Gathered(Generic[_T]):
    """All products of a kind, by the name of the task or target that each is of.

    Attributes:
        names: What there was when they were gathered; one that was made since can be asked for too.
        read: Opens one, by name; says itself what is missing.

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
        """Return what is made of the products, made the first time that this key is asked for.

        Args:
            key: All that it depends on besides the products.
            make: Makes it.
        """
        if key not in self._made:
            self._made[key] = make()
        made: _Made = self._made[key]
        return made
