"""The task bank: networks that the paper's authors trained and released, in their own form."""

import re
from collections.abc import Mapping
from pathlib import Path

from torch import Tensor

from taskonomy_kedro.core.errors import UserError
from taskonomy_kedro.core.labels.kinds import kind_of
from taskonomy_kedro.core.networks.decoder import Decoder
from taskonomy_kedro.core.networks.dense import DenseDecoder
from taskonomy_kedro.core.networks.encoder import without_global_draws
from taskonomy_kedro.core.networks.heads import FullyConnectedHead
from taskonomy_kedro.core.networks.resnet50 import TaskonomyResNet50
from taskonomy_kedro.core.networks.weights import fill, read_state_dict, shape_at
from taskonomy_kedro.core.tasks import TASKS, Task, nearest_name_hint

_FILE = re.compile(r"(?P<task>[A-Za-z0-9_]+?)_(?P<part>encoder|decoder)(-[0-9a-fA-F]+)?\.(?P<ending>pth|dat)")

# where the names of the first release are not those of the published tables
_OTHER_OLD_NAMES = {
    "inpainting_whole": "inpainting",
    "segmentsemantic": "segment_semantic",
    "vanishing_point": "vanishing_point",
}
_OLD_NAMES = {task.published_name: task.name for task in TASKS.values()} | _OTHER_OLD_NAMES
_N_CLASSES = TASKS["segment_semantic"].label.size
_HEAD_TASKS = ("class_object", "class_scene")


def load_released_encoder(path: str | Path) -> TaskonomyResNet50:
    """Load a released encoder, ready for inference.

    Args:
        path: State dict of the released form, bare or under `state_dict`.

    Returns:
        The encoder in evaluation mode; its `in_channels` are the file's, 1 or 3 (colorization's may be
        either).

    Raises:
        UserError: No such file, not only tensors, or another architecture: says which key or shape.
    """
    state = read_state_dict(path)
    what = "the encoder taskonomy_resnet50"
    if "compress1.weight" not in state and {"decoder_output.0.weight", "fc0.weight"} & state.keys():
        raise UserError(f"{path} does not fit {what}: it holds a decoder (load_released_decoder)")
    in_channels = shape_at(state, "conv1.weight", 4, path=path, what=what)[1]
    if in_channels not in (1, 3):
        raise UserError(
            f"{path} does not fit {what}: 'conv1.weight' must read 1 or 3 channels, got {in_channels}"
        )
    with without_global_draws():
        encoder = TaskonomyResNet50(in_channels)
    fill(encoder, state, path=path, what=what)
    return encoder.eval()


def load_released_decoder(path: str | Path, task: Task | str | None = None) -> Decoder:
    """Load a released decoder or head, ready for inference.

    Args:
        path: State dict of the released form, bare or under `state_dict`.
        task: The task, or its name of today or of the first release. Where None, the file's name tells;
            where that does not either, an image decoder of 17 outputs is taken for semantic
            segmentation, the only one without tanh.

    Returns:
        The decoder in evaluation mode; of (n, 1, 8, h, w) it makes what the released one makes.

    Raises:
        UserError: No such file, not only tensors, another architecture or number of outputs (says which
            key or shape), an unknown task, or one whose decoder was not released.
    """
    state = read_state_dict(path)
    if "compress1.weight" in state:
        raise UserError(f"{path} does not fit a decoder: it holds an encoder (load_released_encoder)")
    known = _task_of(path) if task is None else _as_task(task)
    is_head = known.name in _HEAD_TASKS if known else "fc0.weight" in state
    decoder = _head(state, path, known) if is_head else _image_decoder(state, path, known)
    return decoder.eval()


def find_released(weights_dir: str | Path) -> dict[str, Path]:
    """Return the released files in a folder, by `{task}_encoder` and `{task}_decoder`, sorted.

    Files are named `{task}_{encoder|decoder}-{hex}.pth`, older ones `.dat`; old task names are translated.
    Where both are there, the `.pth` is taken. Other files are left alone.

    Raises:
        UserError: No such folder, no such file in it, two files for one network, an unknown task.
    """
    folder = Path(weights_dir)
    if not folder.is_dir():
        raise UserError(f"weights_dir must be a folder of released weights, got {folder}")
    found: dict[str, Path] = {}
    for path in sorted(folder.iterdir()):
        parts = _FILE.fullmatch(path.name)
        if parts is None or not path.is_file():
            continue
        key = f"{_as_task(parts['task'], context=path.name).name}_{parts['part']}"
        if key in found and found[key].suffix == path.suffix:
            raise UserError(f"{folder} holds two files for {key}: {found[key].name} and {path.name}")
        if key not in found or path.suffix == ".pth":
            found[key] = path
    if not found:
        raise UserError(
            f"{folder} holds no released weights; wanted files such as normal_encoder-0123abcd.pth"
        )
    return dict(sorted(found.items()))


def _as_task(task: Task | str, *, context: str = "") -> Task:
    if isinstance(task, Task):
        return task
    name = _OLD_NAMES.get(task, task)
    if name not in TASKS:
        where = f" in the file name {context}" if context else ""
        raise UserError(f"unknown task {task!r}{where}{nearest_name_hint(task, [*TASKS, *_OLD_NAMES])}")
    return TASKS[name]


def _task_of(path: str | Path) -> Task | None:
    """Return the task that a file's name tells; None for a name of another form."""
    parts = _FILE.fullmatch(Path(path).name)
    name = _OLD_NAMES.get(parts["task"], parts["task"]) if parts else ""
    return TASKS.get(name)


def _image_decoder(state: Mapping[str, Tensor], path: str | Path, task: Task | None) -> DenseDecoder:
    if task and task.decoder != "dense":
        raise UserError(
            f"{path}: no decoder was released for task {task.name}; there are those of image tasks but "
            f"colorization, and of {' and '.join(_HEAD_TASKS)}"
        )
    what = f"the image decoder of {task.name}" if task else "an image decoder"
    n_outputs = shape_at(state, "decoder_output.0.weight", 4, path=path, what=what)[0]
    if task:
        n_outputs = task.label.known_outputs or n_outputs
    task = task or (TASKS["segment_semantic"] if n_outputs == _N_CLASSES else TASKS["normal"])
    with without_global_draws():
        decoder = DenseDecoder(n_outputs, has_tanh=kind_of(task).is_bounded)
    fill(decoder, state, path=path, what=what)
    return decoder


def _head(state: Mapping[str, Tensor], path: str | Path, task: Task | None) -> FullyConnectedHead:
    what = f"the head of {task.name}" if task else "a head of two layers"
    hidden, n_features = shape_at(state, "fc0.weight", 2, path=path, what=what)
    n_outputs = shape_at(state, "fc2.weight", 2, path=path, what=what)[0]
    with without_global_draws():
        head = FullyConnectedHead(n_features, n_outputs, n_layers=2, hidden=hidden)
    fill(head, state, path=path, what=what)
    return head
