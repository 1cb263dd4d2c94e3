"""Says at the end of a run which products it reused and which it created, and why."""

import logging
from collections import Counter
from collections.abc import Iterator
from typing import Any

from kedro.framework.context import KedroContext
from kedro.framework.hooks import hook_impl
from kedro.io import DataCatalog
from kedro.pipeline import Pipeline

from taskonomy_kedro.datasets.product_dataset import ProductDataset
from taskonomy_kedro.recipes.session import begin_run, begin_session

logger = logging.getLogger(__name__)

_SHOWN = 3  # reasons of a kind
_KINDS = {
    "network": "networks", "average_guess": "average guesses", "random_readout": "random readouts",
    "losses": "losses", "representations": "representations", "examples": "examples", "prepared": "splits",
    "scratch": "scratch networks", "order": "readout stacks", "label_statistics": "label statistics",
    "sources": "checks of sources",
}  # fmt: skip


class ReuseHooks:
    """Tells recipes which project and run they are of; prints the summary."""

    @hook_impl(tryfirst=True)
    def after_context_created(self, context: KedroContext) -> None:
        """Note where the project is."""
        begin_session(context.project_path)

    @hook_impl(tryfirst=True)
    def before_pipeline_run(self, run_params: dict[str, Any]) -> None:
        """Note which run creates products."""
        begin_run(run_params["run_id"], run_params.get("load_versions"))

    @hook_impl
    def after_pipeline_run(
        self, run_params: dict[str, Any], pipeline: Pipeline, catalog: DataCatalog
    ) -> None:
        """Log the products that were reused, and those that were created."""
        for line in summary(pipeline, catalog, run_params["run_id"]):
            logger.info("%s", line)


def summary(pipeline: Pipeline, catalog: DataCatalog, run: str) -> Iterator[str]:
    """Yield a line for what a run reused, and one for each kind of product that it created."""
    reused: Counter[str] = Counter()
    created: dict[str, list[str]] = {}
    for node in pipeline.nodes:
        for name in node.outputs:
            dataset = catalog.get(name)
            if not isinstance(dataset, ProductDataset):
                continue
            kind, record = _kind(name), dataset.record()
            if record["run"] == run:
                because, _, more = record["rebuilt_because"].partition("; ")
                reason = f" ({because}{'; …' if more else ''})" if because else ""
                created.setdefault(kind, []).append(f"{record['task']}{reason}")
            else:
                reused[kind] += 1
    if reused:
        yield f"reused: {', '.join(f'{count} {kind}' for kind, count in reused.items())}"
    for kind, names in created.items():
        more = f" and {len(names) - _SHOWN} more" if len(names) > _SHOWN else ""
        yield f"created: {len(names)} {kind}: {', '.join(names[:_SHOWN])}{more}"


def _kind(name: str) -> str:
    parts = name.split(".")
    last = parts[0] if parts[0] == "prepared" else parts[-1]
    return _KINDS.get("order" if last.startswith("order_") else last, last)
