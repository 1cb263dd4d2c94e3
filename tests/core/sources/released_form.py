"""State dicts of the released form, written key by key, and what they mean, in functional operations.

Nothing here uses the project's modules: keys and shapes are those of the released files, and the forward
passes follow the description of the released networks (TensorFlow's paddings written out).
"""

import math

import torch
from torch import Tensor
from torch.nn import functional

State = dict[str, Tensor]
UNITS = {1: (64, 3), 2: (128, 4), 3: (256, 6), 4: (512, 3)}  # layer: middle channels, units
STRIDED = {(1, 2), (2, 3)}  # (layer, unit)
DECODER = {
    **{"conv2": 1024, "conv3": 1024, "conv4": 512, "conv5": 256, "conv6": 256, "conv7": 128},
    **{
        "deconv8": 64,
        "conv9": 64,
        "deconv10": 32,
        "conv11": 32,
        "deconv12": 16,
        "conv13": 32,
        "deconv14": 16,
    },
}


class _Drawn:
    def __init__(self, seed: int, has_counters: bool) -> None:
        self.state: State = {}
        self.generator = torch.Generator().manual_seed(seed)
        self.has_counters = has_counters

    def normal(self, *shape: int) -> Tensor:
        return torch.randn(*shape, generator=self.generator)

    def conv(self, key: str, *shape: int) -> None:
        self.state[key] = self.normal(*shape) * math.sqrt(2 / math.prod(shape[1:]))

    def norm(self, key: str, channels: int) -> None:
        self.state[f"{key}.weight"] = 1 + 0.2 * self.normal(channels)
        self.state[f"{key}.bias"] = 0.2 * self.normal(channels)
        self.state[f"{key}.running_mean"] = 0.2 * self.normal(channels)
        self.state[f"{key}.running_var"] = 0.5 + torch.rand(channels, generator=self.generator)
        if self.has_counters:
            self.state[f"{key}.num_batches_tracked"] = torch.tensor(7)


def encoder_state(seed: int = 0, *, in_channels: int = 3, has_counters: bool = True) -> State:
    drawn = _Drawn(seed, has_counters)
    drawn.conv("conv1.weight", 64, in_channels, 7, 7)
    drawn.norm("bn1", 64)
    channels = 64
    for layer, (middle, n_units) in UNITS.items():
        for unit in range(n_units):
            key = f"layer{layer}.{unit}"
            drawn.conv(f"{key}.conv1.weight", middle, channels, 1, 1)
            drawn.norm(f"{key}.bn1", middle)
            drawn.conv(f"{key}.conv2.weight", middle, middle, 3, 3)
            drawn.norm(f"{key}.bn2", middle)
            drawn.conv(f"{key}.conv3.weight", 4 * middle, middle, 1, 1)
            drawn.norm(f"{key}.bn3", 4 * middle)
            if unit == 0:
                drawn.conv(f"{key}.downsample.0.weight", 4 * middle, channels, 1, 1)
                drawn.norm(f"{key}.downsample.1", 4 * middle)
            channels = 4 * middle
    drawn.conv("compress1.weight", 8, 2048, 3, 3)
    drawn.norm("compress_bn", 8)
    return drawn.state


def decoder_state(n_outputs: int, seed: int = 1, *, has_counters: bool = True) -> State:
    drawn = _Drawn(seed, has_counters)
    channels = 8
    for key, width in DECODER.items():
        if key.startswith("deconv"):
            drawn.conv(f"{key}.1.weight", channels, width, 3, 3)
            drawn.norm(f"{key}.3", width)
        else:
            drawn.conv(f"{key}.0.weight", width, channels, 3, 3)
            drawn.norm(f"{key}.1", width)
        channels = width
    drawn.conv("decoder_output.0.weight", n_outputs, 16, 3, 3)
    drawn.state["decoder_output.0.bias"] = drawn.normal(n_outputs)
    return drawn.state


def head_state(n_outputs: int, seed: int = 2, *, n_features: int = 2048, hidden: int = 2048) -> State:
    drawn = _Drawn(seed, has_counters=False)
    drawn.conv("fc0.weight", hidden, n_features)
    drawn.norm("bn0", hidden)
    drawn.conv("fc2.weight", n_outputs, hidden)
    drawn.state["fc2.bias"] = drawn.normal(n_outputs)
    return drawn.state


def thin(state: State) -> State:
    """Return the same keys and shapes, all zeros, in next to no bytes of a file."""
    return {key: torch.zeros((), dtype=value.dtype).expand(value.shape) for key, value in state.items()}


def _norm(state: State, key: str, x: Tensor) -> Tensor:
    shape = (1, -1, 1, 1) if x.ndim == 4 else (1, -1)
    mean, var = state[f"{key}.running_mean"].view(shape), state[f"{key}.running_var"].view(shape)
    return (x - mean) / torch.sqrt(var + 1e-5) * state[f"{key}.weight"].view(shape) + state[
        f"{key}.bias"
    ].view(shape)


def _unit(state: State, layer: int, unit: int, x: Tensor) -> Tensor:
    key = f"layer{layer}.{unit}"
    is_strided = (layer, unit) in STRIDED
    inner = functional.relu(_norm(state, f"{key}.bn1", functional.conv2d(x, state[f"{key}.conv1.weight"])))
    inner = functional.conv2d(
        functional.pad(inner, (1, 1, 1, 1)), state[f"{key}.conv2.weight"], stride=2 if is_strided else 1
    )
    inner = functional.relu(_norm(state, f"{key}.bn2", inner))
    inner = _norm(state, f"{key}.bn3", functional.conv2d(inner, state[f"{key}.conv3.weight"]))
    shortcut = x[:, :, ::2, ::2] if is_strided else x
    if unit == 0:
        shortcut = functional.conv2d(x, state[f"{key}.downsample.0.weight"])
        shortcut = _norm(state, f"{key}.downsample.1", shortcut)
    return functional.relu(inner + shortcut)


def encode(state: State, pictures: Tensor) -> Tensor:
    """Return what the released encoder makes of pictures (n, c, H, W) of even sides."""
    x = functional.conv2d(functional.pad(pictures, (3, 3, 3, 3)), state["conv1.weight"], stride=2)
    x = functional.relu(_norm(state, "bn1", x))
    x = functional.max_pool2d(functional.pad(x, (0, 1, 0, 1), value=-math.inf), 3, stride=2)
    for layer, (_, n_units) in UNITS.items():
        for unit in range(n_units):
            x = _unit(state, layer, unit, x)
    x = functional.conv2d(x, state["compress1.weight"], padding=1)
    return functional.relu(_norm(state, "compress_bn", x))


def decode(state: State, representations: Tensor) -> Tensor:
    """Return what the released decoder makes of (n, 8, h, w), before any tanh."""
    x = representations
    for key in DECODER:
        if key.startswith("deconv"):
            x = functional.pad(x, (1, 0, 1, 0))
            x = functional.conv_transpose2d(x, state[f"{key}.1.weight"], stride=2, padding=1)[:, :, 1:, 1:]
            x = _norm(state, f"{key}.3", x)
        else:
            x = _norm(state, f"{key}.1", functional.conv2d(x, state[f"{key}.0.weight"], padding=1))
        x = torch.where(x > 0, x, 0.2 * x)
    return functional.conv2d(x, state["decoder_output.0.weight"], state["decoder_output.0.bias"], padding=1)


def classify(state: State, representations: Tensor) -> Tensor:
    """Return what the released head makes of (n, 8, h, w): logits."""
    rows = [
        [number for row in item for cell in row for number in cell]
        for item in representations.permute(0, 2, 3, 1).tolist()
    ]
    x = torch.tensor(rows) @ state["fc0.weight"].T
    return functional.relu(_norm(state, "bn0", x)) @ state["fc2.weight"].T + state["fc2.bias"]
