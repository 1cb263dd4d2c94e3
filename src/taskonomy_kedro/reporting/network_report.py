"""Lines about the networks and readouts of a run: one for each, and a summary."""

from collections.abc import Mapping, Sequence
from typing import Any

from taskonomy_kedro.tracking.record_metrics import best_readout, mean_of

# Shares of test images that a network should win, on average over tasks.
GOALS = {"beats_average_guess": 0.80, "beats_random_readout": 0.75}


def network_line(task: str, part: str, record: Mapping[str, Any], *, is_reused: bool) -> str | None:
    """Return a line for the log on a network, a random readout or its losses, None on other products.

    Args:
        task: Whose it is.
        part: `network`, `random_readout` or `losses`.
        record: Of the product.
        is_reused: Whether an earlier run created it.
    """
    outcome = record["outcome"]
    if record["failure"]:
        return None  # logged where it happened
    if part in ("network", "random_readout") and "best_validation" in outcome:
        how = ", reused" if is_reused else ""
        return (
            f"{part.replace('_', ' ')} {task}: validation loss {outcome['best_validation']:.4g} "
            f"after {outcome['steps']} steps, {outcome['seconds']:.1f} s, "
            f"{outcome['images_per_second']:,.0f} images/s{how}"
        )
    if part == "losses" and "loss" in outcome:
        return (
            f"network {task}: test loss {outcome['loss']:.4g}, beats the average guess on "
            f"{outcome['beats_average_guess']:.0%} and the random network on "
            f"{outcome['beats_random_readout']:.0%} of {outcome['n_items']} test items"
        )
    return None


def readouts_line(target: str, part: str, record: Mapping[str, Any], *, is_reused: bool) -> str | None:
    """Return a line for the log on the readouts of a target and order, or on its scratch network.

    Args:
        target: Whose they are.
        part: `order_1`, …, `scratch`.
        record: Of the product.
        is_reused: Whether an earlier run created them.

    Returns:
        None where nothing was trained.
    """
    best = best_readout(record)
    if not best:
        return None
    how = ", reused" if is_reused else f", {record['outcome']['seconds']:.1f} s"
    if part == "scratch":
        return f"scratch network {target}: validation loss {best['best_validation']:.4g}{how}"
    return (
        f"{len(record['outcome']['facts'])} readouts of {part.replace('_', ' ')} of {target}: best from "
        f"{' + '.join(best['sources'])}, validation loss {best['best_validation']:.4g}{how}"
    )


def summary_lines(sanity: Mapping[str, Mapping[str, Any]], notes: Sequence[str] = ()) -> list[str]:
    """Return how good the networks are, which are not good enough, and which have no losses.

    Args:
        sanity: Outcome of the losses by task.
        notes: Why tasks have no losses, though nothing went wrong.
    """
    noted = [f"note: {'; '.join(notes)}"] if notes else []
    outcomes = list(sanity.values())
    means = {name: mean_of(outcomes, name) for name in GOALS}
    if None in means.values():
        return noted
    of = f"on average over {len(outcomes)} tasks" if len(outcomes) > 1 else "of 1 task"
    lines = [
        f"networks beat the average guess on {means['beats_average_guess']:.0%} and the random network on "
        f"{means['beats_random_readout']:.0%} of the test items, {of}"
    ]
    below = {
        task: outcome
        for task, outcome in sanity.items()
        if any(outcome[name] < goal for name, goal in GOALS.items())
    }
    if below:
        goals = " or ".join(f"{goal:.0%}" for goal in GOALS.values())
        shares = [
            f"{task} ({' and '.join(f'{outcome[name]:.1%}' for name in GOALS)})"
            for task, outcome in below.items()
        ]
        lines.append(f"below {goals}: {', '.join(shares)}")
    return lines + noted


def failure_sentence(failures: Mapping[str, str]) -> str:
    """Return which networks are missing and why, in a sentence.

    Args:
        failures: Reasons by the name of the network.
    """
    is_one = len(failures) == 1
    count, them = ("a network is", "it") if is_one else (f"{len(failures)} networks are", "them")
    reasons = "; ".join(f"{name} ({reason})" for name, reason in failures.items())
    return f"{count} missing: {reasons}; everything that does not depend on {them} is finished"
