"""The discriminator's term in the loss of tasks whose output is a picture.

Only the terms; `training.discriminator_training` holds the discriminator and its optimiser.
Source: the released code of Zamir et al. 2018, see docs/method.md, "Adversarial term".
"""

import numpy as np
import torch
from torch import Tensor
from torch.nn import Module, functional

from taskonomy_kedro.core.errors import UserError
from taskonomy_kedro.core.labels.kinds import kind_of
from taskonomy_kedro.core.tasks import Task
from taskonomy_kedro.core.training.batch_tensors import TargetTensors

REAL_LABEL, FAKE_LABEL, GENERATOR_TARGET = 0.9, 0.0, 1.0
_PIXEL_SHARE, _COLOR_PIXEL_SHARE = 0.996, 0.99
_NOISE, _DEPTH_NOISE = 0.1, 0.03
_NOISE_FALL = 0.2 / 1000  # a step
_COLOR_SHARPNESS = 2.606
_COLOR_REACH = 110.0  # |a| and |b| of the bins are at most that


def pixel_share(task: Task) -> float:
    """Return a in the generator's loss a * pixel loss + (1 - a) * `generator_loss`.

    Raises:
        UserError: The task has no discriminator.
    """
    _check(task)
    return _PIXEL_SHARE if kind_of(task).bin_centres is None else _COLOR_PIXEL_SHARE


def map_channels(task: Task, n_outputs: int) -> int:
    """Return the channels of an output as the discriminator sees it: of colours a and b."""
    centres = kind_of(task).bin_centres
    return n_outputs if centres is None else centres.shape[1]


def instance_noise(task: Task, step: int) -> float:
    """Return the deviation of the noise on the discriminator's input, s / (1 + 0.2 * step / 1000).

    Args:
        task: A task with a discriminator; s = 0.1, for depths 0.03.
        step: Steps trained so far, >= 0.
    """
    _check(task)
    return (_DEPTH_NOISE if task.label.value_map == "log" else _NOISE) / (1 + _NOISE_FALL * step)


def judged_output(
    task: Task,
    pictures: Tensor,
    output: Tensor,
    *,
    sigma: float = 0.0,
    generator: torch.Generator | None = None,
) -> Tensor:
    """Return what the discriminator sees of an output: the input picture, then the output.

    Args:
        task: A task with a discriminator.
        pictures: (n, 1, channels, H, W), as in a batch.
        output: (n, channels, H, W); colour logits (n, 313, H/4, W/4).
        sigma: Deviation of the noise on the output, see `instance_noise`.
        generator: Draws the noise, on the output's device.

    Returns:
        (n, c, H, W) float32. Colours are the a and b, over 110, that softmax(2.606 * logits) expects,
        enlarged by the nearest neighbour.
    """
    _check(task)
    centres = kind_of(task).bin_centres
    if centres is not None:
        shares = functional.softmax(_COLOR_SHARPNESS * output.float(), dim=1)
        output = _enlarged_colors(shares, centres, pictures)
    return _judged(pictures, output, sigma, generator)


def judged_target(
    task: Task,
    pictures: Tensor,
    target: TargetTensors,
    *,
    sigma: float = 0.0,
    generator: torch.Generator | None = None,
) -> Tensor:
    """Return what the discriminator sees of a target, as `judged_output`; colours as their bins expect."""
    _check(task)
    shown = target.values
    centres = kind_of(task).bin_centres
    if centres is not None:
        if target.shares is None:
            raise UserError("colours need the shares of their bins, got none")
        n, _, height, width = target.values.shape
        spread = torch.zeros(n, len(centres), height, width, device=shown.device)
        shown = _enlarged_colors(spread.scatter_(1, target.values, target.shares), centres, pictures)
    return _judged(pictures, shown, sigma, generator)


def generator_loss(discriminator: Module, fake: Tensor) -> Tensor:
    """Return the logistic loss of the discriminator's answers to outputs against 1, ().

    Args:
        discriminator: (n, c, H, W) to logits (n, 1, h, w).
        fake: What `judged_output` returns, with gradients to the network.
    """
    return _logistic(discriminator(fake), GENERATOR_TARGET)


def discriminator_loss(discriminator: Module, real: Tensor, fake: Tensor) -> Tensor:
    """Return the discriminator's own loss, (): the mean of targets against 0.9 and outputs against 0.

    Args:
        discriminator: (n, c, H, W) to logits (n, 1, h, w).
        real: What `judged_target` returns.
        fake: What `judged_output` returns; detached, so no gradient reaches the network.
    """
    real_loss = _logistic(discriminator(real), REAL_LABEL)
    return 0.5 * real_loss + 0.5 * _logistic(discriminator(fake.detach()), FAKE_LABEL)


def _logistic(logits: Tensor, target: float) -> Tensor:
    with torch.autocast(logits.device.type, enabled=False):
        exact = logits if logits.dtype == torch.float64 else logits.float()
        return functional.binary_cross_entropy_with_logits(exact, torch.full_like(exact, target))


def _judged(pictures: Tensor, shown: Tensor, sigma: float, generator: torch.Generator | None) -> Tensor:
    shown = shown.float()
    if sigma > 0:
        noise = torch.randn(shown.shape, generator=generator, device=shown.device)
        shown = shown + sigma * noise
    return torch.cat([pictures[:, 0], shown], dim=1)


def _enlarged_colors(chances: Tensor, bin_centres: np.ndarray, pictures: Tensor) -> Tensor:
    """Return the expected a and b of distributions (n, 313, h, w), scaled to [-1, 1], (n, 2, H, W)."""
    centres = torch.from_numpy(bin_centres / _COLOR_REACH).to(chances)
    expected = torch.einsum("nkhw,kc->nchw", chances, centres)
    return functional.interpolate(expected, size=tuple(pictures.shape[-2:]), mode="nearest")


def _check(task: Task) -> None:
    if not task.is_adversarial:
        raise UserError(
            f"task {task.name!r} with the loss {task.loss!r} has no discriminator; only tasks that put "
            "out pictures have one"
        )
