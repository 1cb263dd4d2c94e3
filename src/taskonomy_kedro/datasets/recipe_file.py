"""What every versioned file of the project shares: written whole, with a note of its recipe."""

import json
from collections.abc import Mapping
from pathlib import PurePosixPath
from typing import IO, Any

from kedro.io.core import VersionNotFoundError, get_filepath_str

from taskonomy_kedro.datasets.atomic import atomic_write
from taskonomy_kedro.recipes.recipe_parts import Plan
from taskonomy_kedro.recipes.reuse import REUSED
from taskonomy_kedro.recipes.session import session_recipes

SIDECAR = "recipe.json"


class RecipeFileMixin:
    """Saves a versioned file atomically, with `recipe.json` beside it; stands before a dataset class.

    `exists` is true where the newest version was made by the recipe that the parameters ask for. `load`
    takes the newest version, as Kedro does.
    """

    # of Kedro's classes
    _fs: Any
    _protocol: str
    _version: Any
    _get_load_path: Any
    _get_save_path: Any
    _clear_version_cache: Any
    resolve_load_version: Any

    def __init__(self, *, name: str = "", **arguments: Any) -> None:
        """Take the name by which the recipe is found, and the arguments of the dataset class."""
        super().__init__(**arguments)
        self._name = name
        self._pinned: tuple[str, Plan | None] | None = None

    def __init_subclass__(cls, **arguments: Any) -> None:
        """Let `save` ignore the marker of a reused file, before Kedro looks for a new version."""
        super().__init_subclass__(**arguments)
        whole = cls.save

        def save(self: Any, data: Any) -> None:
            if data is not REUSED:
                whole(self, data)

        save.__wrapped__ = whole  # type: ignore[attr-defined]
        save.__savewrapped__ = True  # type: ignore[attr-defined]
        cls.save = save  # type: ignore[method-assign]

    def save(self, data: Any) -> None:
        """Write the file; on failure what was there stays."""
        path = get_filepath_str(self._get_save_path(), self._protocol)
        if self._plan is not None:
            recipe, products = self._plan.resolve()
            note = {**recipe.to_json(), "products": products}
            with atomic_write(self._fs, self._sidecar(path)) as file:
                file.write(json.dumps(note, indent=1).encode())
        with atomic_write(self._fs, path) as file:
            self._write(file, data)
        self._invalidate_cache()

    def used_recipe(self) -> tuple[str, Mapping[str, str]]:
        """Return the recipe of the version that is loaded, and the products it comes from."""
        self._clear_version_cache()
        try:
            path = get_filepath_str(self._get_load_path(), self._protocol)
            note = json.loads(self._fs.cat_file(self._sidecar(path)))
            return str(note["hash"]), note["products"]
        except VersionNotFoundError:
            return "missing", {}
        except (OSError, ValueError, KeyError):
            return f"version {self.resolve_load_version()}", {}

    def has_version(self) -> bool:
        """Return whether there is a version to load, whatever its recipe."""
        try:
            return bool(super()._exists())  # type: ignore[misc]
        except VersionNotFoundError:
            return False

    def _write(self, file: IO[bytes], data: Any) -> None:
        """Write the content to an open file."""
        raise NotImplementedError

    def exists(self) -> bool:
        """Return whether the newest version is of the recipe that the parameters ask for."""
        asked = self._asked  # first, as Kedro puts words of its own round a refusal in what follows
        return self.has_version() and (not asked or self.used_recipe()[0] == asked)

    def pin(self) -> None:
        """Remember the recipe, for another process that knows nothing of the session."""
        self._pinned = (self._asked, self._plan)

    @property
    def _asked(self) -> str:
        if self._pinned is not None:
            return self._pinned[0]
        recipe = session_recipes().asked(self._name) if self._name else None
        return "" if recipe is None else recipe.hash

    @property
    def _plan(self) -> Plan | None:
        if self._pinned is not None:
            return self._pinned[1]
        return session_recipes().plan(self._name) if self._name else None

    def _sidecar(self, path: str) -> str:
        folder = PurePosixPath(path).parent
        return str(folder / (SIDECAR if self._version else f".{PurePosixPath(path).name}.{SIDECAR}"))

    def _invalidate_cache(self) -> None:
        """Forget what the file system has listed."""
        self._fs.invalidate_cache()

    def __getstate__(self) -> dict[str, Any]:
        """Take the recipe along: another process may know nothing of the session."""
        return {**self.__dict__, "_pinned": self._pinned or ("", self._plan)}
