"""Readouts of one target and one order, computed together."""

from collections.abc import Callable, Sequence

import torch
from torch import Tensor, nn
from torch.func import functional_call
from torch.nn import functional

from taskonomy_kedro.core.networks.heads import EgomotionHead, FullyConnectedHead
from taskonomy_kedro.core.networks.readout import Readout
from taskonomy_kedro.core.networks.small_decoders import SmallDenseDecoder
from taskonomy_kedro.core.readouts.cells import ComparedPixels
from taskonomy_kedro.core.readouts.dense_stack import decode_dense
from taskonomy_kedro.core.readouts.stacked_layers import StackedLayers
from taskonomy_kedro.core.seeding import seed_for

_CLIP_DEVIATIONS = 5.0
_CONSTANT = "decoder.constant.places"
_MOST_LEARNED = 32  # numbers a pixel up to which the constant map is learned


class ReadoutStack:
    """S readouts of one architecture with weights (S, …); each computes what it would compute alone.

    Small decoders and heads run side by side; readouts with other decoders run one after the other.

    Attributes:
        size: S.
        parameters: What is trained, by its name in a single readout, (S, …) each.
        buffers: Running means and variances, (S, …) each.
    """

    def __init__(self, readouts: Sequence[Readout], device: torch.device) -> None:
        """Put the weights of some readouts side by side, as copies.

        Args:
            readouts: Of the same architecture.
            device: Where the stack computes.
        """
        self.size = len(readouts)
        self._form = readouts[0].to(device)
        states = [readout.state_dict() for readout in readouts]
        learned = {name for name, _ in readouts[0].named_parameters()}
        stacked = {name: torch.stack([state[name] for state in states]).to(device) for name in states[0]}
        # a constant of 64 numbers a pixel has more weights than the rest, and no step reaches most of them
        is_embedding = isinstance(self._form.decoder, SmallDenseDecoder) and self.n_outputs > _MOST_LEARNED
        learned -= {_CONSTANT} if is_embedding else set()
        self.parameters = {name: value.requires_grad_() for name, value in stacked.items() if name in learned}
        self.buffers = {name: value for name, value in stacked.items() if name not in learned}
        # all start at the same average guess, which is then looked up once
        self._has_common_constant = is_embedding and _are_equal(stacked[_CONSTANT])
        self._decode = _decoding(self._form.decoder)

    @property
    def can_choose_pixels(self) -> bool:
        """Whether outputs can be computed at some pixels alone, by cells."""
        return isinstance(self._form.decoder, SmallDenseDecoder)

    @property
    def n_outputs(self) -> int:
        """Numbers a pixel or an item."""
        return self._form.decoder.n_outputs

    def weights(self) -> dict[str, Tensor]:
        """Return parameters and buffers, (S, …) each; the tensors themselves, not copies."""
        return {**self.parameters, **self.buffers}

    def outputs(
        self,
        representations: Tensor,
        pixels: ComparedPixels | None = None,
        *,
        is_training: bool = False,
        dropping: int = 0,
    ) -> Tensor:
        """Return the outputs of each readout.

        Args:
            representations: (n, k, S·C, h, w) of k pictures of n items, C = 8 times the order; the channels
                of one readout after those of the previous one.
            pixels: At which pixels of a map; None: as the decoder returns it.
            is_training: Whether to normalise by the statistics of the batch, and to drop.
            dropping: Seed of dropout in this step.

        Returns:
            (S, n, k) of heads; maps (S, n, channels, P, 1) of decoders that choose pixels, whole maps
            (S, n, channels, H, W) of others.
        """
        if self._decode is None:
            return self._one_by_one(representations, is_training, dropping)
        generator = torch.Generator().manual_seed(dropping) if is_training else None
        weights = self.weights()
        if self._has_common_constant:
            weights[_CONSTANT] = weights[_CONSTANT][:1]
        layers = StackedLayers(size=self.size, weights=weights, is_training=is_training, generator=generator)
        n_pictures = representations.shape[1]
        folded = representations.flatten(0, 1).contiguous(memory_format=torch.channels_last)
        features = _transferred(layers, folded)
        return self._decode(layers, features, n_pictures, pixels or ComparedPixels())

    def _one_by_one(self, representations: Tensor, is_training: bool, dropping: int) -> Tensor:
        self._form.train(is_training)
        of_each = representations.unflatten(2, (self.size, -1))
        found = []
        devices = [representations.device] if representations.device.type == "cuda" else []
        for number in range(self.size):
            state = {name: value[number] for name, value in self.weights().items()}
            with torch.random.fork_rng(devices):
                torch.manual_seed(dropping)
                found.append(functional_call(self._form, state, (of_each[:, :, number],)))
        return torch.stack(found)


def _are_equal(values: Tensor) -> bool:
    return bool((values == values[:1]).all())


def dropping_seed(seed: int, target: str, step: int) -> int:
    """Return the seed of dropout in a step; the other readouts of the stack have no influence."""
    return seed_for(seed, "readout", target, "dropout", str(step))


_Decoding = Callable[[StackedLayers, Tensor, int, ComparedPixels], Tensor]


def _decoding(decoder: nn.Module) -> _Decoding | None:
    """Return the function that computes a stack of decoders together; None if they run one by one."""
    if isinstance(decoder, SmallDenseDecoder):
        return lambda layers, features, _, pixels: decode_dense(layers, decoder, features, pixels)
    if isinstance(decoder, FullyConnectedHead):
        return lambda layers, features, n_pictures, _: _head(
            layers, "decoder.", decoder, _flat_numbers(layers, features, n_pictures)
        )
    if isinstance(decoder, EgomotionHead):
        return lambda layers, features, n_pictures, _: _both_heads(
            layers, decoder, _flat_numbers(layers, features, n_pictures)
        )
    return None


def _transferred(layers: StackedLayers, representations: Tensor) -> Tensor:
    """Return the features (n, S·2C, h, w) of `TransferNetwork`."""
    if layers.is_training:
        mean = representations.mean(dim=(0, 2, 3), keepdim=True)
        reach = _CLIP_DEVIATIONS * representations.std(dim=(0, 2, 3), keepdim=True)
        representations = torch.clamp(representations, mean - reach, mean + reach)
    features = layers.normalise(representations, "transfer.normalise")
    first, second = ([f"transfer.branches.{branch}.{layer}" for branch in (0, 1)] for layer in (0, 2))
    features = layers.convolve(features, *(f"{name}.0" for name in first))
    features = functional.relu(layers.normalise(features, *(f"{name}.1" for name in first)), inplace=True)
    features = layers.convolve(features, *(f"{name}.0" for name in second), groups=2 * layers.size)
    features = functional.relu(layers.normalise(features, *(f"{name}.1" for name in second)), inplace=True)
    return layers.normalise(features, "transfer.normalise_both")


def _flat_numbers(layers: StackedLayers, features: Tensor, n_pictures: int) -> Tensor:
    """Return (S, n, k·h·w·C) of features (n·k, S·C, h, w), in the order that the heads read."""
    cells = features.permute(0, 2, 3, 1).flatten(1, 2)
    by_readout = cells.view(-1, n_pictures * cells.shape[1], layers.size, cells.shape[2] // layers.size)
    return by_readout.permute(2, 0, 1, 3).flatten(2)


def _head(layers: StackedLayers, prefix: str, head: FullyConnectedHead, numbers: Tensor) -> Tensor:
    """Return the numbers (S, n, n_outputs) of the stack's `FullyConnectedHead`."""
    for number in range(sum(layers.has(f"{prefix}fc{i}.weight") for i in (0, 1))):
        numbers = layers.multiply(numbers, f"{prefix}fc{number}")
        if head.has_batch_norm:
            side_by_side = layers.normalise(numbers.transpose(0, 1).flatten(1), f"{prefix}bn{number}")
            numbers = side_by_side.view(-1, layers.size, numbers.shape[2]).transpose(0, 1)
        numbers = layers.drop(functional.relu(numbers), head.dropout)
    return layers.multiply(numbers, f"{prefix}fc2")


def _both_heads(layers: StackedLayers, head: EgomotionHead, numbers: Tensor) -> Tensor:
    """Return the two poses (S, n, n_outputs) of the stack's `EgomotionHead`."""
    poses = [
        _head(layers, f"decoder.{name}.", getattr(head, name), numbers) for name in ("pose_12", "pose_23")
    ]
    return torch.cat(poses, dim=2)
