"""Reads files of weights: tensors only, and a message that says which key or shape differs."""

import pickle
import warnings
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn

from taskonomy_kedro.core.errors import UserError
from taskonomy_kedro.core.tasks.naming import nearest_name_hint

_COUNTER = "num_batches_tracked"  # of batch normalisation; older files lack it, inference does not need it


def read_state_dict(path: str | Path) -> dict[str, Tensor]:
    """Return the tensors of a file of weights by key, on the processor.

    Args:
        path: Of a dict of tensors, or of a dict whose entry `state_dict` is one.

    Raises:
        UserError: No such file, or it holds anything else; nothing but tensors and plain containers is
            ever read, so no code in the file can run.
    """
    path = Path(path)
    if not path.is_file():
        near = [entry.name for entry in path.parent.iterdir()] if path.parent.is_dir() else []
        hint = nearest_name_hint(path.name, near, list_all=False)
        raise UserError(f"there is no file of weights {path}{hint}")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # on old pickle protocols; what matters is checked below
            content = torch.load(path, map_location="cpu", weights_only=True)
    except (pickle.UnpicklingError, RuntimeError, EOFError, ValueError, KeyError) as error:
        reason = str(error).strip().splitlines()[0] if str(error).strip() else type(error).__name__
        raise UserError(f"{path} is no file of tensors that torch.load reads: {reason}") from error
    state = content.get("state_dict", content) if isinstance(content, Mapping) else content
    if not isinstance(state, Mapping):
        raise UserError(f"{path} must hold a dict of tensors by key, got a {type(state).__name__}")
    for key, value in state.items():
        if not isinstance(value, Tensor):
            raise UserError(f"{path} must hold a tensor under every key, got a {_kind(value)} under {key!r}")
    return dict(state)


def fill(module: nn.Module, state: Mapping[str, Tensor], *, path: str | Path, what: str) -> None:
    """Put the tensors of a file into a module, all of them or none.

    Args:
        module: Changed in place.
        state: Tensors by key; counters of batch normalisation may be missing.
        path: Of the file, for the message.
        what: What the module is, for the message.

    Raises:
        UserError: A key is missing or unknown, or a shape differs.
    """
    wanted = module.state_dict()
    beginning = f"{path} does not fit {what}:"
    missing = [key for key in wanted if key not in state and not key.endswith(_COUNTER)]
    if missing:
        hint = nearest_name_hint(missing[0], state, list_all=False)
        raise UserError(f"{beginning} {_count(missing)} missing, first {missing[0]!r}{hint}")
    unknown = [key for key in state if key not in wanted]
    if unknown:
        hint = nearest_name_hint(unknown[0], wanted, list_all=False)
        raise UserError(f"{beginning} {_count(unknown)} unknown, first {unknown[0]!r}{hint}")
    for key, tensor in state.items():
        if tensor.shape != wanted[key].shape:
            raise UserError(f"{beginning} {key!r} must be {_shape(wanted[key])}, got {_shape(tensor)}")
    module.load_state_dict(dict(state), strict=False)


def shape_at(state: Mapping[str, Tensor], key: str, n_axes: int, *, path: str | Path, what: str) -> list[int]:
    """Return the shape of the tensor under a key, which tells how large a network to build.

    Raises:
        UserError: The key is missing, or the tensor has another number of axes.
    """
    if key not in state:
        hint = nearest_name_hint(key, state, list_all=False)
        raise UserError(f"{path} does not fit {what}: {key!r} is missing{hint}")
    if state[key].ndim != n_axes:
        raise UserError(
            f"{path} does not fit {what}: {key!r} must have {n_axes} axes, got {_shape(state[key])}"
        )
    return list(state[key].shape)


def _count(keys: list[str]) -> str:
    return "1 key is" if len(keys) == 1 else f"{len(keys)} keys are"


def _shape(tensor: Tensor) -> str:
    return "×".join(str(size) for size in tensor.shape) or "a single number"


def _kind(value: Any) -> str:
    return type(value).__name__
