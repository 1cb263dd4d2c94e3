"""What the transfers into one target are compared by."""

import time
from typing import Any

from taskonomy_kedro.core.transferring.products import TransferLosses
from taskonomy_kedro.tracking.networks import Tracks


def transfer_tracks(product: TransferLosses, part: str, now: float | None = None) -> Tracks:
    """Return what is logged of the readouts of one target and order, or of its scratch network.

    Args:
        product: What its node gave; one that was kept is logged from its record.
        part: Which it is: `order_1`, …, `scratch`.
        now: When it was finished, seconds since 1970; empty: now.

    Returns:
        Seconds, the best validation loss with the mean test loss of the same readout, and how many there
        are, all under the part's name; the best sources as a tag.
    """
    moment = int((time.time() if now is None else now) * 1000)
    best = best_fact(product)
    numbers: dict[str, float | None] = {
        f"effort/{part}_seconds": product.outcome.get("seconds"),
        f"transfers/{part}_readouts": float(len(product.outcome.get("facts", ()))),
        f"fit/{part}_best_validation_loss": best.get("best_validation"),
        f"test/{part}_loss": best.get("mean_test_loss"),
    }
    metrics = tuple((name, float(value), moment, 0) for name, value in numbers.items() if value is not None)
    tags = {f"best_of_{part}": " + ".join(best["sources"])} if best.get("sources") else {}
    left_out = failed_transfers(product)
    if left_out:
        tags[f"left_out_of_{part}"] = ", ".join(left_out)
    return Tracks(metrics=metrics, tags=tags)


def best_fact(product: TransferLosses) -> dict[str, Any]:
    """Return what is known of the readout with the best validation loss, empty where there is none."""
    known = [fact for fact in product.outcome.get("facts", ()) if not fact["failure"]]
    return min(known, key=lambda fact: fact["best_validation"]) if known else {}


def failed_transfers(product: TransferLosses) -> dict[str, str]:
    """Return why readouts are left out, by their labels."""
    facts = product.outcome.get("facts", ())
    return {fact["transfer_id"]: fact["failure"] for fact in facts if fact["failure"]}
