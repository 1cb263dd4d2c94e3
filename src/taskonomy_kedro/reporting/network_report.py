"""What a user reads of the networks of a run: a line for each, and the sum of it."""

from collections.abc import Mapping, Sequence
from typing import Any

from taskonomy_kedro.core.training.products import Product, TaskLosses, TrainedNetwork
from taskonomy_kedro.tracking.network_metrics import mean_of

# Shares of test images that a network should win, on the mean over tasks.
GOALS = {"beats_average_guess": 0.80, "beats_random_readout": 0.75}


def line_of(product: Product, part: str, *, is_reused: bool = False) -> str | None:
    """Return a line for the log on a finished network or its losses, None on anything else.

    Args:
        product: What its record says of it.
        part: Which it is, such as `network`.
        is_reused: Whether this run did not create it.
    """
    outcome = product.outcome
    if product.failure:
        return None  # told where it happened
    if isinstance(product, TrainedNetwork) and "best_validation" in outcome:
        how = ", reused" if is_reused else ""
        return (
            f"{part.replace('_', ' ')} {product.task}: validation loss {outcome['best_validation']:.4g} "
            f"after {outcome['steps']} steps, {outcome['seconds']:.1f} s, "
            f"{outcome['images_per_second']:,.0f} images/s{how}"
        )
    if isinstance(product, TaskLosses) and "loss" in outcome:
        return (
            f"network {product.task}: test loss {outcome['loss']:.4g}, beats the average guess on "
            f"{outcome['beats_average_guess']:.0%} and the random network on "
            f"{outcome['beats_random_readout']:.0%} of {outcome['n_items']} test items"
        )
    return None


def summary_lines(sanity: Mapping[str, Mapping[str, Any]], notes: Sequence[str] = ()) -> list[str]:
    """Return how good the networks are, which are not good enough, and what was not to be had.

    Args:
        sanity: Outcome of the losses by task.
        notes: Why there are no losses of a task, though nothing went wrong.
    """
    noted = [f"note: {'; '.join(notes)}"] if notes else []
    outcomes = list(sanity.values())
    means = {name: mean_of(outcomes, name) for name in GOALS}
    if None in means.values():
        return noted
    of = f"the mean of {len(outcomes)} tasks" if len(outcomes) > 1 else "of 1 task"
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
    """Return what is missing and why, in a sentence.

    Args:
        failures: Why, by the name of the network.
    """
    is_one = len(failures) == 1
    count, them = ("a network is", "it") if is_one else (f"{len(failures)} networks are", "them")
    reasons = "; ".join(f"{name} ({reason})" for name, reason in failures.items())
    return f"{count} missing: {reasons}; all that does not depend on {them} is done"
