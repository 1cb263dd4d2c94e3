import pytest
import torch

from taskonomy_kedro.core.networks.readout import TransferNetwork, make_readout
from taskonomy_kedro.core.networks.settings import NetworkSettings
from taskonomy_kedro.core.tasks import TASKS

SMALL = NetworkSettings(stride=8, decoder_width=8, hidden=8)


def made(task: str, n_sources: int = 1, seed: int = 0):
    return make_readout(
        SMALL, TASKS[task], n_sources=n_sources, image_size=32, generator=torch.Generator().manual_seed(seed)
    )


@pytest.mark.parametrize(
    ("n_sources", "n_weights"), [(1, 2_416), (2, 9_440), (3, 21_072), (4, 37_312), (5, 58_160)]
)
def test_the_transfer_network_has_the_papers_parameters(n_sources, n_weights):
    network = TransferNetwork(n_sources)
    assert sum(weight.numel() for weight in network.parameters()) == n_weights
    representations = torch.rand(2, 8 * n_sources, 4, 4)
    assert network(representations).shape == (2, 16 * n_sources, 4, 4)


def clipped_input(network: TransferNetwork, representations: torch.Tensor) -> torch.Tensor:
    seen = []
    handle = network.normalise.register_forward_pre_hook(lambda module, args: seen.append(args[0].clone()))
    network(representations)
    handle.remove()
    return seen[0]


def test_only_training_clips_each_channel_at_five_deviations():
    network = TransferNetwork(1)
    representations = torch.randn((4, 8, 8, 8), generator=torch.Generator().manual_seed(0))
    representations[0, 2, 3, 3], representations[1, 5, 0, 0] = 1000.0, -1000.0
    seen = clipped_input(network.train(), representations)
    for channel in range(8):
        values = representations[:, channel]
        mean, std = values.mean(), values.std()
        wanted = values.clamp(mean - 5 * std, mean + 5 * std)
        torch.testing.assert_close(seen[:, channel], wanted)
    assert seen[0, 2, 3, 3] < 400
    others = [channel for channel in range(8) if channel not in (2, 5)]
    assert torch.equal(seen[:, others], representations[:, others])
    assert torch.equal(clipped_input(network.eval(), representations), representations)


@pytest.mark.parametrize(("task", "n_pictures"), [("normal", 1), ("colorization", 1), ("egomotion", 3)])
@pytest.mark.parametrize("n_sources", [1, 3])
def test_a_readout_reads_every_picture_of_an_item(task, n_pictures, n_sources):
    readout = made(task, n_sources)
    representations = torch.rand(2, n_pictures, 8 * n_sources, 4, 4)
    readout(representations).square().sum().backward()
    assert all(weight.grad is not None for weight in readout.parameters())
    output = readout.eval()(representations)
    for picture in range(n_pictures):
        changed = representations.clone()
        changed[:, picture] += 1
        assert not torch.equal(readout(changed), output)


def test_single_pixels_of_a_readout_are_those_of_its_map():
    readout = made("segment_unsup2d").eval()
    representations = torch.rand(2, 1, 8, 4, 4)
    places = torch.tensor([[0, 17, 1023], [5, 5, 600]])
    maps = readout(representations)
    wanted = torch.stack([maps[n].flatten(1)[:, places[n]].t() for n in range(2)])
    torch.testing.assert_close(readout(representations, places), wanted, atol=1e-5, rtol=1e-5)


def test_first_weights_depend_on_the_generator_alone():
    torch.manual_seed(1)
    before = torch.get_rng_state()
    first, same, other = (made("normal", seed=seed).state_dict() for seed in (0, 0, 1))
    assert torch.equal(torch.get_rng_state(), before)
    assert all(torch.equal(first[key], same[key]) for key in first)
    assert not torch.equal(first["transfer.branches.0.0.0.weight"], other["transfer.branches.0.0.0.weight"])
