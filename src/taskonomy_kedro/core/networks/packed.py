"""A trained network with all that is needed to use it on pictures, apart from the data it learned from."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Self

import numpy as np
import torch
from torch import Tensor

from taskonomy_kedro.core.errors import UserError
from taskonomy_kedro.core.labels.colors import lightness
from taskonomy_kedro.core.networks.building import make_decoder, make_encoder
from taskonomy_kedro.core.networks.settings import NetworkSettings
from taskonomy_kedro.core.networks.task_network import TaskNetwork
from taskonomy_kedro.core.tasks.task import Label, Reads, Task

FACTS, WEIGHTS = "facts.json", "weights.pt"
_BYTE_SCALE = float(np.float32(1 / 127.5))


@dataclass(frozen=True, kw_only=True)
class NetworkFacts:
    """What a network is built from.

    Attributes:
        task: What it reads and puts out.
        network: Which encoder and decoder.
        picture_size: Pixels a side of a picture, or of a tile.
        n_outputs: Numbers it puts out per pixel or item.
    """

    task: Task
    network: NetworkSettings
    picture_size: int
    n_outputs: int

    @property
    def input_shape(self) -> tuple[int, ...]:
        """Shape of one item: (H, W, 3), or (k, H, W, 3) where k pictures or tiles belong together."""
        side, count = self.picture_size, self.task.reads.n_inputs
        return (side, side, 3) if count == 1 else (count, side, side, 3)

    def to_json(self) -> str:
        """Write them as text."""
        return json.dumps({**asdict(self), "network": self.network.model_dump()}, indent=1)

    @classmethod
    def from_json(cls, text: str) -> Self:
        """Read what `to_json` wrote."""
        facts = json.loads(text)
        task: Any = facts["task"]
        if task["label"]["stored_range"] is not None:
            task["label"]["stored_range"] = tuple(task["label"]["stored_range"])
        task["label"], task["reads"] = Label(**task["label"]), Reads(**task["reads"])
        task["domains"] = tuple(task["domains"])
        return cls(
            task=Task(**task),
            network=NetworkSettings(**facts["network"]),
            picture_size=facts["picture_size"],
            n_outputs=facts["n_outputs"],
        )


class PackedNetwork:
    """Pictures in, the network's output out; on the processor."""

    def __init__(self, facts: NetworkFacts, weights: Mapping[str, Tensor]) -> None:
        """Build the network.

        Raises:
            RuntimeError: The weights are of another architecture; torch names the keys.
        """
        self.facts = facts
        task, size = facts.task, facts.picture_size
        encoder = make_encoder(facts.network, in_channels=task.reads.n_channels, image_size=size)
        decoder = make_decoder(facts.network, task, n_outputs=facts.n_outputs, image_size=size)
        self._network = TaskNetwork(encoder, decoder)
        self._network.load_state_dict(dict(weights))
        self._network.eval()

    @classmethod
    def open(cls, facts: Path, weights: Path) -> Self:
        """Read both files; no code in them is run."""
        tensors = torch.load(weights, map_location="cpu", weights_only=True)
        return cls(NetworkFacts.from_json(facts.read_text()), tensors)

    def predict(self, pictures: np.ndarray) -> np.ndarray:
        """Return the network's output for each item, float32, of the form that is learned (docs/method.md).

        Args:
            pictures: (n, *input_shape) uint8, red, green, blue. Nothing is added to them: denoising is
                given its noisy picture, jigsaw its shuffled tiles. Colorization keeps their lightness
                only, and in-painting blanks their middle.

        Raises:
            UserError: Another shape or type.
        """
        wanted = self.facts.input_shape
        if pictures.shape[1:] != wanted or pictures.dtype != np.uint8:
            shape = ", ".join(map(str, wanted))
            raise UserError(
                f"the network of {self.facts.task.name} wants pictures (n, {shape}) of uint8, "
                f"got {pictures.shape} of {pictures.dtype}"
            )
        with torch.inference_mode():
            output: np.ndarray = self._network(self._seen(pictures)).float().numpy()
        return output

    def _seen(self, pictures: np.ndarray) -> Tensor:
        """Return what the network sees, (n, k, channels, H, W) float32 in [-1, 1]."""
        transform = self.facts.task.reads.transform
        if transform == "lightness":
            return torch.from_numpy(lightness(pictures))[:, None]
        whole = torch.from_numpy(np.ascontiguousarray(pictures))  # torch takes no flipped arrays
        seen = whole.movedim(-1, -3).to(torch.float32).mul_(_BYTE_SCALE).sub_(1.0)
        if transform == "hole":
            height, width = seen.shape[-2:]
            seen[..., height // 4 : 3 * height // 4, width // 4 : 3 * width // 4] = 0.0
        return seen if seen.ndim == 5 else seen[:, None]
