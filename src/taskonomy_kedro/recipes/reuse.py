"""Nodes whose product exists return a marker instead of computing it again."""

import inspect
import logging
from collections.abc import Callable
from enum import Enum
from functools import update_wrapper
from typing import Any

from kedro.io import AbstractDataset
from kedro.pipeline import Node, Pipeline

from taskonomy_kedro.recipes.declaring import declaration_of, plain_function
from taskonomy_kedro.recipes.session import session_recipes

logger = logging.getLogger(__name__)


class Reused(Enum):
    """What a node returns where its product exists; a dataset ignores it."""

    REUSED = "reused"


REUSED = Reused.REUSED


class ReusingFunction:
    """A node function that is called only where its product does not exist.

    A function with a keyword `scratch` gets the folder for what it writes while it computes.
    """

    def __init__(
        self, function: Callable[..., Any], output: str, dataset: AbstractDataset[Any, Any] | None = None
    ) -> None:
        """Wrap a function.

        Args:
            function: Of a node with one output.
            output: Name of the output.
            dataset: Its dataset; None: as the catalog of the session describes it.
        """
        update_wrapper(self, function)
        self._function, self._output, self._dataset = function, output, dataset
        self._takes_scratch = "scratch" in inspect.signature(plain_function(function)).parameters

    def __call__(self, *inputs: Any) -> Any:
        """Return what the function returns, or `REUSED`."""
        dataset: Any = self._dataset or session_recipes().dataset(self._output)
        if dataset.exists():
            return REUSED
        if reason := getattr(dataset, "reason", lambda: "")():
            logger.info("%s is rebuilt: %s", self._output, reason)
        return self._function(*inputs, **({"scratch": dataset.scratch} if self._takes_scratch else {}))

    def __getstate__(self) -> dict[str, Any]:
        """Take the dataset along: another process may know nothing of the session."""
        dataset = self._dataset or session_recipes().dataset(self._output)
        if hasattr(dataset, "pin"):
            dataset.pin()
        return {**self.__dict__, "_dataset": dataset}


def reusing(pipeline: Pipeline, datasets: Callable[[str], Any] | None = None) -> Pipeline:
    """Return a pipeline whose nodes are skipped where their product exists, if their function declares it.

    Args:
        pipeline: Any.
        datasets: Returns the dataset of a name; None: as the catalog of the session describes it.
    """

    def wrapped(node: Node) -> Node:
        if not declaration_of(node.func).is_reused:
            return node
        output = node.outputs[0]
        dataset = None if datasets is None else datasets(output)
        return node._copy(func=ReusingFunction(node.func, output, dataset))

    return Pipeline([wrapped(node) for node in pipeline.nodes])
