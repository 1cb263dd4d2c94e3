"""All candidates of a target together: losses per image, and the rows of the table `transfers`."""

from collections import Counter
from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from taskonomy_kedro.core.candidates import Candidate, ImageLosses
from taskonomy_kedro.core.errors import UserError
from taskonomy_kedro.core.readouts.transfer_losses import TransferLosses
from taskonomy_kedro.core.tasks import Task
from taskonomy_kedro.core.training.products import LOSS_ROWS, TaskLosses

TRANSFER_COLUMNS = (
    "target", "sources", "order", "kind", "seconds", "steps", "best_step", "best_validation_loss", "rank",
    "mean_test_loss", "failure",
)  # fmt: skip


def gather_losses(task: Task, full: TaskLosses, products: Sequence[TransferLosses]) -> ImageLosses:
    """Put the losses of a target's candidates below one another.

    Args:
        task: The target.
        full: Of its task-specific network, which was scored when it was trained.
        products: Of scratch network and readouts; those that failed are omitted.

    Returns:
        Full supervision first, where there is one. No row at all where everything failed.

    Raises:
        UserError: The task-specific network was scored on other images.
    """
    known = [ids for ids in (*(product.item_ids for product in products), full.item_ids) if ids]
    item_ids = known[0] if known else ()
    rows = [np.zeros((0, len(item_ids)), np.float32)]  # where nothing at all was trained
    transfer_ids: list[str] = []
    if not full.failure:
        if full.item_ids != item_ids:
            raise UserError(f"the network of {task.name!r} was scored on other items than its readouts")
        rows.append(full.values[LOSS_ROWS.index("task_network")][None])
        transfer_ids.append(_full_supervision(task).transfer_id)
    for product in products:
        if len(product.transfer_ids):
            rows.append(product.values)
            transfer_ids += product.transfer_ids
    return ImageLosses(
        values=np.concatenate(rows).astype(np.float32, copy=False),
        transfer_ids=tuple(transfer_ids),
        image_ids=_labels(item_ids),
    )


def tabulate_transfers(task: Task, full: TaskLosses, products: Sequence[TransferLosses]) -> pd.DataFrame:
    """Return a row for each candidate of a target, those that failed among them.

    Returns:
        `TRANSFER_COLUMNS`; `rank` counts the first-order sources by validation loss from 1, the order
        that higher orders were chosen by.
    """
    ranking: list[str] = next(
        (product.outcome["ranking"] for product in products if "ranking" in product.outcome), []
    )
    rows = [
        _row(_full_supervision(task), {"failure": full.failure, "mean_test_loss": full.outcome.get("loss")})
    ]
    for product in products:
        for facts in product.outcome.get("facts", ()):
            candidate = Candidate.from_transfer_id(facts["transfer_id"])
            row = _row(candidate, facts)
            if candidate.order == 1 and candidate.sources[0] in ranking:
                row["rank"] = ranking.index(candidate.sources[0]) + 1
            rows.append(row)
    table = pd.DataFrame(rows, columns=list(TRANSFER_COLUMNS))
    numbers = [
        name for name in TRANSFER_COLUMNS if name not in ("target", "sources", "order", "kind", "failure")
    ]
    return table.astype(dict.fromkeys(numbers, "float64"))


def _labels(item_ids: Sequence[str]) -> tuple[str, ...]:
    """Return a label of its own for each item: a pair that was drawn twice is `a|b` and `a|b#2`."""
    times: Counter[str] = Counter()
    labels = []
    for item_id in item_ids:
        times[item_id] += 1
        labels.append(item_id if times[item_id] == 1 else f"{item_id}#{times[item_id]}")
    return tuple(labels)


def _full_supervision(task: Task) -> Candidate:
    return Candidate(target=task.name, sources=(task.name,), kind="full_supervision")


def _row(candidate: Candidate, facts: dict[str, Any]) -> dict[str, Any]:
    return {
        "target": candidate.target,
        "sources": list(candidate.sources),
        "order": candidate.order,
        "kind": candidate.kind,
        "seconds": facts.get("seconds"),
        "steps": facts.get("steps"),
        "best_step": facts.get("best_step"),
        "best_validation_loss": facts.get("best_validation"),
        "mean_test_loss": facts.get("mean_test_loss"),
        "failure": facts.get("failure") or "",
    }
