"""The losses by name; each is one module of `core.training.losses` with the same name."""

LOSS_KINDS: dict[str, tuple[str, ...]] = {
    "l1": ("regression_map",),
    "l2": ("regression_map",),
    "mse": ("vector",),
    "norm": ("vector",),
    "cycle_norm": (),  # of two of the three poses of a triplet
    "cross_entropy": ("class_map", "class"),
    "soft_cross_entropy": ("soft_class", "color_bins"),
    "metric": ("region_map",),
    "none": ("none",),
}
"""The kinds of label that a loss accepts, in any task; a custom task takes the first loss of its kind."""


def losses_of(kind: str) -> tuple[str, ...]:
    """Return the losses that accept a kind of label, the default first.

    Example:
        >>> losses_of("vector")
        ('mse', 'norm')
    """
    return tuple(loss for loss, kinds in LOSS_KINDS.items() if kind in kinds)
