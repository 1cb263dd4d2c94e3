"""All products of a kind under one name, so that one edge leads from step to step instead of dozens."""

from collections.abc import Mapping
from typing import Any

from kedro.io.core import AbstractDataset, DatasetError, Version
from kedro_datasets._typing import TablePreview

from taskonomy_kedro.core.gathered import Gathered
from taskonomy_kedro.core.tasks import nearest_name_hint
from taskonomy_kedro.recipes.session import session_recipes

_SHOWN = ("shape", "n_items", "loss", "seconds")


class GatheredDataset(AbstractDataset[Any, Gathered[Any]]):
    """Opens single products by the name of their task, when asked; saving stores nothing.

    A version that is asked for holds for the single products.

    Example:
        ```yaml
        image_losses:
          type: taskonomy_kedro.datasets.GatheredDataset
          members: "image_losses.{name}"
          versioned: true
        ```
    """

    def __init__(
        self,
        *,
        members: str,
        name: str = "",
        version: Version | None = None,
        metadata: dict[str, Any] | None = None,
    ) -> None:
        """Point to the products.

        Args:
            members: Names of their datasets; `{name}` stands for the task, `*` for a family.
            name: Name of this dataset.
            version: Load version.
            metadata: For other tools, such as kedro-viz.
        """
        if "{name}" not in members.split("."):
            raise DatasetError(f"members must have {{name}} between two dots, got {members!r}")
        self._members, self._name, self.metadata = members, name, metadata
        self._load_version = version.load if version is not None else None
        self._pinned: Mapping[str, AbstractDataset[Any, Any]] | None = None
        self._loaded: Gathered[Any] | None = None

    def load(self) -> Gathered[Any]:
        """Return the products, none of them opened yet; the same object until it is released."""
        if self._loaded is None:
            self._loaded = Gathered(tuple(self._datasets), self._open)
        return self._loaded

    def save(self, data: Any) -> None:
        """Store nothing: each product is saved by its own dataset."""
        self._loaded = None

    def preview(self, nrows: int = 40) -> TablePreview:
        """Return a row of facts for each product, as kedro-viz shows it."""
        rows = [{"name": name, **_row(dataset)} for name, dataset in list(self._datasets.items())[:nrows]]
        columns = list(dict.fromkeys(column for row in rows for column in row))
        data = [[row.get(column) for column in columns] for row in rows]
        return TablePreview({"index": list(range(len(rows))), "columns": columns, "data": data})

    @property
    def _datasets(self) -> Mapping[str, AbstractDataset[Any, Any]]:
        if self._pinned is None:
            recipes = session_recipes()
            version = self._load_version
            members = recipes.members(self._name).items()
            self._pinned = {task: recipes.dataset(name, version) for task, name in members}
        return self._pinned

    def _open(self, name: str) -> Any:
        if name not in self._datasets:
            known = nearest_name_hint(name, self._datasets)
            raise DatasetError(f"{self._name} has nothing of {name!r}{known}")
        dataset = self._datasets[name]
        dataset.release()  # another node may have saved a newer version
        return dataset.load()

    def _exists(self) -> bool:
        return bool(self._datasets) and all(dataset.exists() for dataset in self._datasets.values())

    def _release(self) -> None:
        self._loaded = None

    def __getstate__(self) -> dict[str, Any]:
        """Take the datasets along, and none of the open products."""
        return {**self.__dict__, "_pinned": self._datasets, "_loaded": None}

    def _describe(self) -> dict[str, Any]:
        return {"members": self._members}


def _row(dataset: Any) -> dict[str, Any]:
    """Return what a reader sees of a product, in plain numbers and words."""
    if not hasattr(dataset, "record"):
        return {"version": dataset.resolve_load_version()} if dataset.has_version() else {}
    if not dataset.exists():
        return {}
    record = dataset.record()
    shown = {key: _shown(record["outcome"][key]) for key in _SHOWN if key in record["outcome"]}
    return {**shown, "failure": record["failure"]} if record["failure"] else shown


def _shown(value: Any) -> Any:
    if isinstance(value, list | tuple):
        return " × ".join(map(str, value))
    return float(f"{value:.4g}") if isinstance(value, float) else value
