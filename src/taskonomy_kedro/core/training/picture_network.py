"""A trained network that takes pictures as bytes, and pictures to try it on."""

from collections.abc import Mapping

import numpy as np
import torch
from torch import Tensor, nn

from taskonomy_kedro.core.labels.colors import DARK, DARK_SLOPE, LUMINANCE, linear_values
from taskonomy_kedro.core.networks.task_network import TaskNetwork, make_task_network
from taskonomy_kedro.core.preparation.prepared import PreparedSplit
from taskonomy_kedro.core.tasks import Task
from taskonomy_kedro.core.training.batch_assembly import input_parts, pictures_of
from taskonomy_kedro.core.training.settings import ModelingSettings
from taskonomy_kedro.core.training.task_dataset import n_outputs


class PictureNetwork(nn.Module):
    """Pictures (n, H, W, 3) uint8, or (n, k, H, W, 3), to the network's output, float32.

    Nothing is added to the pictures: denoising takes its noisy picture, jigsaw its shuffled tiles.
    Colorization sees their lightness only, and in-painting not their middle.
    """

    def __init__(self, task: Task, network: TaskNetwork) -> None:
        super().__init__()
        self._task, self.network = task, network
        shares = torch.tensor(LUMINANCE)
        self.register_buffer("light", torch.from_numpy(linear_values())[:, None] * shares, persistent=False)

    def forward(self, pictures: Tensor) -> Tensor:
        """Return the output for each item."""
        is_gray = self._task.reads.n_channels == 1
        parts = {"picture": self._lightness(pictures)} if is_gray else {"rgb": pictures}
        output: Tensor = self.network(pictures_of(self._task, parts)).float()
        return output

    def _lightness(self, pictures: Tensor) -> Tensor:
        """Return what `core.labels.colors.lightness` does, (n, 1, H, W) float32 in [-1, 1]."""
        light: Tensor = self.light  # type: ignore[assignment]
        luminance = sum(light[:, k][pictures[..., k].long()] for k in range(3))
        assert isinstance(luminance, Tensor)
        lightness = torch.where(luminance > DARK, 116 * luminance.pow(1 / 3) - 16, DARK_SLOPE * luminance)
        return (lightness / 50 - 1)[:, None]


def picture_network(
    task: Task, settings: ModelingSettings, split: PreparedSplit, weights: Mapping[str, Tensor]
) -> tuple[PictureNetwork, np.ndarray]:
    """Return a trained network on the CPU, and two items of a split as it takes them, uint8."""
    example = _example(task, settings, split)
    network = make_task_network(
        settings.network,
        task,
        n_outputs=n_outputs(task, split),
        image_size=example.shape[-2],
        generator=torch.Generator(),
    )
    network.load_state_dict(dict(weights))
    return PictureNetwork(task, network).eval(), example


def _example(task: Task, settings: ModelingSettings, split: PreparedSplit) -> np.ndarray:
    rows = np.asarray(split.tuples.get(task.name, np.arange(len(split))[:, None]))[[0, -1]]
    rgb = np.asarray(split.arrays["rgb"][rows[:, 0] if rows.shape[1] == 1 else rows])
    if task.reads.n_channels == 1:
        return rgb
    ids = [split.image_ids[first] for first in rows[:, 0]]
    parts = input_parts(task, rgb, ids, seed=settings.seed, tile_size=settings.tile_size)
    pictures = ((pictures_of(task, parts) + 1) * 127.5).round().clamp(0, 255).to(torch.uint8)
    pictures = pictures.movedim(-3, -1)
    return (pictures[:, 0] if pictures.shape[1] == 1 else pictures).contiguous().numpy()
