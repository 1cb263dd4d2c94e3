"""Checks of a run before its first node."""

from fnmatch import fnmatchcase
from typing import Any

from kedro.framework.hooks import hook_impl
from kedro.pipeline import Pipeline

from taskonomy_kedro.config import parameters
from taskonomy_kedro.core.errors import UserError
from taskonomy_kedro.pipelines.transfer_modeling import check_transfers

# Which single products each gathered dataset opens: without the node that gathers no edge says who is first.
_MEMBERS = {
    "representations": "task_modeling.*.representations",
    "task_losses": "task_modeling.*.losses",
    "image_losses": "image_losses.*",
}
_PUBLISHED = {"affinities", "win_rates"}  # come from files in the environment `published`


class PipelineGuards:
    """Refuses a run that cannot give what it is asked for, before its first node."""

    @hook_impl(tryfirst=True)
    def before_pipeline_run(self, run_params: dict[str, Any], pipeline: Pipeline) -> None:
        """Refuse to compute published tables, transfers that do not fit, and a part without an order."""
        env = run_params.get("env") or "base"
        if env == "published" and (made := _PUBLISHED & set(pipeline.all_outputs())):
            raise UserError(
                f"the environment 'published' reads {' and '.join(sorted(made))} and cannot compute them; "
                f"run it with --pipelines=taxonomy"
            )
        if any("transfer_modeling" in node.tags for node in pipeline.nodes):
            check_transfers(parameters())
        _check_gathered(pipeline)


def _check_gathered(pipeline: Pipeline) -> None:
    """Refuse a part of the pipelines that makes products and reads them, but does not gather them between.

    Raises:
        UserError: Names a product, and what to do.
    """
    for gathered in sorted(pipeline.inputs() & set(_MEMBERS)):
        made = sorted(name for name in pipeline.all_outputs() if fnmatchcase(name, _MEMBERS[gathered]))
        if made:
            raise UserError(
                f"this part of the pipelines makes {made[0]} and reads it through {gathered!r}, but "
                f"skips the node between them: run the pipelines one after the other with the same filter, "
                f"or all of them without --pipelines"
            )
