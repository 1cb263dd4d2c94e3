"""The decoders of the small network: sizes, first outputs, single pixels."""

import pytest
import torch
from torch import Tensor, nn

from taskonomy_kedro.core.networks.building import make_decoder
from taskonomy_kedro.core.networks.decoder import Decoder, values_at
from taskonomy_kedro.core.networks.encoder import PositionalBias
from taskonomy_kedro.core.networks.heads import FullyConnectedHead
from taskonomy_kedro.core.networks.initialisation import initialise
from taskonomy_kedro.core.networks.settings import NetworkSettings
from taskonomy_kedro.core.networks.small_decoders import SmallDenseDecoder, SmallQuarterDecoder
from taskonomy_kedro.core.tasks import TASKS

SMALL = NetworkSettings(stride=8, decoder_width=8)


def generator(seed: int = 0) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def representations(n: int = 2, cells: int = 4) -> Tensor:
    return torch.rand(n, 1, 8, cells, cells, generator=generator(1))


def begun(decoder: Decoder) -> Decoder:
    initialise(decoder, generator())
    return decoder.eval()


@pytest.mark.parametrize("stride", [4, 8, 16])
@pytest.mark.parametrize("n_outputs", [1, 3, 4, 64])
def test_outputs_have_the_size_of_the_image_at_all_strides(stride, n_outputs):
    cells = 48 // stride
    dense = begun(SmallDenseDecoder(n_outputs, cells=cells, stride=stride, width=8))
    assert dense(representations(cells=cells)).shape == (2, n_outputs, 48, 48)
    quarter = begun(SmallQuarterDecoder(n_outputs, cells=cells, stride=stride, width=8))
    assert quarter(representations(cells=cells)).shape == (2, n_outputs, 12, 12)


def test_cells_and_outputs_have_positional_biases():
    """One positional bias after the first convolution, one for the outputs; both learn."""
    decoder = begun(SmallDenseDecoder(2, cells=4, stride=8, width=8, has_tanh=False)).train()
    maps = [layer.places for layer in decoder.modules() if isinstance(layer, PositionalBias)]
    assert sorted(tuple(places.shape) for places in maps) == [(1, 2, 32, 32), (1, 8, 4, 4)]
    same_everywhere = torch.ones(2, 1, 8, 1, 1).expand(2, 1, 8, 4, 4).clone()
    same_everywhere[1] += 1
    decoder(same_everywhere).square().sum().backward()
    assert all(places.grad.abs().sum() > 0 for places in maps)


@pytest.mark.parametrize("n_outputs", [2, 5])
@pytest.mark.parametrize("has_tanh", [True, False])
def test_a_dense_decoder_starts_at_the_constant_and_still_learns(n_outputs, has_tanh):
    decoder = begun(SmallDenseDecoder(n_outputs, cells=4, stride=8, width=8, has_tanh=has_tanh))
    constant = torch.rand((n_outputs, 32, 32), generator=generator(2)) * 1.8 - 0.9
    far = (decoder(representations()) - constant).abs().mean()
    decoder.start_at(constant)
    near = (decoder(representations()) - constant).abs().mean()
    assert 0 < near < 0.1 * far
    decoder(representations()).sum().backward()
    assert all(weight.grad.abs().sum() > 0 for weight in decoder.parameters())
    if has_tanh:
        decoder.start_at(torch.full((n_outputs, 32, 32), -3.0))  # beyond its range
        torch.testing.assert_close(
            decoder(representations()), torch.tensor(-0.98).expand(2, n_outputs, 32, 32), atol=0.02, rtol=0
        )


def test_quarter_decoders_and_heads_start_at_their_numbers():
    decoder = begun(SmallQuarterDecoder(7, cells=4, stride=8, width=8))
    logits = torch.randn((7, 8, 8), generator=generator(2)) * 5
    decoder.start_at(logits)
    assert (decoder(representations()) - logits).abs().mean() < 0.1
    for name, size in (("room_layout", 9), ("egomotion", 12)):
        task = TASKS[name]
        head = begun(make_decoder(SMALL, task, image_size=32))
        numbers = torch.arange(1.0, size + 1)
        head.start_at(numbers)
        output = head(torch.rand(2, task.reads.n_inputs, 8, 4, 4, generator=generator(1)))
        torch.testing.assert_close(output, numbers.expand(2, -1), atol=0.5, rtol=0)


def test_the_papers_decoders_start_as_the_papers():
    paper = NetworkSettings(encoder="taskonomy_resnet50")
    with torch.device("meta"):
        decoder = make_decoder(paper, TASKS["normal"], image_size=32)
        decoder.start_at(torch.zeros(3, 32, 32))  # nothing to set: no constant map, no error
    assert not [layer for layer in decoder.modules() if isinstance(layer, PositionalBias)]


@pytest.mark.parametrize(("n_outputs", "has_tanh"), [(2, False), (2, True), (6, False), (6, True)])
def test_single_pixels_are_those_of_the_map(n_outputs, has_tanh):
    decoder = begun(SmallDenseDecoder(n_outputs, cells=4, stride=8, width=8, has_tanh=has_tanh))
    nn.init.normal_(decoder.constant.places, generator=generator(4))
    places = torch.randint(32 * 32, (2, 50), generator=generator(3))
    maps = decoder(representations())
    wanted = torch.stack([maps[n].flatten(1)[:, places[n]].t() for n in range(2)])
    torch.testing.assert_close(decoder.at_places(representations(), places), wanted, atol=1e-5, rtol=1e-5)


def test_gradients_at_single_pixels_are_the_same_bytes_with_two_threads():
    decoder = SmallDenseDecoder(64, cells=8, has_tanh=False)
    codes, places = torch.rand(32, 1, 8, 8, 8), torch.randint(64, (32, 100))  # each pixel is met fifty times
    upstream = torch.randn(32, 100, 64)
    n_threads = torch.get_num_threads()
    torch.set_num_threads(2)
    found = []
    for _ in range(8):
        decoder.zero_grad()
        decoder.at_places(codes, places).backward(upstream)
        found.append(decoder.constant.places.grad.clone())
    torch.set_num_threads(n_threads)
    assert all(torch.equal(gradient, found[0]) for gradient in found)


def test_values_are_found_in_maps_of_either_layout():
    maps = torch.arange(2.0 * 3 * 4 * 4).reshape(2, 3, 4, 4)
    places = torch.tensor([[0, 5], [15, 3]])
    wanted = torch.stack([maps[n].flatten(1)[:, places[n]].t() for n in range(2)])
    assert torch.equal(values_at(maps, places), wanted)
    assert torch.equal(values_at(maps.contiguous(memory_format=torch.channels_last), places), wanted)


def test_the_numbers_of_parameters_are_those_of_the_page():
    """docs/method.md, "Ours: small", at 64×64 pixels and the widths of the base settings."""
    wanted = {"depth_zbuffer": 95_168, "normal": 119_872, "segment_semantic": 218_649}
    wanted |= {"segment_unsup2d": 411_584, "colorization": 216_313, "room_layout": 66_953}
    for name, count in wanted.items():
        decoder = make_decoder(NetworkSettings(), TASKS[name], image_size=64)
        assert sum(weight.numel() for weight in decoder.parameters()) == count, name
    assert isinstance(decoder, FullyConnectedHead)
