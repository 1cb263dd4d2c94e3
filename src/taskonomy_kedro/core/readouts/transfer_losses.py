"""What the transfers of one target and order are remembered by."""

from dataclasses import dataclass, field

import numpy as np

from taskonomy_kedro.core.training.products import Product


@dataclass(frozen=True, kw_only=True, eq=False)
class TransferLosses(Product):
    """Losses of some candidates of one target on each test item; their weights are not kept.

    `outcome` has `facts`, one table for each candidate: its sources, validation loss, steps, and why it is
    left out, if it is; and of the first order the `ranking`. `task` is `target/order_1`, where it is kept.

    Attributes:
        transfer_ids: Label of each row, as `Candidate.transfer_id` writes it; without those left out.
        item_ids: Ids of the test items, `a|b` for pairs.
        values: (n_candidates, n_items) float32; NaN where nothing of an item is known.
    """

    transfer_ids: tuple[str, ...] = ()
    item_ids: tuple[str, ...] = ()
    values: np.ndarray = field(default_factory=lambda: np.zeros((0, 0), np.float32))
