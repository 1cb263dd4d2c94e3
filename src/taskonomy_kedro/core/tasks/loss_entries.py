"""The losses by name: what is known of them without PyTorch.

Each is one module of `core.training.losses`, named as the loss.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class LossEntry:
    """What settings and recipes need to know of a loss.

    Attributes:
        kinds: The kinds of label that a custom task may learn with it.
        compares_pixels: Whether it compares drawn pixels of a map instead of all.
    """

    kinds: tuple[str, ...] = ()
    compares_pixels: bool = False


LOSS_ENTRIES: dict[str, LossEntry] = {
    "l1": LossEntry(kinds=("regression_map",)),
    "l2": LossEntry(kinds=("regression_map",)),
    "mse": LossEntry(kinds=("vector",)),
    "norm": LossEntry(kinds=("vector",)),
    "cycle_norm": LossEntry(),
    "cross_entropy": LossEntry(kinds=("class_map", "class")),
    "soft_cross_entropy": LossEntry(),
    "metric": LossEntry(compares_pixels=True),
    "none": LossEntry(),
}


def losses_of(kind: str) -> tuple[str, ...]:
    """Return the losses of custom tasks with a kind of label, the default first.

    Example:
        >>> losses_of("vector")
        ('mse', 'norm')
    """
    return tuple(loss for loss, entry in LOSS_ENTRIES.items() if kind in entry.kinds)
