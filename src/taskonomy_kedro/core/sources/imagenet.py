"""ImageNet features as a source that is no task: torchvision's ResNet-50, reduced to eight channels."""

from pathlib import Path
from typing import cast

import torch
from torch import Tensor, nn
from torch.nn import functional

from taskonomy_kedro.core.errors import UserError
from taskonomy_kedro.core.networks.encoder import CHANNELS, Encoder, without_global_draws
from taskonomy_kedro.core.networks.settings import NetworkSettings
from taskonomy_kedro.core.networks.weights import fill, read_state_dict

_MEAN = (0.485, 0.456, 0.406)  # of ImageNet's training pictures, in [0, 1]; torchvision's preset
_STD = (0.229, 0.224, 0.225)
_FEATURES = {"layer1": 256, "layer2": 512, "layer3": 1024, "layer4": 2048}  # channels of each layer
_PROJECTION_SEED = 20180618
_CACHED = "resnet50-*.pth"


class ImagenetEncoder(Encoder):
    """Pictures (n, 3, H, W), values in [-1, 1], to representations (n, 8, H/stride, W/stride), ≥ 0.

    The features of one layer (by default the last, 2,048 channels at a 32nd of the size) are projected
    onto eight fixed orthonormal directions, cut at 0 and resized to the cells of the other sources. The
    directions are random, from a constant seed, and orthogonal to (1, …, 1): features are ≥ 0, and their
    common part would otherwise determine all signs.

    Source: ours; docs/method.md. The paper reads ImageNet features of another network.
    """

    in_channels = 3

    def __init__(self, *, stride: int = 16, layer: str = "layer4") -> None:
        super().__init__()
        from torchvision.models import resnet50  # takes seconds to import

        self.stride, self._layer = stride, layer
        self.network = resnet50(weights=None)
        self.register_buffer("mean", torch.tensor(_MEAN).view(1, 3, 1, 1), persistent=False)
        self.register_buffer("std", torch.tensor(_STD).view(1, 3, 1, 1), persistent=False)
        self.register_buffer("directions", _directions(_FEATURES[layer])[..., None, None], persistent=False)

    def forward(self, pictures: Tensor) -> Tensor:
        """Return the representation of each picture."""
        net = self.network
        features = ((pictures + 1) / 2 - cast(Tensor, self.mean)) / cast(Tensor, self.std)
        features = net.maxpool(net.relu(net.bn1(net.conv1(features))))
        for name in _FEATURES:
            features = getattr(net, name)(features)
            if name == self._layer:
                break
        representations = functional.relu(functional.conv2d(features, cast(Tensor, self.directions)))
        cells = [size // self.stride for size in pictures.shape[-2:]]
        return functional.interpolate(representations, size=cells, mode="nearest")


def files(path: Path | None) -> list[Path]:
    """Return the file of weights: the given one, or the newest in torchvision's cache."""
    return [path or cached_imagenet()]


def open_encoder(path: Path | None, *, layer: str | None, network: NetworkSettings) -> Encoder:
    """Return the encoder of an entry of `sources`, with the cells of the other encoders."""
    return load_imagenet_encoder(path, stride=network.cell, layer=layer or "layer4")


def load_imagenet_encoder(
    path: str | Path | None = None, *, stride: int = 16, layer: str = "layer4"
) -> ImagenetEncoder:
    """Load torchvision's ResNet-50 as a source, ready for inference. Nothing is downloaded.

    Args:
        path: State dict of `torchvision.models.resnet50`; where None, the newest in torchvision's cache.
        stride: Pixels a side of a cell of the other sources' representations.
        layer: Layer whose features are read, `layer1` to `layer4`.

    Raises:
        UserError: No file, not only tensors, or another architecture: says which key or shape.
    """
    path = Path(path) if path is not None else cached_imagenet()
    state = read_state_dict(path)
    with without_global_draws():
        encoder = ImagenetEncoder(stride=stride, layer=layer)
    fill(encoder.network, state, path=path, what="torchvision's resnet50")
    encoder.network.fc = nn.Identity()
    return encoder.eval()


def cached_imagenet() -> Path:
    """Return the newest file of ResNet-50 weights in torchvision's cache.

    Raises:
        UserError: None is there.
    """
    folder = Path(torch.hub.get_dir()) / "checkpoints"
    files = sorted(folder.glob(_CACHED), key=lambda file: file.stat().st_mtime)
    if not files:
        raise UserError(
            f"ImageNet weights must be given as a file or lie in torchvision's cache as {_CACHED}, found "
            "none there; `torchvision.models.resnet50(weights='DEFAULT')` fetches them once"
        )
    return files[-1]


def _directions(n_features: int) -> Tensor:
    """Return eight orthonormal rows (8, n_features), each of sum 0; always the same."""
    generator = torch.Generator().manual_seed(_PROJECTION_SEED)
    drawn = torch.randn(CHANNELS, n_features, generator=generator, dtype=torch.float64)
    rows, _ = torch.linalg.qr((drawn - drawn.mean(dim=1, keepdim=True)).T)
    return rows.T.contiguous().float()
