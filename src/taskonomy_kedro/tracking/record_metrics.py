"""From the record of a product to what MLflow shows of it."""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import pandas as pd

from taskonomy_kedro.tracking.settings import as_text

# MLflow draws metrics of one prefix together: curves, fit, test, effort.
_NETWORK = {
    "best_validation": "fit/best_validation_loss",
    "best_step": "fit/best_step",
    "steps": "fit/steps",
    "seconds": "effort/seconds",
    "images_per_second": "effort/images_per_second",
}
_BYTES = {
    "peak_memory_bytes": "effort/peak_memory_gib",
    "peak_gpu_memory_bytes": "effort/peak_gpu_memory_gib",
}
_LOSSES = {
    name: f"test/{name}"
    for name in (
        "loss", "average_guess_loss", "random_readout_loss", "beats_average_guess", "beats_random_readout",
        "n_items",
    )
}  # fmt: skip
_CURVES = {
    "train": "curve/train_loss",
    "validation": "curve/validation_loss",
    "learning_rate": "curve/learning_rate",
}
_SHARES = ("beats_average_guess", "beats_random_readout")


@dataclass(frozen=True, kw_only=True)
class Tracks:
    """Everything that is logged of a product.

    Attributes:
        params: Text by name.
        metrics: Numbers by name.
        curves: (name, value, step, seconds before the end of the training).
        tags: Text by name.
    """

    params: Mapping[str, str] = field(default_factory=dict)
    metrics: Mapping[str, float] = field(default_factory=dict)
    curves: tuple[tuple[str, float, int, float], ...] = ()
    tags: Mapping[str, str] = field(default_factory=dict)


def network_tracks(part: str, record: Mapping[str, Any], *, is_reused: bool) -> Tracks:
    """Return what is logged of a network, a random readout or the losses of a network.

    Args:
        part: `network`, `random_readout` or `losses`; nothing is logged of other parts.
        record: Of the product.
        is_reused: Whether an earlier run created it.
    """
    outcome = record["outcome"]
    if part == "network":
        return _network(record, is_reused)
    if part == "random_readout" and record["failure"]:
        return Tracks(tags={"random_readout_failure": record["failure"]})
    if part == "random_readout":
        return Tracks(metrics=_numbers(outcome, {"seconds": "effort/random_readout_seconds"}))
    return Tracks(metrics=_numbers(outcome, _LOSSES)) if part == "losses" else Tracks()


def transfer_tracks(part: str, record: Mapping[str, Any]) -> Tracks:
    """Return what is logged of the readouts of a target and order, or of its scratch network.

    Args:
        part: `order_1`, …, `scratch`; part of each name.
        record: Of the product.

    Returns:
        Seconds, number of readouts, best validation loss and the mean test loss of that readout; its
        sources and the readouts that failed as tags.
    """
    outcome, best = record["outcome"], best_readout(record)
    metrics = _numbers(outcome, {"seconds": f"effort/{part}_seconds"}) | _numbers(
        best,
        {
            "best_validation": f"fit/{part}_best_validation_loss",
            "mean_test_loss": f"test/{part}_loss",
        },
    )
    metrics[f"transfers/{part}_readouts"] = float(len(outcome.get("facts", ())))
    tags = {f"best_of_{part}": " + ".join(best["sources"])} if best.get("sources") else {}
    if failed := failed_readouts(record):
        tags[f"left_out_of_{part}"] = ", ".join(failed)
    return Tracks(metrics=metrics, tags=tags)


def score_tracks(affinities: pd.DataFrame, win_rates: pd.DataFrame) -> dict[str, Tracks]:
    """Return gain, quality and sources of the transfer with the highest affinity, by target.

    Args:
        affinities: The table `affinities`.
        win_rates: The table `win_rates`.
    """
    keys = ["target", "order", "kind", "key"]
    both = affinities.assign(key=affinities["sources"].map("+".join)).merge(
        win_rates.assign(key=win_rates["sources"].map("+".join))[[*keys, "gain", "quality"]], on=keys
    )
    best = both[both["kind"] == "transfer"].sort_values("affinity").groupby("target").tail(1)
    return {
        row["target"]: Tracks(
            metrics=_numbers(row, {name: f"test/best_transfer_{name}" for name in ("gain", "quality")}),
            tags={"best_transfer": " + ".join(row["sources"])},
        )
        for row in best.to_dict("records")
    }


def parent_tracks(records: Iterable[tuple[str, Mapping[str, Any]]], failures: Iterable[str]) -> Tracks:
    """Return what is logged of all networks together.

    Args:
        records: Part and record of each product of the task modelling.
        failures: Names of the networks that are missing.
    """
    outcomes = [(part, record["outcome"]) for part, record in records]
    losses = [outcome for part, outcome in outcomes if part == "losses"]
    trained = [outcome for part, outcome in outcomes if part == "network" and outcome.get("seconds")]
    metrics = {f"mean_{name}": mean for name in _SHARES if (mean := mean_of(losses, name)) is not None}
    if trained:
        seconds = sum(outcome["seconds"] for outcome in trained)
        images = sum(outcome["images_per_second"] * outcome["seconds"] for outcome in trained)
        metrics |= {"images_per_second": images / seconds, "training_seconds": seconds}
    names = ", ".join(failures)
    return Tracks(metrics=metrics, tags={"failed_networks": names} if names else {})


def mean_of(outcomes: Iterable[Mapping[str, Any]], name: str) -> float | None:
    """Return the mean of a number over tasks, None where no task has it."""
    known = [float(outcome[name]) for outcome in outcomes if outcome.get(name) is not None]
    return sum(known) / len(known) if known else None


def best_readout(record: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return the facts of the readout with the best validation loss, empty where there is none."""
    known = [facts for facts in record["outcome"].get("facts", ()) if not facts["failure"]]
    return min(known, key=lambda facts: facts["best_validation"]) if known else {}


def failed_readouts(record: Mapping[str, Any]) -> dict[str, str]:
    """Return why readouts failed, by their labels."""
    facts = record["outcome"].get("facts", ())
    return {one["transfer_id"]: one["failure"] for one in facts if one["failure"]}


def trained_images(record: Mapping[str, Any]) -> tuple[float, float]:
    """Return the images that a product was trained on, and the seconds that the training took."""
    outcome = record["outcome"]
    if "images_per_second" in outcome:
        return outcome["images_per_second"] * outcome["seconds"], outcome["seconds"]
    readouts = [facts for facts in outcome.get("facts", ()) if facts.get("pictures")]
    return sum(facts["pictures"] for facts in readouts), sum(facts["seconds"] for facts in readouts)


def created_at(record: Mapping[str, Any]) -> float:
    """Return when a product was finished, seconds since 1970."""
    return datetime.fromisoformat(record["created"]).timestamp()


def _network(record: Mapping[str, Any], is_reused: bool) -> Tracks:
    outcome, recipe = record["outcome"], record["recipe"] or {}
    sizes = {name: outcome[name] / 2**30 for name in _BYTES if name in outcome}
    facts = {name: outcome[name] for name in ("device", "precision") if name in outcome}
    settings = {**recipe.get("settings", {}), "recipe": recipe.get("hash", ""), **facts}
    tags = {"network": _origin(record, is_reused), "created_by": record["run"]}
    if record["failure"]:
        tags["failure"] = record["failure"]
    return Tracks(
        params={name: as_text(value) for name, value in _flat(settings)},
        metrics=_numbers(outcome, _NETWORK) | _numbers(sizes, _BYTES),
        curves=tuple(_curves(outcome)),
        tags=tags,
    )


def _origin(record: Mapping[str, Any], is_reused: bool) -> str:
    """Return `failed`, `reused`, `trained`, `released` or `untrained`."""
    if record["failure"]:
        return "failed"
    if is_reused:
        return "reused"
    if "curve" in record["outcome"]:
        return "trained"
    return "released" if record["outcome"].get("device") == "released" else "untrained"


def _flat(table: Mapping[str, Any], above: str = "") -> list[tuple[str, Any]]:
    """Return nested settings as `a.b.c`."""
    found: list[tuple[str, Any]] = []
    for key, value in table.items():
        is_table = isinstance(value, Mapping)
        found += _flat(value, f"{above}{key}.") if is_table else [(f"{above}{key}", value)]
    return found


def _curves(outcome: Mapping[str, Any]) -> Iterable[tuple[str, float, int, float]]:
    steps, seconds = max(outcome.get("steps", 1), 1), outcome.get("seconds", 0.0)
    for point in outcome.get("curve", ()):
        before_end = seconds * (1 - point["step"] / steps)
        for key, name in _CURVES.items():
            yield name, float(point[key]), int(point["step"]), before_end


def _numbers(values: Mapping[Any, Any], names: Mapping[str, str]) -> dict[str, float]:
    known = {name: values[key] for key, name in names.items() if values.get(key) is not None}
    return {name: float(value) for name, value in known.items() if not math.isnan(value)}
