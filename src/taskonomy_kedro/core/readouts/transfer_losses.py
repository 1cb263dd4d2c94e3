"""Losses of the transfers of one target and order."""

from dataclasses import dataclass, field

import numpy as np

from taskonomy_kedro.core.training.products import Product


@dataclass(frozen=True, kw_only=True, eq=False)
class TransferLosses(Product):
    """Losses of some candidates of one target on each test item; their weights are not stored.

    `outcome` has `facts`, one table for each candidate: its sources, validation loss, steps and failure;
    and of the first order the `ranking`. `task` is `target/order_1`.

    Attributes:
        transfer_ids: Label of each row, as `Candidate.transfer_id` writes it; without those that failed.
        item_ids: Ids of the test items, `a|b` for pairs.
        values: (n_candidates, n_items) float32; NaN where an item has no label.
    """

    transfer_ids: tuple[str, ...] = ()
    item_ids: tuple[str, ...] = ()
    values: np.ndarray = field(default_factory=lambda: np.zeros((0, 0), np.float32))
