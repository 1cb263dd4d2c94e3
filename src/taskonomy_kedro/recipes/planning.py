"""Recipes of all datasets, computed from the pipelines and parameters before anything runs."""

import inspect
import json
import logging
from collections.abc import Iterable, Iterator, Mapping
from fnmatch import fnmatchcase
from functools import cache
from importlib.metadata import version
from pathlib import Path
from threading import RLock
from typing import Any, get_type_hints

from kedro.io import AbstractDataset, CatalogConfigResolver
from kedro.pipeline import Node
from kedro.validation.model_factory import instantiate_model

from taskonomy_kedro.core.hashing import text_hash
from taskonomy_kedro.recipes.declaring import bound_arguments, declaration_of, plain_function
from taskonomy_kedro.recipes.recipe_parts import UNKNOWN, Plan, Recipe, plain

logger = logging.getLogger(__name__)

_PARAMS = "params:"
_IN_MEMORY = ("PassedDataset", "MemoryDataset")


class Recipes:
    """The recipes of the datasets of one session."""

    def __init__(
        self,
        nodes: Iterable[Node],
        parameters: Mapping[str, Any],
        catalog: CatalogConfigResolver,
        project_path: Path,
    ) -> None:
        """Take what recipes are computed from; nothing is computed until somebody asks.

        Args:
            nodes: Of all registered pipelines.
            parameters: Of the session.
            catalog: Entries by name, patterns included.
            project_path: A relative path of an entry is relative to it.
        """
        self._node_of = {output: node for node in nodes for output in node.outputs}
        self._parameters, self._catalog, self._project = parameters, catalog, project_path
        self.load_versions: Mapping[str, str] = {}
        self._asked: dict[str, Recipe] = {}
        self._parts: dict[str, dict[str, Any]] = {}
        self._typed_settings: dict[tuple[str, Any], Any] = {}
        self._entries: dict[str, dict[str, Any]] = {}
        self._datasets: dict[str, AbstractDataset[Any, Any]] = {}
        self._lock = RLock()

    def asked(self, name: str) -> Recipe | None:
        """Return the recipe that the parameters ask for; None where no node creates the dataset."""
        node = self._node_of.get(name)
        if node is None:
            return None
        with self._lock:
            if name not in self._asked:
                self._asked[name] = self._compute(name, node)
            return self._asked[name]

    def plan(self, name: str) -> Plan | None:
        """Return the plan by which a versioned file is made; None where no node creates it."""
        node = self._node_of.get(name)
        if node is None:
            return None
        with self._lock:
            inputs = {source: self._planned(source) for source in self._sources(node)}
            return Plan(self._parts_of(node), inputs)

    def members(self, gathered: str) -> dict[str, str]:
        """Return the datasets of a gathered one, by the name of the task or target each is of."""
        pattern = self.entry(gathered)["members"]
        place = pattern.split(".").index("{name}")
        found = [name for name in self._node_of if fnmatchcase(name, pattern.replace("{name}", "*"))]
        return {name.split(".")[place]: name for name in found}

    def dataset(self, name: str, load_version: str | None = None) -> AbstractDataset[Any, Any]:
        """Return a dataset as the catalog describes it."""
        load_version = load_version or self._load_version(name)
        key = f"{name}@{load_version}"
        if key not in self._datasets:
            self._datasets[key] = AbstractDataset.from_config(name, self.entry(name), load_version)
        return self._datasets[key]

    def entry(self, name: str) -> dict[str, Any]:
        """Return the entry of a dataset in the catalog, with an absolute path; empty if there is none."""
        if name not in self._entries:
            entry = dict(self._catalog.resolve_pattern(name) or {})
            if "filepath" in entry and "://" not in entry["filepath"]:
                entry["filepath"] = (self._project / entry["filepath"]).as_posix()
            self._entries[name] = entry
        return self._entries[name]

    def _load_version(self, name: str) -> str | None:
        """Return the version that the run was told to load, of the dataset or of what gathers it."""
        for asked, found in self.load_versions.items():
            if name == asked or ("members" in self.entry(asked) and name in self.members(asked).values()):
                return found
        return None

    def products(self) -> Iterator[str]:
        """Yield the names of all datasets that are folders found by their recipe."""
        yield from (name for name in self._node_of if _is_product(self.entry(name)))

    def files(self) -> Iterator[str]:
        """Yield the names of all versioned files that nodes create."""
        yield from (name for name in self._node_of if _is_file(self.entry(name)))

    def _compute(self, name: str, node: Node) -> Recipe:
        hashes, addresses = {}, {}
        for source in self._sources(node):
            asked = None if self._is_external(source) else self.asked(source)
            hashes[source] = asked.hash if asked is not None else self._given(source)
            if asked is not None and _is_product(self.entry(source)):
                addresses[source] = self.entry(source)["filepath"]
        recipe = Recipe(parts=self._parts_of(node), inputs=hashes, addresses=addresses)
        return self._stand_in(name, recipe) if UNKNOWN in recipe.parts["settings"].values() else recipe

    def _planned(self, source: str) -> Any:
        entry = self.entry(source)
        if self._is_external(source):
            return self._given(source)
        if _is_file(entry):
            return self.dataset(source)
        asked = self.asked(source) if _is_product(entry) else None
        return asked.hash if asked is not None else self.plan(source) or self._given(source)

    def _sources(self, node: Node) -> Iterator[str]:
        """Yield the inputs of a node; of a gathered one the members that the function opens."""
        bound, declared = bound_arguments(node.func), declaration_of(node.func)
        picks, arguments = declared.picks, _arguments(node)
        for name in node.inputs:
            if name.startswith(_PARAMS) or name == "parameters" or arguments.get(name) in declared.ignores:
                continue
            if "members" not in self.entry(name):
                yield name
                continue
            members = self.members(name)
            chosen = bound[picks[name]] if name in picks else tuple(members)
            chosen = chosen if isinstance(chosen, tuple) else (getattr(chosen, "name", chosen),)
            yield from (members[one] for one in chosen if one in members)

    def _is_external(self, name: str) -> bool:
        """Return whether a dataset is read from files that no run creates, such as published tables."""
        entry = self.entry(name)
        return bool(entry) and "name" not in entry and not entry["type"].endswith(_IN_MEMORY)

    def _given(self, name: str) -> str:
        entry = {key: value for key, value in self.entry(name).items() if key != "metadata"}
        return text_hash(json.dumps(plain(entry), sort_keys=True))

    def _parts_of(self, node: Node) -> dict[str, Any]:
        if node.name not in self._parts:
            function, declared = plain_function(node.func), declaration_of(node.func)
            bound = bound_arguments(node.func)
            given = self._settings(node)
            read = given if declared.reads is None else declared.reads(**given, **bound)
            self._parts[node.name] = {
                "function": f"{function.__module__}.{function.__qualname__}",
                "version": declared.version,
                "libraries": {name: _version(name) for name in declared.libraries},
                "settings": plain(read),
                "arguments": plain(bound),
            }
        return self._parts[node.name]

    def _settings(self, node: Node) -> dict[str, Any]:
        """Return the parameters that a node reads, by argument, as the types that its function declares."""
        function = plain_function(node.func)
        taken = {argument: name for name, argument in _arguments(node).items() if name.startswith(_PARAMS)}
        hints = _hints(function) if taken else {}
        return {argument: self._typed(name, hints.get(argument)) for argument, name in taken.items()}

    def _typed(self, name: str, kind: Any) -> Any:
        """Return a parameter as the type that a function declares for it."""
        if (name, kind) not in self._typed_settings:
            value: Any = self._parameters
            for key in name.removeprefix(_PARAMS).split("."):
                value = value.get(key) or {}
            is_typed = isinstance(kind, type)
            self._typed_settings[name, kind] = instantiate_model(name, value, kind) if is_typed else value
        return self._typed_settings[name, kind]

    def _stand_in(self, name: str, recipe: Recipe) -> Recipe:
        """Return the recipe of the newest product that differs only in what is unknown."""
        known = {key: value for key, value in recipe.parts["settings"].items() if value != UNKNOWN}
        records = self.dataset(name).records()  # type: ignore[attr-defined]
        for record in sorted(records, key=lambda record: record["created"], reverse=True):
            found = record["recipe"]
            if all(found["settings"].get(key) == value for key, value in known.items()):
                logger.warning("%s: its files are gone; the product of %s is used", name, record["created"])
                parts = {key: found[key] for key in recipe.parts}
                return Recipe(parts=parts, inputs=found["inputs"])
        return recipe


def _is_product(entry: Mapping[str, Any]) -> bool:
    return "name" in entry and "filepath" in entry and not entry.get("versioned")


def _is_file(entry: Mapping[str, Any]) -> bool:
    return "name" in entry and "filepath" in entry and bool(entry.get("versioned"))


def _arguments(node: Node) -> dict[str, str]:
    """Return the arguments of a node's function by the inputs that they take."""
    parameters = inspect.signature(plain_function(node.func)).parameters
    return dict(zip(node.inputs, parameters, strict=False))


@cache
def _version(library: str) -> str:
    return version(library)


@cache
def _hints(function: Any) -> dict[str, Any]:
    return get_type_hints(function)
