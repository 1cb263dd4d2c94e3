"""All products of a kind under one name, so that one edge leads from step to step instead of dozens."""

import json
from collections.abc import Iterable
from typing import Any

from kedro.io.core import AbstractDataset, DatasetError, Version, get_filepath_str
from kedro_datasets._typing import TablePreview

from taskonomy_kedro.core.candidates import ImageLosses
from taskonomy_kedro.core.gathered import Gathered
from taskonomy_kedro.core.training.products import Product
from taskonomy_kedro.datasets.atomic import atomic_write
from taskonomy_kedro.datasets.versioned_file import VersionedFileDataset

_TOLD = ("shape", "n_items", "loss", "seconds")


class GatheredDataset(VersionedFileDataset[Iterable[str], Gathered[Any]]):
    """A small file that names what there is; loading opens the single products one by one, when asked.

    What is asked for need not be in the file: a product that was made alone since (`--tags`,
    `--namespaces`) counts as well. A version that is asked for holds for the single products too.

    Example:
        ```yaml
        image_losses:
          type: taskonomy_kedro.datasets.GatheredDataset
          filepath: data/07_model_output/image_losses.json
          versioned: true
          members:
            type: taskonomy_kedro.datasets.ImageLossesDataset
            filepath: data/07_model_output/image_losses/{name}.npz
            versioned: true
        ```
    """

    def __init__(
        self,
        *,
        filepath: str,
        members: dict[str, Any],
        version: Version | None = None,
        credentials: dict[str, Any] | None = None,
        metadata: dict[str, Any] | None = None,
    ) -> None:
        """Point to the file and to the products.

        Args:
            filepath: The file of names, any fsspec address.
            members: Catalog entry of the single products; `{name}` in its filepath stands for the name.
            version: Load and save version.
            credentials: Credentials of the file system, of the products too.
            metadata: For other tools, such as kedro-viz; kept as it is.

        Raises:
            DatasetError: The filepath of the products has no `{name}`.
        """
        super().__init__(filepath=filepath, version=version, credentials=credentials, metadata=metadata)
        if "{name}" not in str(members.get("filepath")):
            raise DatasetError(
                f"{filepath}: the filepath of members must have {{name}} in it, where the name of each goes; "
                f"got {members.get('filepath')!r}"
            )
        self._members = {**members, **({"credentials": credentials} if credentials else {})}
        self._kept: Gathered[Any] | None = None

    def load(self) -> Gathered[Any]:
        """Return the products, none of them opened yet; the same object until something else is saved."""
        if self._kept is None:
            self._kept = Gathered(self._names(), self._open)
        return self._kept

    def save(self, data: Iterable[str]) -> None:
        """Write the names; the products are there already, each saved by its own dataset."""
        path = get_filepath_str(self._get_save_path(), self._protocol)
        with atomic_write(self._fs, path) as file:
            file.write(json.dumps({"names": list(data)}, indent=1).encode())
        self._kept = None

    def preview(self, nrows: int = 40) -> TablePreview:
        """Return a row for each product, as kedro-viz shows it."""
        rows = [{"name": name, **_facts(self._open(name))} for name in self._names()[:nrows]]
        columns = list(dict.fromkeys(column for row in rows for column in row))
        return TablePreview(
            {
                "index": list(range(len(rows))),
                "columns": columns,
                "data": [[row.get(column) for column in columns] for row in rows],
            }
        )

    def _names(self) -> tuple[str, ...]:
        is_any = self._version is None or self._version.load is None
        if is_any and not self.exists():
            return ()  # products from before they were gathered, or each made alone
        path = get_filepath_str(self._get_load_path(), self._protocol)
        with self._fs.open(path, "rb") as file:
            return tuple(json.load(file)["names"])

    def _open(self, name: str) -> Any:
        config = {**self._members, "filepath": str(self._members["filepath"]).format(name=name)}
        wanted = self._version.load if self._version is not None and config.get("versioned") else None
        return AbstractDataset.from_config(f"member {name!r}", config, load_version=wanted).load()

    def _release(self) -> None:
        super()._release()
        self._kept = None

    def __getstate__(self) -> dict[str, Any]:
        return {**self.__dict__, "_kept": None}  # another process opens the products itself


def _facts(product: Any) -> dict[str, Any]:
    """Return what a reader sees of a product, in plain numbers and words."""
    if isinstance(product, ImageLosses):
        return {"transfers": len(product.transfer_ids), "images": len(product.image_ids)}
    if not isinstance(product, Product):
        return {}
    told = {key: product.outcome[key] for key in _TOLD if key in product.outcome}
    shown = {key: _shown(value) for key, value in told.items()}
    return {**shown, "failure": product.failure} if product.failure else shown


def _shown(value: Any) -> Any:
    if isinstance(value, list | tuple):
        return " × ".join(map(str, value))
    return float(f"{value:.4g}") if isinstance(value, float) else value
