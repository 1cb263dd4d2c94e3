"""ImageNet features as a source that is no task: torchvision's ResNet-50, reduced to eight channels."""

from pathlib import Path
from typing import cast

import torch
from torch import Tensor, nn
from torch.nn import functional

from taskonomy_kedro.core.errors import UserError
from taskonomy_kedro.core.networks.encoder import CHANNELS, Encoder, without_global_draws
from taskonomy_kedro.core.networks.weights import fill, read_state_dict

_MEAN = (0.485, 0.456, 0.406)  # of ImageNet's training pictures, in [0, 1]; torchvision's preset
_STD = (0.229, 0.224, 0.225)
_FEATURES = 2048
_PROJECTION_SEED = 20180618
_CACHED = "resnet50-*.pth"


class ImagenetEncoder(Encoder):
    """Pictures (n, 3, H, W), values in [-1, 1], to representations (n, 8, H/stride, W/stride), ≥ 0.

    The network was trained for 1,000 classes and has no eight channels to give. Its last features (2,048
    at a 32nd of the size) are projected onto eight fixed orthonormal directions, cut at 0 and repeated up
    to the size that the other sources have. The directions are random, from a constant seed, and at right
    angles to (1, …, 1): features are ≥ 0, and what all have in common would otherwise decide all signs.

    Source: ours; docs/method.md. The paper reads ImageNet features of another network.
    """

    in_channels = 3

    def __init__(self, *, stride: int = 16) -> None:
        super().__init__()
        from torchvision.models import resnet50  # seconds to import, and wanted here only

        self.stride = stride
        self.network = resnet50(weights=None)
        self.register_buffer("mean", torch.tensor(_MEAN).view(1, 3, 1, 1), persistent=False)
        self.register_buffer("std", torch.tensor(_STD).view(1, 3, 1, 1), persistent=False)
        self.register_buffer("directions", _directions().view(CHANNELS, _FEATURES, 1, 1), persistent=False)

    def forward(self, pictures: Tensor) -> Tensor:
        """Return the representation of each picture."""
        net = self.network
        features = ((pictures + 1) / 2 - cast(Tensor, self.mean)) / cast(Tensor, self.std)
        features = net.maxpool(net.relu(net.bn1(net.conv1(features))))
        for layer in (net.layer1, net.layer2, net.layer3, net.layer4):
            features = layer(features)
        representations = functional.relu(functional.conv2d(features, cast(Tensor, self.directions)))
        cells = [size // self.stride for size in pictures.shape[-2:]]
        return functional.interpolate(representations, size=cells, mode="nearest")


def load_imagenet_encoder(path: str | Path | None = None, *, stride: int = 16) -> ImagenetEncoder:
    """Load torchvision's ResNet-50 as a source, ready for inference. Nothing is downloaded.

    Args:
        path: State dict of `torchvision.models.resnet50`; where None, the newest in torchvision's cache.
        stride: Pixels a side of a cell of the other sources' representations.

    Raises:
        UserError: No file, not only tensors, or another architecture: says which key or shape.
    """
    path = Path(path) if path is not None else cached_imagenet()
    state = read_state_dict(path)
    with without_global_draws():
        encoder = ImagenetEncoder(stride=stride)
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


def _directions() -> Tensor:
    """Return eight orthonormal rows of 2,048 numbers, each of sum 0; always the same."""
    generator = torch.Generator().manual_seed(_PROJECTION_SEED)
    drawn = torch.randn(CHANNELS, _FEATURES, generator=generator, dtype=torch.float64)
    rows, _ = torch.linalg.qr((drawn - drawn.mean(dim=1, keepdim=True)).T)
    return rows.T.contiguous().float()
