"""The normalization pipeline: one node a target, one that gathers."""

from collections.abc import Iterable, Sequence
from functools import partial, update_wrapper

from kedro.pipeline import Node, Pipeline

from taskonomy_kedro.core.tasks import TASKS
from taskonomy_kedro.pipelines.normalization.nodes import gather_scores, score_target

_NAME = "normalization"
DEFAULT_TARGETS = tuple(task.name for task in TASKS.values() if not task.is_source_only)


def create_pipeline(
    targets: Sequence[str] = DEFAULT_TARGETS, tasks: Iterable[str] = tuple(TASKS)
) -> Pipeline:
    """Return the pipeline over some targets.

    Args:
        targets: Their names.
        tasks: Names of all tasks and frozen encoders, which can be sources.
    """
    known = tuple(tasks)
    scoring = [
        Node(
            update_wrapper(partial(score_target, target=target, known=known), score_target),
            inputs=["image_losses", "params:normalization"],
            outputs=f"scores.{target}",
            name=f"score.{target}",
            namespace=_NAME,
            tags=[target],
        )
        for target in targets
    ]
    gathering = Node(
        gather_scores,
        inputs=[f"scores.{target}" for target in targets],
        outputs=["affinities", "win_rates"],
        name="gather_scores",
        namespace=_NAME,
    )
    return Pipeline([*scoring, gathering], tags=_NAME)
