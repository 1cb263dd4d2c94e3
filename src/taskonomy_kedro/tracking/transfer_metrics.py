"""What the transfers into one target are compared by."""

import math
import time
from typing import Any

import pandas as pd

from taskonomy_kedro.core.readouts.transfer_losses import TransferLosses
from taskonomy_kedro.tracking.network_metrics import Tracks


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


def score_tracks(
    affinities: pd.DataFrame, win_rates: pd.DataFrame, now: float | None = None
) -> dict[str, Tracks]:
    """Return what the tournament of each target says of its best transfer, by target.

    Args:
        affinities: The table `affinities`.
        win_rates: The table `win_rates`.
        now: When they were found, seconds since 1970; empty: now.

    Returns:
        Gain and quality of the transfer with the highest affinity, its sources as a tag.
    """
    moment = int((time.time() if now is None else now) * 1000)
    keys = ["target", "order", "kind"]
    both = affinities.assign(key=affinities["sources"].map("+".join)).merge(
        win_rates.assign(key=win_rates["sources"].map("+".join))[[*keys, "key", "gain", "quality"]],
        on=[*keys, "key"],
    )
    found = {}
    transfers = both[both["kind"] == "transfer"].sort_values("affinity")
    for target, row in transfers.groupby("target").tail(1).set_index("target").iterrows():
        numbers = {f"test/best_transfer_{name}": float(row[name]) for name in ("gain", "quality")}
        metrics = tuple((name, value, moment, 0) for name, value in numbers.items() if not math.isnan(value))
        found[str(target)] = Tracks(metrics=metrics, tags={"best_transfer": " + ".join(row["sources"])})
    return found


def best_fact(product: TransferLosses) -> dict[str, Any]:
    """Return what is known of the readout with the best validation loss, empty where there is none."""
    known = [fact for fact in product.outcome.get("facts", ()) if not fact["failure"]]
    return min(known, key=lambda fact: fact["best_validation"]) if known else {}


def failed_transfers(product: TransferLosses) -> dict[str, str]:
    """Return why readouts are left out, by their labels."""
    facts = product.outcome.get("facts", ())
    return {fact["transfer_id"]: fact["failure"] for fact in facts if fact["failure"]}
