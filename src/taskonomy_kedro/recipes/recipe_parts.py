"""A recipe: everything that a product is made of, as plain values, and their hash."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, is_dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, Protocol

from taskonomy_kedro.core.hashing import text_hash

_SHOWN = 5  # changes; a copied directory would list every folder

UNKNOWN = "?"
"""A setting that cannot be determined, such as the stamps of files that are gone."""


@dataclass(frozen=True, kw_only=True)
class Recipe:
    """What a product is made of.

    Attributes:
        parts: Function, version, libraries, settings and bound arguments, as plain JSON.
        inputs: Hash of the recipe of each input, by name of the dataset.
        addresses: Folder of each input that is a product; not part of the hash.
    """

    parts: Mapping[str, Any]
    inputs: Mapping[str, str]
    addresses: Mapping[str, str] = field(default_factory=dict)

    @cached_property
    def hash(self) -> str:
        """16 hexadecimal digits."""
        text = json.dumps([self.parts, self.inputs], sort_keys=True)
        return text_hash(text)

    def to_json(self) -> dict[str, Any]:
        """Return the recipe as a record shows it."""
        return {"hash": self.hash, **self.parts, "inputs": dict(self.inputs)}


class RecipeSource(Protocol):
    """A versioned file that knows which recipe its newest version was made by."""

    def used_recipe(self) -> tuple[str, Mapping[str, str]]:
        """Return the hash of the recipe, and hashes of the products behind it by name."""


@dataclass(frozen=True)
class Plan:
    """A recipe whose file inputs are looked up when it is resolved, as Kedro loads their newest version.

    Attributes:
        parts: As of a recipe.
        inputs: By name: a hash, the plan of something in memory, or a versioned file.
    """

    parts: Mapping[str, Any]
    inputs: "Mapping[str, str | Plan | RecipeSource]"

    def resolve(self) -> tuple[Recipe, dict[str, str]]:
        """Return the recipe by which an output is made now, and the products that it comes from."""
        hashes, products = {}, {}
        for name, source in self.inputs.items():
            if isinstance(source, str):
                hashes[name] = products[name] = source
            elif isinstance(source, Plan):
                recipe, behind = source.resolve()
                hashes[name] = recipe.hash
                products.update(behind)
            else:
                hashes[name], more = source.used_recipe()
                products.update(more)
        return Recipe(parts=self.parts, inputs=hashes), products


def plain(value: Any) -> Any:
    """Return settings, tasks and other values as plain JSON."""
    if hasattr(value, "model_dump"):
        return plain(value.model_dump())
    if is_dataclass(value) and not isinstance(value, type):
        return plain(asdict(value))
    if isinstance(value, Mapping):
        return {str(key): plain(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [plain(inner) for inner in value]
    return value.as_posix() if isinstance(value, Path) else value


def changes(asked: Mapping[str, Any], found: Mapping[str, Any]) -> list[str]:
    """List what differs between two recipes as records show them, such as `training.steps was 4, is 5`."""
    phrases = []
    for phrase in _differences(asked, found):
        if phrase.startswith("inputs."):
            phrase = f"{phrase.removeprefix('inputs.').partition(' ')[0]} is another one"
        phrases.append(phrase.removeprefix("settings."))
    return [phrase for phrase in phrases if not phrase.startswith("hash was")]


def joined(phrases: Sequence[str]) -> str:
    """Join changes into one sentence; of many only the first few."""
    more = f"; and {len(phrases) - _SHOWN} more" if len(phrases) > _SHOWN else ""
    return "; ".join(phrases[:_SHOWN]) + more


def _differences(asked: Mapping[str, Any], found: Mapping[str, Any], at: str = "") -> list[str]:
    phrases = []
    for key in sorted({*asked, *found}):
        old, new = found.get(key), asked.get(key)
        if isinstance(old, Mapping) and isinstance(new, Mapping):
            phrases += _differences(new, old, f"{at}{key}.")
        elif key not in found:
            phrases.append(f"{at}{key} is new")
        elif key not in asked:
            phrases.append(f"{at}{key} is gone")
        elif old != new:
            phrases.append(f"{at}{key} was {old}, is {new}")
    return phrases
