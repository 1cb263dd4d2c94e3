"""The layers of a task's network as a table; builds it without memory or draws, and trains nothing."""

from collections.abc import Sequence
from functools import partial
from typing import Any

from taskonomy_kedro.core.networks.settings import NetworkSettings
from taskonomy_kedro.core.tasks.task import Task

_UNKNOWN_CLASSES = 10  # placeholder where only the prepared images determine the number


def layer_table(task: Task, settings: NetworkSettings, *, image_size: int) -> str:
    """Return the layers that the pictures of one item go through, a line a layer.

    Args:
        task: Whose network; one without a decoder has the encoder alone.
        settings: Which networks, and how wide.
        image_size: Pixels a side of what the encoder reads.

    Returns:
        What goes in and how many numbers are learned; then name, kind, shape of the output without the
        item's axis, and numbers learned of each layer, narrow enough to fit beside a graph. A batch
        normalisation counts with the layer before it; layers that learn nothing and keep the shape, such as
        ReLU, are omitted.

    Raises:
        ValueError: The image size does not fit the encoder.
    """
    import torch

    from taskonomy_kedro.core.networks.building import make_decoder, make_encoder
    from taskonomy_kedro.core.networks.task_network import TaskNetwork

    is_open = task.decoder != "none" and task.label.known_outputs is None
    with torch.device("meta"):
        encoder = make_encoder(settings, in_channels=task.reads.n_channels, image_size=image_size)
        n_outputs = _UNKNOWN_CLASSES if is_open else None
        decoder = (
            None
            if task.decoder == "none"
            else make_decoder(settings, task, n_outputs=n_outputs, image_size=image_size)
        )
        pictures = torch.zeros(1, task.reads.n_inputs, task.reads.n_channels, image_size, image_size)
    network = TaskNetwork(encoder, decoder).eval()
    rows = _rows(network, pictures)
    total = sum(parameter.numel() for parameter in network.parameters())
    notes = [f"reads {_size(pictures)}, learns {total:,} numbers"]
    if is_open:
        notes.append(f"({_UNKNOWN_CLASSES} classes here; the images determine it)")
    return "\n".join([*notes, "", *_aligned([("encoder", "kind", "output", "learned"), *rows])])


def _rows(network: Any, pictures: Any) -> list[tuple[str, str, str, str]]:
    """Return a row for each layer, in the order in which the pictures meet them."""
    import torch

    met: list[tuple[str, Any, Any, int]] = []

    def note(name: str, layer: Any, inputs: tuple[Any, ...], output: Any) -> None:
        learned = sum(parameter.numel() for parameter in layer.parameters())
        if "BatchNorm" in type(layer).__name__ and met:
            before, other, size, count = met.pop()
            met.append((before.removesuffix(".0"), other, size, count + learned))
        elif learned or output.shape != inputs[0].shape:
            met.append((name, layer, output, learned))

    for name, layer in network.named_modules():
        if not list(layer.children()) and name:
            layer.register_forward_hook(partial(note, name))
    with torch.no_grad():
        if network.decoder is None:
            network.represent(pictures.flatten(0, 1))
        else:
            network(pictures)
    rows: list[tuple[str, str, str, str]] = []
    for name, layer, output, learned in met:
        part, _, rest = name.partition(".")
        if part == "decoder" and not any(row[0] == "decoder" for row in rows):
            rows += [("", "", "", ""), ("decoder", "", "", "")]
        told = rest.removeprefix("decoder_")
        rows.append((told, _kind(layer), _size(output), f"{learned:,}" if learned else ""))
    return rows


def _kind(layer: Any) -> str:
    name = type(layer).__name__.removesuffix("1d").removesuffix("2d").removeprefix("Positional")
    if "Conv" not in name:
        return name
    kernel = "×".join(map(str, layer.kernel_size))
    return f"{name} {kernel}" + (f" ÷{layer.stride[0]}" if layer.stride[0] > 1 else "")


def _size(array: Any) -> str:
    return "×".join(map(str, array.shape[1:]))


def _aligned(rows: Sequence[Sequence[str]]) -> list[str]:
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return [
        "  ".join(
            cell.rjust(width) if place == len(row) - 1 else cell.ljust(width)
            for place, (cell, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in rows
    ]
