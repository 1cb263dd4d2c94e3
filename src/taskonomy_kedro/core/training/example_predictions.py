"""What a network makes of a few test items, for people to look at."""

from dataclasses import dataclass

import numpy as np
import torch

from taskonomy_kedro.core.labels.drawing import LabelExample
from taskonomy_kedro.core.preparation.example_rows import sheet_examples
from taskonomy_kedro.core.preparation.prepared import PreparedSplit
from taskonomy_kedro.core.training.losses import image_losses, loss_terms
from taskonomy_kedro.core.training.products import AverageGuess, TaskLosses, TrainedNetwork
from taskonomy_kedro.core.training.task_context import TaskContext

N_EXAMPLES = 8


@dataclass(frozen=True, kw_only=True, eq=False)
class PredictedExamples:
    """Test items with what was put out for them.

    Attributes:
        examples: The items in stored form.
        predictions: (n, …) float32, the network's outputs.
        average: (…) float32, the best constant output.
        losses: (n, 3) float32: network, average guess, read-out of the random network.
    """

    examples: list[LabelExample]
    predictions: np.ndarray
    average: np.ndarray
    losses: np.ndarray


def predict_examples(
    modeling: TaskContext,
    test: PreparedSplit,
    trained: TrainedNetwork,
    guess: AverageGuess,
    losses: TaskLosses,
) -> PredictedExamples:
    """Choose a few test items of many rooms and let the network put out what it makes of them."""
    task = modeling.task
    items = modeling.items(test, in_memory=False)
    number_of = {item_id: number for number, item_id in enumerate(items.item_ids)}
    found: dict[int, LabelExample] = {}  # several images may show the same pair
    # three times as many, as some have no pair; an odd number, as matches and mismatches take turns
    for row in sheet_examples(test, {task.name: task}, n_images=3 * N_EXAMPLES):
        example = row.get(task.name)
        number = None if example is None else number_of.get("|".join(example.image_ids))
        if example is not None and number is not None:
            found.setdefault(number, example)
    numbers = list(found)[:: max(1, len(found) // N_EXAMPLES)][:N_EXAMPLES]
    rows = np.array(numbers, dtype=np.int64)
    network = modeling.trained_network(test, trained)
    batch = items.batch(rows).to(modeling.compute.device)
    with modeling.compute.own_threads(), torch.inference_mode(), modeling.compute.autocast():
        output = network(batch.pictures)
    terms = loss_terms(task, output, batch.target, modeling.constants.to(modeling.compute.device))
    values = losses.values[:, rows].T.copy()
    values[:, 0] = image_losses(terms).cpu().numpy()
    return PredictedExamples(
        examples=[found[number] for number in numbers],
        predictions=output.float().cpu().numpy(),
        average=guess.output[0],
        losses=values,
    )
