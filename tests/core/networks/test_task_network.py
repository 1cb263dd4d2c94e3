import pytest
import torch
from torch.utils.flop_counter import FlopCounterMode

from taskonomy_kedro.core.networks.initialisation import initialise
from taskonomy_kedro.core.networks.settings import NetworkSettings
from taskonomy_kedro.core.networks.task_network import TaskNetwork, make_task_network
from taskonomy_kedro.core.tasks import TASKS

SMALL = NetworkSettings(width=8, units=1, stride=16, decoder_width=8)


def made(task: str, seed: int = 0, settings: NetworkSettings = SMALL, image_size: int = 32) -> TaskNetwork:
    generator = torch.Generator().manual_seed(seed)
    n_outputs = None if TASKS[task].label.size or TASKS[task].label.n_outputs else 5
    return make_task_network(
        settings, TASKS[task], n_outputs=n_outputs, image_size=image_size, generator=generator
    )


@pytest.mark.parametrize("task", TASKS.values(), ids=lambda task: task.name)
def test_every_task_has_a_network_that_learns_from_pictures(task):
    network = made(task.name)
    pictures = torch.randn(2, task.reads.n_inputs, task.reads.n_channels, 32, 32)
    if task.decoder == "none":
        with pytest.raises(ValueError, match="no decoder"):
            network(pictures)
    else:
        network(pictures).square().sum().backward()
        assert all(weight.grad is not None and weight.grad.any() for weight in network.parameters())
    assert network.represent(pictures[:, 0]).shape == (2, 8, 2, 2)


def test_all_pictures_go_through_one_encoder():
    network = made("fixated_pose").eval()
    pictures = torch.randn(3, 2, 3, 32, 32)
    seen = []
    network.decoder.register_forward_pre_hook(lambda module, args: seen.append(args[0]))
    network(pictures)
    assert seen[0].shape == (3, 2, 8, 2, 2)
    for item in range(3):
        for picture in range(2):
            alone = network.represent(pictures[item, picture][None])[0]
            torch.testing.assert_close(seen[0][item, picture], alone, atol=1e-5, rtol=1e-4)
    assert not torch.allclose(network(pictures), network(pictures.flip(1)))  # the order counts
    with pytest.raises(ValueError, match=r"\(n, k, c, H, W\), k pictures an item; got \(2, 3, 32, 32\)"):
        network(torch.zeros(2, 3, 32, 32))


def test_first_weights_depend_on_the_seed_alone():
    for settings in (SMALL, NetworkSettings(encoder="taskonomy_resnet50")):
        torch.manual_seed(1)
        before = torch.get_rng_state()
        first = made("room_layout", 3, settings).state_dict()
        assert torch.equal(torch.get_rng_state(), before)
        torch.manual_seed(2)
        second, other = (made("room_layout", seed, settings).state_dict() for seed in (3, 4))
        assert all(torch.equal(first[key], second[key]) for key in first)
        encoder = made("normal", 3, settings).encoder.state_dict()  # before another decoder
        assert all(torch.equal(first[f"encoder.{key}"], encoder[key]) for key in encoder)
        weights = [key for key in first if first[key].ndim > 1]
        assert not any(torch.equal(first[key], other[key]) for key in weights)


def test_first_weights_have_their_spread():
    network = made("jigsaw", settings=NetworkSettings(encoder="taskonomy_resnet50"))
    conv = network.encoder.layer4[1].conv2.weight
    assert conv.std().item() == pytest.approx((2 / (512 * 9)) ** 0.5, rel=0.01)
    linear = network.decoder.fc0.weight
    assert linear.abs().max() <= 0.02
    assert linear.std().item() == pytest.approx(0.01 * 0.8796, rel=0.01)  # a normal cut at 2 σ
    assert network.encoder.bn1.weight.eq(1).all()
    assert network.decoder.fc2.bias.eq(0).all()


def test_a_transposed_convolution_keeps_the_variance():
    layer = torch.nn.ConvTranspose2d(64, 64, 3, stride=2)
    initialise(layer, torch.Generator().manual_seed(0))
    output = layer(torch.randn(4, 64, 16, 16))[:, :, 1:-1, 1:-1]
    assert output.var().item() == pytest.approx(2, rel=0.1)  # ReLU halves it


def test_initialising_forgets_what_was_there():
    network = made("normal")
    before = {key: value.clone() for key, value in network.state_dict().items()}
    network(torch.randn(2, 1, 3, 32, 32))  # moves the running means
    assert not torch.equal(network.state_dict()["encoder.compress.1.running_mean"], torch.zeros(8))
    initialise(network, torch.Generator().manual_seed(0))
    assert all(torch.equal(value, before[key]) for key, value in network.state_dict().items())


def test_a_layer_without_known_first_weights_is_refused():
    with pytest.raises(TypeError, match=r"got GroupNorm \(1\)"):
        initialise(torch.nn.Sequential(torch.nn.ReLU(), torch.nn.GroupNorm(2, 4)), torch.Generator())


@pytest.mark.parametrize(
    ("task", "millions"),
    [("normal", 13.2), ("depth_zbuffer", 12.1), ("colorization", 18.6), ("room_layout", 6.7)],
)
def test_the_small_network_costs_what_the_page_says(task, millions):
    network = made(task, settings=NetworkSettings(), image_size=64).eval()
    with FlopCounterMode(display=False) as counter, torch.no_grad():
        network(torch.zeros(1, 1, TASKS[task].reads.n_channels, 64, 64))
    assert counter.get_total_flops() / 2e6 == pytest.approx(millions, abs=0.1)
