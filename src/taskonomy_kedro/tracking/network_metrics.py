"""What a network of one task is compared by: its settings, its curves, its losses."""

import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from taskonomy_kedro.core.training.products import Product, TaskLosses, TrainedNetwork
from taskonomy_kedro.tracking.settings import as_text

_FACTS = ("device", "precision")
_HASHES = ("entry", "statistics", "guess")  # for the record, not for people
_BYTES = {
    "peak_memory_bytes": "effort/peak_memory_gib",
    "peak_gpu_memory_bytes": "effort/peak_gpu_memory_gib",
}

# MLflow draws metrics of one prefix together: curves, what they led to, what they took.
_NUMBERS = {
    "best_validation": "fit/best_validation_loss",
    "best_step": "fit/best_step",
    "steps": "fit/steps",
    "seconds": "effort/seconds",
    "images_per_second": "effort/images_per_second",
}
_LOSSES = {
    "loss": "test/loss",
    "average_guess_loss": "test/average_guess_loss",
    "random_readout_loss": "test/random_readout_loss",
    "beats_average_guess": "test/beats_average_guess",
    "beats_random_readout": "test/beats_random_readout",
    "n_items": "test/n_items",
}
_CURVES = {
    "train": "curve/train_loss",
    "validation": "curve/validation_loss",
    "learning_rate": "curve/learning_rate",
}


@dataclass(frozen=True, kw_only=True)
class Tracks:
    """What is logged of a product, all at once.

    Attributes:
        params: Text by name.
        metrics: (name, value, milliseconds since 1970, step).
        tags: Text by name.
    """

    params: Mapping[str, str] = field(default_factory=dict)
    metrics: tuple[tuple[str, float, int, int], ...] = ()
    tags: Mapping[str, str] = field(default_factory=dict)


def network_tracks(
    product: Product,
    part: str,
    settings: Mapping[str, Any] | None = None,
    *,
    is_reused: bool = False,
    now: float | None = None,
) -> Tracks:
    """Return what is logged of a product of a task.

    Args:
        product: What its record says of it.
        part: Which it is: `network`, `random_readout`, `losses`; nothing is logged of others.
        settings: Of its recipe.
        is_reused: Whether this run did not create it.
        now: When it was finished, seconds since 1970; empty: now.
    """
    now = time.time() if now is None else now
    if part == "network" and isinstance(product, TrainedNetwork):
        return _of_network(product, settings or {}, is_reused, now)
    if part == "random_readout" and product.failure:
        return Tracks(tags={"random_readout_failure": product.failure})
    if part == "random_readout":
        return Tracks(metrics=_single(product.outcome, {"seconds": "effort/random_readout_seconds"}, now))
    if isinstance(product, TaskLosses):
        return Tracks(metrics=_single(product.outcome, _LOSSES, now))
    return Tracks()


def parent_tracks(
    sanity: Sequence[Mapping[str, Any]], networks: Sequence[Mapping[str, Any]], failures: Iterable[str]
) -> Tracks:
    """Return what is logged of all tasks together.

    Args:
        sanity: Outcomes of the losses of each task.
        networks: Outcomes of the networks.
        failures: Names of the networks that are missing.
    """
    now, names = time.time(), list(failures)
    means = {
        f"mean_{name}": mean_of(sanity, name) for name in ("beats_average_guess", "beats_random_readout")
    }
    metrics = _single(means, dict(zip(means, means, strict=True)), now)
    trained = [outcome for outcome in networks if outcome.get("seconds")]
    seconds = sum(outcome["seconds"] for outcome in trained)
    if seconds:
        images = sum(outcome["images_per_second"] * outcome["seconds"] for outcome in trained)
        totals = {"images_per_second": images / seconds, "training_seconds": seconds}
        metrics += _single(totals, {name: name for name in totals}, now)
    return Tracks(metrics=metrics, tags={"failed_networks": ", ".join(names)} if names else {})


def mean_of(outcomes: Sequence[Mapping[str, Any]], name: str) -> float | None:
    """Return the mean of a number over tasks, None where no task has it."""
    known = [float(outcome[name]) for outcome in outcomes if outcome.get(name) is not None]
    return sum(known) / len(known) if known else None


def how_made(product: TrainedNetwork, *, is_reused: bool) -> str:
    """Return in a word where a network comes from: trained, reused, released, untrained or failed."""
    if product.failure:
        return "failed"
    if is_reused:
        return "reused"
    if "curve" in product.outcome:
        return "trained"
    return "released" if product.outcome.get("device") == "released" else "untrained"


def _of_network(product: TrainedNetwork, settings: Mapping[str, Any], is_reused: bool, now: float) -> Tracks:
    outcome = product.outcome
    sizes = {name: outcome[name] / 2**30 for name in _BYTES if name in outcome}
    metrics = _single(outcome, _NUMBERS, now) + _single(sizes, _BYTES, now)
    tags = {"network": how_made(product, is_reused=is_reused)}
    if product.failure:
        tags["failure"] = product.failure
    facts = {name: outcome[name] for name in _FACTS if name in outcome}
    params = {name: as_text(value) for name, value in _flat({**settings, **facts})}
    return Tracks(params=params, metrics=metrics + _curve(outcome, now), tags=tags)


def _flat(table: Mapping[str, Any], above: str = "") -> list[tuple[str, Any]]:
    """Take tables in tables apart, but for those whose keys are steps."""
    found: list[tuple[str, Any]] = []
    for key, value in table.items():
        is_table = isinstance(value, Mapping) and not all(str(inner).isdecimal() for inner in value)
        found += _flat(value, f"{above}{key}.") if is_table else [(f"{above}{key}", value)]
    return found


def _curve(outcome: Mapping[str, Any], now: float) -> tuple[tuple[str, float, int, int], ...]:
    """Return the losses of each look, at the time at which it was about taken."""
    found = []
    steps, seconds = max(outcome.get("steps", 1), 1), outcome.get("seconds", 0.0)
    for point in outcome.get("curve", ()):
        step = int(point["step"])
        when = _milliseconds(now - seconds * (1 - step / steps))
        found += [(name, float(point[key]), when, step) for key, name in _CURVES.items()]
    return tuple(found)


def _single(
    outcome: Mapping[str, Any], names: Mapping[str, str], now: float
) -> tuple[tuple[str, float, int, int], ...]:
    return tuple(
        (name, float(outcome[key]), _milliseconds(now), 0)
        for key, name in names.items()
        if outcome.get(key) is not None
    )


def _milliseconds(seconds: float) -> int:
    return int(seconds * 1000)
