import numpy as np
import pytest
import torch
from tests.small_models import Workshop

from taskonomy_kedro.core.training.example_predictions import predict_examples
from taskonomy_kedro.core.training.losses import image_losses, loss_terms
from taskonomy_kedro.core.training.network_scoring import sanity


@pytest.fixture(scope="module")
def workshop(small_splits, tmp_path_factory) -> Workshop:
    return Workshop(small_splits, tmp_path_factory.mktemp("scoring"))


@pytest.mark.parametrize("task", ["normal", "segment_unsup2d", "colorization"])
def test_evaluation_repeats_exactly(workshop, task):
    first, again = workshop.losses(task), workshop.losses(task)
    np.testing.assert_array_equal(first.values, again.values)
    assert first.content == again.content
    assert first.item_ids == again.item_ids


def test_losses_are_those_of_the_network_item_by_item(workshop):
    losses = workshop.losses("normal")
    modeling = workshop.modeling("normal")
    items = modeling.items(workshop.splits["test"])
    assert list(losses.item_ids) == items.item_ids
    network = modeling.trained_network(workshop.splits["test"], workshop.network("normal"))
    guess = torch.from_numpy(workshop.guess("normal").output)
    for row in (0, len(items) - 1):
        batch = items.batch(np.array([row]))
        with torch.inference_mode():
            outputs = [network(batch.pictures), guess]
        for number, output in enumerate(outputs):
            terms = loss_terms(modeling.task, output, batch.target, modeling.constants)
            assert losses.values[number, row] == pytest.approx(float(image_losses(terms)[0]), rel=1e-4)


def test_wins_count_whole_and_ties_half():
    values = np.array(
        [[1.0, 2.0, 3.0, 4.0, np.nan, 1.0], [2.0, 2.0, 2.0, 2.0, 1.0, np.nan], [0.0, 3.0, 4.0, 5.0, 1.0, 1.0]]
    )
    found = sanity(values)
    assert found["n_items"] == 4
    assert found["loss"] == 2.5
    assert found["average_guess_loss"] == 2.0
    assert found["random_readout_loss"] == 3.0
    assert found["beats_average_guess"] == (1 + 0.5) / 4
    assert found["beats_random_readout"] == 3 / 4


@pytest.mark.parametrize("task", ["normal", "egomotion"])
def test_examples_are_the_networks_outputs(workshop, task):
    losses = workshop.keep("losses", workshop.losses(task))
    network, guess = workshop.network(task), workshop.guess(task)
    found = predict_examples(workshop.modeling(task), workshop.splits["test"], network, guess, losses)
    assert 1 <= len(found.examples) <= 8
    assert len(found.predictions) == len(found.losses) == len(found.examples)
    row = {item_id: number for number, item_id in enumerate(losses.item_ids)}
    numbers = [row["|".join(example.image_ids)] for example in found.examples]
    assert len(set(numbers)) == len(numbers)
    np.testing.assert_allclose(found.losses, losses.values[:, numbers].T, rtol=1e-4)
