"""The state of an unfinished training."""

import io
import logging
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch

from taskonomy_kedro.core.disk import replacing
from taskonomy_kedro.core.hashing import text_hash

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class CheckpointFile:
    """One file, which is replaced as a whole.

    Attributes:
        path: In a folder of one recipe: what is found there is the state of the same training.
    """

    path: Path

    def part(self, *names: str) -> "CheckpointFile":
        """Return the file next to it for a part of the training, such as one stack of readouts."""
        return CheckpointFile(self.path.with_stem(f"{self.path.stem}_{text_hash('/'.join(names))}"))

    def write(self, content: Mapping[str, Any]) -> None:
        """Replace the file.

        Raises:
            CannotWriteError: The disk is full or cannot be written; the last checkpoint is unchanged.
        """
        packed = io.BytesIO()  # torch reports a failing disk in words of its own
        torch.save(dict(content), packed)
        with replacing(self.path) as file:
            file.write(packed.getbuffer())

    def read(self, device: torch.device) -> Any:
        """Return what was written last; None if there is nothing that can be read."""
        if not self.path.exists():
            return None
        try:
            content = torch.load(self.path, map_location=device, weights_only=True)
            logger.info("resuming from %s, step %s", self.path, content["step"])
        except Exception as error:  # torch raises half a dozen kinds for a damaged file
            logger.warning("%s cannot be read (%s): the training starts again", self.path, error)
            return None
        return content

    def remove(self) -> None:
        """Remove the file, if it is there."""
        self.path.unlink(missing_ok=True)
