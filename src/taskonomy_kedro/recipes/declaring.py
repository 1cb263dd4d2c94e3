"""What a node function declares about the products it creates."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any, TypeVar

_F = TypeVar("_F", bound=Callable[..., Any])


@dataclass(frozen=True, kw_only=True)
class Declaration:
    """What a node's output depends on, beside its inputs and the arguments bound to its function.

    Attributes:
        version: Raised by whoever changes what the function computes; all its products are then rebuilt.
        reads: Takes the function's `params:` inputs and bound arguments by name, returns the part of them
            that the output depends on, as plain values. None: all of it.
        libraries: Packages whose version counts.
        picks: Bound argument that names the members the function opens, by gathered input.
        ignores: Arguments that only say what runs first.
        is_reused: Whether `kedro run` skips the function where its output exists.
    """

    version: int = 1
    reads: Callable[..., Mapping[str, Any]] | None = None
    libraries: tuple[str, ...] = ()
    picks: Mapping[str, str] = field(default_factory=dict)
    ignores: tuple[str, ...] = ()
    is_reused: bool = False


def recipe(
    *,
    version: int = 1,
    reads: Callable[..., Mapping[str, Any]] | None = None,
    libraries: tuple[str, ...] = (),
    picks: Mapping[str, str] | None = None,
    ignores: tuple[str, ...] = (),
    is_reused: bool = False,
) -> Callable[[_F], _F]:
    """Declare the recipe of a node function; see `Declaration` for the arguments.

    Example:
        >>> @recipe(version=2, reads=lambda settings, *, task: {"seed": settings.seed}, libraries=("numpy",))
        ... def measure(settings, train, *, task): ...
        >>> declaration_of(measure).version
        2
    """

    def declare(function: _F) -> _F:
        function.__dict__["recipe"] = Declaration(
            version=version,
            reads=reads,
            libraries=libraries,
            picks=picks or {},
            ignores=ignores,
            is_reused=is_reused,
        )
        return function

    return declare


def declaration_of(function: Callable[..., Any]) -> Declaration:
    """Return what a function or a partial of it declares, an empty declaration if nothing."""
    declared: Declaration = getattr(plain_function(function), "recipe", Declaration())
    return declared


def plain_function(function: Callable[..., Any]) -> Callable[..., Any]:
    """Return the function below its wrappers and partials."""
    while True:
        below = function.func if isinstance(function, partial) else getattr(function, "__wrapped__", None)
        if below is None:
            return function
        function = below


def bound_arguments(function: Callable[..., Any]) -> dict[str, Any]:
    """Return the keyword arguments that partials bind to a function."""
    bound: dict[str, Any] = {}
    while True:
        if isinstance(function, partial):
            bound = {**function.keywords, **bound}
            function = function.func
        elif (below := getattr(function, "__wrapped__", None)) is not None:
            function = below
        else:
            return bound
