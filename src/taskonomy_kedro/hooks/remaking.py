"""What `--only-missing-outputs` must not take for finished: all that the five steps make."""

import logging
import os
from typing import Any

from kedro.framework.hooks import hook_impl
from kedro.io import AbstractDataset, AbstractVersionedDataset, DataCatalog
from kedro.pipeline import Pipeline

from taskonomy_kedro.hooks.step_metrics import STEPS

logger = logging.getLogger(__name__)

_NAMED = 3


class RemakingHooks:
    """Lets all nodes of the five steps run, also with `--only-missing-outputs`.

    Kedro asks only whether a file of any age exists. Splits, networks and readouts have records, at which
    their nodes look before they work. Tables and figures have none: those that the repository ships, or
    those of other parameters, would stand for the ones that are asked for; all of them take seconds. Other
    pipelines, such as export_rooms, keep Kedro's rule.
    """

    def __init__(self) -> None:
        self._called_missing: list[AbstractDataset[Any, Any]] = []

    @hook_impl(trylast=True)  # what other hooks ask of outputs here, they ask of the datasets themselves
    def before_pipeline_run(
        self, run_params: dict[str, Any], pipeline: Pipeline, catalog: DataCatalog
    ) -> None:
        """Say of each product of the five steps that it is missing, until the runner has asked."""
        self._restore()
        if not run_params.get("only_missing_outputs"):
            return
        made = {name for node in pipeline.nodes if node.tags & set(STEPS) for name in node.outputs}
        remade = []
        for name in sorted(made):
            dataset = catalog.get(name)
            if dataset is None:
                continue
            if isinstance(dataset, AbstractVersionedDataset) and dataset.exists():
                remade.append(name)
                dataset.release()  # it remembers the version that it saw, and other processes save newer ones
            dataset.exists = _Missing(dataset)  # type: ignore[method-assign]
            self._called_missing.append(dataset)
        if remade:
            more = f" and {len(remade) - _NAMED} more" if len(remade) > _NAMED else ""
            logger.info(
                "made anew, as no record says what they came from: %s%s", ", ".join(remade[:_NAMED]), more
            )

    @hook_impl
    def before_node_run(self) -> None:
        """Ask the datasets themselves again: the runner has chosen its nodes."""
        self._restore()

    @hook_impl(tryfirst=True)
    def after_pipeline_run(self) -> None:
        """Ask the datasets themselves again, where the nodes ran in other processes."""
        self._restore()

    @hook_impl(tryfirst=True)
    def on_pipeline_error(self) -> None:
        """Ask the datasets themselves again: what is told of a broken run is told of what exists."""
        self._restore()

    def _restore(self) -> None:
        # nodes begin in several threads: each takes a list of its own, and a dataset may be restored twice
        called, self._called_missing = self._called_missing, []
        for dataset in called:
            dataset.__dict__.pop("exists", None)


class _Missing:
    """Stands in for a dataset's `exists` in the process of the run; in another one it asks the dataset."""

    def __init__(self, dataset: AbstractDataset[Any, Any]) -> None:
        self._dataset, self._process = dataset, os.getpid()

    def __call__(self) -> bool:
        return os.getpid() != self._process and type(self._dataset).exists(self._dataset)
