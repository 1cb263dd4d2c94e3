"""Heads: fully connected layers from the representations of an item's pictures to a few numbers."""

import torch
from torch import Tensor, nn
from torch.nn import functional

from taskonomy_kedro.core.networks.decoder import Decoder


class FullyConnectedHead(Decoder):
    """Representations (n, k, C, h, w) to (n, n_outputs): FC-n(h) of the paper.

    n - 1 times linear → batch normalisation → ReLU → dropout, then linear. Each picture is flattened in
    the order row, column, channel, and the pictures follow one another. Modules bear the names of the
    released heads: `fc0`, `bn0` (`fc1`, `bn1` with three layers), `fc2`. Dropout draws from torch's
    global generator: fork it around a training step that must repeat.

    Source: the released configurations; docs/method.md.
    """

    def __init__(
        self,
        n_features: int,
        n_outputs: int,
        *,
        n_layers: int,
        hidden: int,
        has_batch_norm: bool = True,
        dropout: float = 0.5,
    ) -> None:
        """Build it.

        Args:
            n_features: k·C·h·w.
            n_outputs: Numbers an item.
            n_layers: Linear layers, 2 or 3.
            hidden: Numbers between them.
            has_batch_norm: Without, the linear layers have a bias instead.
            dropout: Share of hidden numbers dropped in training.
        """
        super().__init__()
        self.n_outputs = n_outputs
        self.n_features = n_features
        self.dropout = dropout
        self._n_hidden = n_layers - 1
        for number in range(self._n_hidden):
            width = n_features if number == 0 else hidden
            self.add_module(f"fc{number}", nn.Linear(width, hidden, bias=not has_batch_norm))
            if has_batch_norm:
                self.add_module(f"bn{number}", nn.BatchNorm1d(hidden))
        self.has_batch_norm = has_batch_norm
        self.fc2 = nn.Linear(hidden, n_outputs)

    def forward(self, representations: Tensor) -> Tensor:
        """Return the numbers of each item.

        Raises:
            ValueError: The representations do not hold the numbers that the head was built for.
        """
        if representations.ndim != 5 or representations[0].numel() != self.n_features:
            raise ValueError(
                f"this head reads {self.n_features} numbers an item, (n, k, C, h, w) with k·C·h·w = "
                f"{self.n_features}; got {tuple(representations.shape)}"
            )
        numbers = representations.permute(0, 1, 3, 4, 2).flatten(1)
        for layer in range(self._n_hidden):
            numbers = getattr(self, f"fc{layer}")(numbers)
            if self.has_batch_norm:
                numbers = getattr(self, f"bn{layer}")(numbers)
            numbers = functional.dropout(functional.relu(numbers), self.dropout, self.training)
        output: Tensor = self.fc2(numbers)
        return output

    def start_at(self, output: Tensor) -> None:
        """Let the first output be near a constant, (n_outputs,)."""
        with torch.no_grad():
            self.fc2.bias.copy_(output)


class EgomotionHead(Decoder):
    """Representations (n, 3, C, h, w) of a triplet to (n, 12): the standardised poses 1→2 and 2→3.

    Two heads of three layers, each of which sees all pictures. The pose 1→3 is composed by the loss.

    Source: the released configurations; docs/method.md.
    """

    def __init__(
        self,
        n_features: int,
        n_outputs: int = 12,
        *,
        hidden: int = 1024,
        has_batch_norm: bool = False,
        dropout: float = 0.5,
    ) -> None:
        super().__init__()
        if n_outputs % 2:
            raise ValueError(f"two poses have an even number of numbers, got n_outputs = {n_outputs}")
        self.n_outputs = n_outputs
        for name in ("pose_12", "pose_23"):
            head = FullyConnectedHead(
                n_features,
                n_outputs // 2,
                n_layers=3,
                hidden=hidden,
                has_batch_norm=has_batch_norm,
                dropout=dropout,
            )
            self.add_module(name, head)

    def forward(self, representations: Tensor) -> Tensor:
        """Return both poses of each item, one after the other."""
        poses = [getattr(self, name)(representations) for name in ("pose_12", "pose_23")]
        return torch.cat(poses, dim=1)

    def start_at(self, output: Tensor) -> None:
        """Let the first poses be near constants, (n_outputs,)."""
        for name, pose in zip(("pose_12", "pose_23"), output.chunk(2), strict=True):
            getattr(self, name).start_at(pose)
