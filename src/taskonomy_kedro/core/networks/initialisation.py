"""First weights, drawn from a generator of the caller's."""

import math

import torch
from torch import Tensor, nn

from taskonomy_kedro.core.networks.encoder import PositionalBias

_HEAD_STD = 0.01  # of the linear layers of the released heads


def initialise(module: nn.Module, generator: torch.Generator) -> None:
    """Give every layer of a network its first weights; all that was there before is forgotten.

    - convolutions: normal, variance 2 / (numbers summed for one output): He et al. 2015. A transposed
      convolution of stride 2 sums a quarter of its kernel;
    - linear layers: normal, σ = 0.01, cut at 2σ, as in the released heads;
    - batch normalisation: scale 1, shift 0, running mean 0 and variance 1;
    - every bias and map of places: 0.

    Layers draw in the order in which they were made: the same generator state gives the same bytes.

    Args:
        module: On the processor; changed in place.
        generator: On the processor.

    Raises:
        TypeError: A layer has parameters of a kind that is none of these.
    """
    with torch.no_grad():
        for name, layer in module.named_modules():
            if isinstance(layer, nn.Conv2d | nn.ConvTranspose2d):
                layer.weight.normal_(0.0, math.sqrt(2.0 / _n_summed(layer)), generator=generator)
                _zero(layer.bias)
            elif isinstance(layer, nn.Linear):
                # torch cuts at absolute bounds
                nn.init.trunc_normal_(
                    layer.weight, std=_HEAD_STD, a=-2 * _HEAD_STD, b=2 * _HEAD_STD, generator=generator
                )
                _zero(layer.bias)
            elif isinstance(layer, nn.BatchNorm1d | nn.BatchNorm2d):
                layer.reset_parameters()
            elif isinstance(layer, PositionalBias):
                layer.places.zero_()
            elif next(layer.parameters(recurse=False), None) is not None:
                raise TypeError(
                    "first weights are known for convolutions, linear layers and batch normalisation, "
                    f"got {type(layer).__name__} ({name or 'the module itself'})"
                )


def _n_summed(layer: nn.Conv2d | nn.ConvTranspose2d) -> float:
    """Return how many products are added up for one output of a convolution."""
    kernel = math.prod(layer.kernel_size) * layer.in_channels / layer.groups
    return kernel / math.prod(layer.stride) if isinstance(layer, nn.ConvTranspose2d) else kernel


def _zero(bias: Tensor | None) -> None:
    if bias is not None:
        bias.zero_()
