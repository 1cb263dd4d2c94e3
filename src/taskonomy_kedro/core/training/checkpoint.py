"""The state of a training that was not finished."""

import io
import logging
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch

from taskonomy_kedro.core.preparation.disk import writing

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class CheckpointFile:
    """One file, replaced whole.

    Attributes:
        path: In a folder of one recipe.
    """

    path: Path

    def write(self, content: Mapping[str, Any]) -> None:
        """Replace the file.

        Raises:
            CannotWriteError: The disk is full or cannot be written; the last checkpoint is as it was.
        """
        unfinished = self.path.with_name(f".{self.path.name}.unfinished")
        packed = io.BytesIO()  # torch reports a failing disk in words of its own
        torch.save(dict(content), packed)
        with writing(self.path):
            self.path.parent.mkdir(parents=True, exist_ok=True)
            try:
                with unfinished.open("wb") as file:
                    file.write(packed.getbuffer())
            except OSError:
                unfinished.unlink(missing_ok=True)
                raise
            unfinished.replace(self.path)

    def read(self, device: torch.device) -> Any:
        """Return what was written last, None where there is nothing that can be read."""
        if not self.path.exists():
            return None
        try:
            found = torch.load(self.path, map_location=device, weights_only=True)
        except Exception as error:  # torch raises half a dozen kinds for a damaged file
            logger.warning("%s cannot be read (%s): the training restarts", self.path, error)
            return None
        if not isinstance(found, dict) or "state" not in found:
            logger.warning("%s is no checkpoint: the training restarts", self.path)
            return None
        logger.info("resuming from %s, step %s", self.path, found["state"]["step"])
        return found

    def remove(self) -> None:
        """Remove the file, if it is there."""
        self.path.unlink(missing_ok=True)
