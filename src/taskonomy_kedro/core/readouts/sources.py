"""The representations that readouts read."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import torch
from torch import Tensor

from taskonomy_kedro.core.errors import UserError
from taskonomy_kedro.core.labels.statistics import LabelStatistics
from taskonomy_kedro.core.networks.encoder import CHANNELS
from taskonomy_kedro.core.preparation.prepared import PreparedSplit
from taskonomy_kedro.core.tasks import Task, nearest_name_hint
from taskonomy_kedro.core.training.products import Representations
from taskonomy_kedro.core.training.task_dataset import TaskDataset


@dataclass(frozen=True, kw_only=True, eq=False)
class Sources:
    """Representations by every source, of the images that readouts learn from and are measured on.

    Attributes:
        names: Of the sources, in the order of their channels.
        content: Hash of the representations, by source.
        arrays: By split and source, (n_images, 8, h, w) float16, memory-mapped.
        left_out: Why there are no representations, by source.
    """

    names: tuple[str, ...]
    content: Mapping[str, str]
    arrays: Mapping[str, Mapping[str, np.ndarray]]
    left_out: Mapping[str, str] = field(default_factory=dict)
    _held: dict[str, Tensor] = field(default_factory=dict, repr=False)

    def hold(self, limit_bytes: int) -> None:
        """Read all into memory, if that takes at most `limit_bytes`."""
        total = sum(array.nbytes for split in self.arrays.values() for array in split.values())
        if self._held or total > limit_bytes:
            return
        for split, arrays in self.arrays.items():
            n_images, _, height, width = next(iter(arrays.values())).shape
            held = torch.empty((n_images, height, width, len(self.names) * CHANNELS), dtype=torch.float16)
            for number, name in enumerate(self.names):
                part = torch.from_numpy(np.array(arrays[name])).permute(0, 2, 3, 1)
                held[..., number * CHANNELS : (number + 1) * CHANNELS] = part
            self._held[split] = held

    def batch(self, split: str, rows: np.ndarray, sets: Sequence[Sequence[str]]) -> Tensor:
        """Return the representations of some images for some source sets.

        Args:
            split: Which.
            rows: (n, k) images of n items.
            sets: Source sets of one size, whose channels follow one another.

        Returns:
            (n, k, S·8·order, h, w) float32, channels last in memory.
        """
        flat = torch.from_numpy(rows.reshape(-1))
        names = [name for members in sets for name in members]
        if split in self._held:
            channels = [self.names.index(name) * CHANNELS + c for name in names for c in range(CHANNELS)]
            found = self._held[split][flat][..., torch.tensor(channels)]
        else:
            read = {name: self._read(split, name, flat) for name in dict.fromkeys(names)}
            found = torch.cat([read[name] for name in names], dim=3)
        return found.float().permute(0, 3, 1, 2).unflatten(0, rows.shape)

    def _read(self, split: str, name: str, rows: Tensor) -> Tensor:
        array = self.arrays[split][name]
        return torch.from_numpy(np.ascontiguousarray(array[rows.numpy()])).permute(0, 2, 3, 1)


def gather_sources(
    names: Iterable[str], products: Iterable[Representations], splits: Mapping[str, PreparedSplit]
) -> Sources:
    """Put the representations of all sources together.

    Args:
        names: Sources that are wanted.
        products: Their representations.
        splits: The images whose labels will be learned, by name.

    Raises:
        UserError: Representations of a source are missing, or of another number of images or shape.
    """
    found = {product.task: product for product in products}
    wanted = list(names)
    for name in wanted:
        if name not in found:
            raise UserError(
                f"the source {name!r} has no representations{nearest_name_hint(name, found)}; "
                "run the pipeline task_modeling"
            )
    left_out = {name: found[name].failure for name in wanted if found[name].failure}
    able = [name for name in wanted if name not in left_out]
    if not able:
        raise UserError(f"no source has representations: {'; '.join(left_out.values())}")
    shapes = {}
    for name in able:
        for split, prepared in splits.items():
            array = found[name].arrays[split]
            if len(array) != len(prepared):
                raise UserError(
                    f"the representations by {name!r} of the split {split!r} are of {len(array)} images, "
                    f"and the split has {len(prepared)}; run the pipeline task_modeling again"
                )
            shapes[name] = array.shape[1:]
    if len(set(shapes.values())) > 1:
        other = next(name for name in able if shapes[name] != shapes[able[0]])
        raise UserError(
            f"representations must have one shape: {able[0]!r} has {shapes[able[0]]}, "
            f"{other!r} has {shapes[other]}"
        )
    return Sources(
        names=tuple(able),
        content={name: found[name].content for name in able},
        arrays={split: {name: found[name].arrays[split] for name in able} for split in splits},
        left_out=left_out,
    )


def check_labels(
    targets: Iterable[Task], splits: Mapping[str, PreparedSplit], statistics: LabelStatistics
) -> None:
    """Refuse targets of which a split has no labels.

    Raises:
        UserError: Names target and split, before any training.
    """
    for task in targets:
        for split in splits.values():
            TaskDataset(task, split, statistics, seed=0)  # its error says what is missing
