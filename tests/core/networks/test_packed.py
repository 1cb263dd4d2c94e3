"""A network by itself: built from its facts, fed with bytes."""

import numpy as np
import pytest
import torch
from tests.small_models import Workshop, prepare_splits

from taskonomy_kedro.core.networks.packed import NetworkFacts, PackedNetwork
from taskonomy_kedro.core.networks.settings import NetworkSettings
from taskonomy_kedro.core.tasks import TASKS
from taskonomy_kedro.core.training.packing import example_pictures, network_facts


@pytest.fixture(scope="module")
def workshop(tmp_path_factory):
    folder = tmp_path_factory.mktemp("packed")
    return Workshop(prepare_splits(folder / "prepared"), folder)


@pytest.mark.parametrize(
    "task", [task for task in TASKS.values() if task.decoder != "none"], ids=lambda task: task.name
)
def test_facts_come_back_as_they_were(task):
    facts = NetworkFacts(task=task, network=NetworkSettings(width=8), picture_size=64, n_outputs=3)
    assert NetworkFacts.from_json(facts.to_json()) == facts


@pytest.mark.parametrize(
    "name", ["normal", "denoising", "inpainting", "colorization", "fixated_pose", "class_object"]
)
def test_it_puts_out_what_the_network_puts_out_for_the_same_item(workshop, tmp_path, name):
    modeling, test = workshop.modeling(name), workshop.splits["test"]
    network = modeling.network(test).eval()
    facts = network_facts(modeling.task, modeling.settings, test)
    (tmp_path / "facts.json").write_text(facts.to_json())
    torch.save(network.state_dict(), tmp_path / "weights.pt")
    packed = PackedNetwork.open(tmp_path / "facts.json", tmp_path / "weights.pt")
    pictures = modeling.items(test).batch(np.zeros(1, np.int64)).pictures
    with torch.inference_mode():
        wanted = network(pictures).numpy()
    given = packed.predict(example_pictures(facts, test, seed=0))
    rounded = 2e-2 if name == "denoising" else 1e-6  # its noise is not of whole bytes
    np.testing.assert_allclose(given, wanted, rtol=1e-4, atol=rounded)
    assert np.ptp(given) > 0


def test_pictures_may_be_a_flipped_view(workshop):
    modeling, test = workshop.modeling("normal"), workshop.splits["test"]
    facts = network_facts(modeling.task, modeling.settings, test)
    packed = PackedNetwork(facts, modeling.network(test).state_dict())
    flipped = example_pictures(facts, test, seed=0)[..., ::-1]
    np.testing.assert_array_equal(packed.predict(flipped), packed.predict(flipped.copy()))


def test_jigsaw_is_given_nine_tiles(workshop):
    modeling, test = workshop.modeling("jigsaw"), workshop.splits["test"]
    facts = network_facts(modeling.task, modeling.settings, test)
    assert facts.input_shape == (9, 16, 16, 3)
    tiles = example_pictures(facts, test, seed=0)
    seen = modeling.items(test).batch(np.zeros(1, np.int64)).pictures.numpy()
    np.testing.assert_allclose(tiles[0] / 127.5 - 1, np.moveaxis(seen[0], 1, -1), atol=0.5 / 127.5 + 1e-6)
    assert PackedNetwork(facts, modeling.network(test).state_dict()).predict(tiles).shape == (1, 100)


def test_other_pictures_and_weights_are_refused(workshop):
    modeling, test = workshop.modeling("normal"), workshop.splits["test"]
    facts, weights = (
        network_facts(modeling.task, modeling.settings, test),
        modeling.network(test).state_dict(),
    )
    packed = PackedNetwork(facts, weights)
    sentence = r"network of normal wants pictures \(n, 32, 32, 3\) of uint8, got \(1, 64, 64, 3\) of uint8"
    with pytest.raises(ValueError, match=sentence):
        packed.predict(np.zeros((1, 64, 64, 3), np.uint8))
    with pytest.raises(ValueError, match="of float64"):
        packed.predict(np.zeros((1, 32, 32, 3)))
    wider = NetworkFacts(**{**vars(facts), "network": facts.network.updated({"width": 16})})
    with pytest.raises(RuntimeError, match="size mismatch"):
        PackedNetwork(wider, weights)
