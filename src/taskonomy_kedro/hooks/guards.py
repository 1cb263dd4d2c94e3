"""Refuses what the command line asks for and nothing would hear."""

from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

from kedro.framework.context import KedroContext
from kedro.framework.hooks import hook_impl
from kedro.framework.project import pipelines
from kedro.pipeline import Pipeline

from taskonomy_kedro.config import parameters
from taskonomy_kedro.core.tasks import nearest_name_hint
from taskonomy_kedro.pipelines.transfer_modeling import check_transfers

# Parameters that the catalogs and configurations read beside those that nodes take.
_OF_EVERY_ENVIRONMENT = {"export_dir"}
_OF_ENVIRONMENT = {
    "published": {"published_dir", "published_set", "drop_degenerate"},
    "taskonomy": {"dataset_dir", "subset", "image_size", "images_per_building"},
}
# Which single products each gathered dataset opens: without the node that gathers no edge says who is first.
_MEMBERS = {
    "representations": "task_modeling.*.representations",
    "task_losses": "task_modeling.*.losses",
    "image_losses": "image_losses.*",
}
_PUBLISHED = {"affinities", "win_rates"}  # come from files in the environment `published`


class CommandLineGuards:
    """Ends a run whose environment does not exist or whose parameters nobody reads."""

    @hook_impl(tryfirst=True)
    def after_context_created(self, context: KedroContext) -> None:
        """Look for the folder of the environment; Kedro itself would run the base."""
        conf = Path(context.project_path) / "conf"
        if context.env and conf.is_dir() and not (conf / context.env).is_dir():
            known = [path.name for path in conf.iterdir() if path.is_dir()]
            raise ValueError(
                f"there is no environment {context.env!r}{nearest_name_hint(context.env, known)}"
            )

    @hook_impl(tryfirst=True)
    def before_pipeline_run(self, run_params: dict[str, Any], pipeline: Pipeline) -> None:
        """Refuse to make published tables, misfit transfers, a part in no order, parameters nobody reads."""
        env = run_params.get("env") or "base"
        if env == "published" and (made := _PUBLISHED & set(pipeline.all_outputs())):
            raise ValueError(
                f"the environment 'published' reads {' and '.join(sorted(made))} and cannot make them; "
                f"run it with --pipelines=taxonomy"
            )
        if any("transfer_modeling" in node.tags for node in pipeline.nodes):
            check_transfers(parameters())
        _check_gathered(pipeline)
        taken = {
            name.removeprefix("params:").split(".")[0]
            for pipeline in pipelines.values()
            for name in pipeline.inputs()
            if name.startswith("params:")
        }
        known = taken | _OF_EVERY_ENVIRONMENT | _OF_ENVIRONMENT.get(env, set())
        for name in run_params.get("runtime_params") or {}:
            if name not in known:
                elsewhere = [other for other, names in _OF_ENVIRONMENT.items() if name in names]
                hint = (
                    f"; it belongs to --env={elsewhere[0]}" if elsewhere else nearest_name_hint(name, known)
                )
                raise ValueError(f"nothing reads the parameter {name!r} in the environment {env!r}{hint}")


def _check_gathered(pipeline: Pipeline) -> None:
    """Refuse a part of the pipelines that makes products and reads them, but does not gather them between.

    Raises:
        ValueError: Names a product, and what to do.
    """
    for gathered in sorted(pipeline.inputs() & set(_MEMBERS)):
        made = sorted(name for name in pipeline.all_outputs() if fnmatchcase(name, _MEMBERS[gathered]))
        if made:
            raise ValueError(
                f"this part of the pipelines makes {made[0]} and reads it through {gathered!r}, but leaves "
                f"out the node between them: run the pipelines one after the other with the same filter, or "
                f"all of them without --pipelines"
            )
