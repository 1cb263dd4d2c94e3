"""What kedro-viz shows of the nodes that train."""

from typing import Any

from kedro.pipeline.preview_contract import TextPreview

from taskonomy_kedro.core.labels.input_transforms import transform_of
from taskonomy_kedro.core.networks.settings import NetworkSettings
from taskonomy_kedro.core.preparation.settings import DataSettings
from taskonomy_kedro.core.tasks import Task
from taskonomy_kedro.core.training.settings import ModelingSettings
from taskonomy_kedro.pipelines import FIXED_PITCH


def preview_network(task: Task, parameters: dict[str, Any]) -> TextPreview:
    """Return the layers of a task's network under the parameters of a run.

    Args:
        task: Whose.
        parameters: Of the run: `data.image_size`, `task_modeling.network` and `task_modeling.tile_size`.

    Raises:
        ValueError: A setting is wrong; kedro-viz then logs it and shows nothing.
    """
    from taskonomy_kedro.core.previews.network_layers import layer_table  # brings torch, when somebody looks

    modeling = parameters.get("task_modeling") or {}
    settings = NetworkSettings.model_validate(modeling.get("network") or {}, root="task_modeling.network")
    image_size = (parameters.get("data") or {}).get("image_size", DataSettings().image_size)
    tile_size = modeling.get("tile_size", ModelingSettings().tile_size)
    picture_size = transform_of(task).picture_size(image_size, tile_size)
    return TextPreview(layer_table(task, settings, image_size=picture_size), meta=FIXED_PITCH)
