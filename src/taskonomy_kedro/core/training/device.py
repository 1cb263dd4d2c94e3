"""The one place where a device, its threads and its number format are chosen."""

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass

import joblib
import torch

from taskonomy_kedro.core.errors import UserError
from taskonomy_kedro.core.tasks.naming import counted
from taskonomy_kedro.core.training.settings import ComputeSettings


@dataclass(frozen=True, kw_only=True)
class Compute:
    """Where and how to compute.

    Attributes:
        device: A processor or GPU.
        autocast_dtype: Format of matrix products and convolutions, None for float32.
        threads: Threads of one operation on the processor.
    """

    device: torch.device
    autocast_dtype: torch.dtype | None
    threads: int

    def autocast(self) -> AbstractContextManager[object]:
        """Return the context that forward passes run in."""
        if self.autocast_dtype is None:
            return nullcontext()
        return torch.autocast(self.device.type, self.autocast_dtype)

    @contextmanager
    def own_threads(self) -> Iterator[None]:
        """Use the chosen number of threads within the context; restore the number after it."""
        before = torch.get_num_threads()
        torch.set_num_threads(self.threads)
        try:
            yield
        finally:
            torch.set_num_threads(before)

    @property
    def name(self) -> str:
        """Name of the device."""
        if self.device.type == "cuda":
            return torch.cuda.get_device_name(self.device)
        return f"{self.device.type}, {counted(self.threads, 'thread')}"


def choose_compute(settings: ComputeSettings) -> Compute:
    """Choose a device, its format and threads.

    Args:
        settings: `device: auto` is a GPU if there is one; `precision: auto` is bfloat16 if the device
            computes with it in hardware.

    Raises:
        UserError: The device that was asked for is not there.
        ValueError: The requested device is not available.
    """
    name = settings.device
    if name == "auto":
        name = "cuda" if torch.cuda.is_available() else "cpu"
    if name == "cuda" and not torch.cuda.is_available():
        raise UserError("compute.device is 'cuda' and there is no GPU that torch can use; set it to 'auto'")
    device = torch.device(name)
    has_bfloat16 = _has_bfloat16(device)
    is_bfloat16 = settings.precision == "bfloat16" or (settings.precision == "auto" and has_bfloat16)
    return Compute(
        device=device,
        autocast_dtype=torch.bfloat16 if is_bfloat16 else None,
        threads=settings.threads or joblib.cpu_count(),
    )


def _has_bfloat16(device: torch.device) -> bool:
    """Return whether the device multiplies bfloat16 in hardware; emulated, it is slower than float32."""
    if device.type == "cuda":
        return torch.cuda.is_bf16_supported(including_emulation=False)
    return bool(torch.ops.mkldnn._is_mkldnn_bf16_supported())
