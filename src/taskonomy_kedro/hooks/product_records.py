"""Records of what the task and transfer modelling create."""

from collections.abc import Iterator
from typing import Any, NamedTuple

from kedro.io import DataCatalog, DatasetError
from kedro.pipeline import Pipeline

from taskonomy_kedro.datasets.product_dataset import ProductDataset

Record = dict[str, Any]


class ProductName(NamedTuple):
    """The name of a product, such as `task_modeling.3d.normal.network`."""

    step: str
    family: str
    task: str
    part: str

    @property
    def is_transfer(self) -> bool:
        """Whether the product is readouts or the scratch network of a target."""
        return self.part == "scratch" or self.part.startswith("order_")


def product_name(dataset_name: str) -> ProductName | None:
    """Return the parts of a dataset's name, None where it is no product of a task or target."""
    parts = dataset_name.split(".")
    is_product = len(parts) == 4 and parts[0] in ("task_modeling", "transfer_modeling")
    return ProductName(*parts) if is_product else None


def record_of(catalog: DataCatalog, dataset_name: str) -> Record | None:
    """Return the record of a product, None where there is none yet or the dataset is no product."""
    dataset = catalog.get(dataset_name)
    try:
        return dataset.record() if isinstance(dataset, ProductDataset) else None
    except DatasetError:
        return None


def product_records(pipeline: Pipeline, catalog: DataCatalog) -> Iterator[tuple[ProductName, Record]]:
    """Yield name and record of the products of a pipeline, in the order of its nodes."""
    for node in pipeline.nodes:
        for output in node.outputs:
            name = product_name(output)
            if name is not None and (record := record_of(catalog, output)) is not None:
                yield name, record


def failures_of(records: list[tuple[ProductName, Record]]) -> dict[str, str]:
    """Return why networks are missing, by name; the losses of a missing network are not listed again."""
    found: dict[str, str] = {}
    for part, named in (("network", "{}"), ("random_readout", "random readout of {}"), ("losses", "{}")):
        for name, record in records:
            is_known = part == "losses" and any(known.split()[-1] == name.task for known in found)
            is_failure = record["failure"] and not record["is_expected"]
            if name.part == part and is_failure and not is_known:
                found[named.format(name.task)] = record["failure"]
    return found
