import pytest
import torch

from taskonomy_kedro.core.networks.building import make_encoder
from taskonomy_kedro.core.networks.resnet50 import TaskonomyResNet50
from taskonomy_kedro.core.networks.settings import NetworkSettings
from taskonomy_kedro.core.networks.small_encoder import ResidualUnit, SmallEncoder


def n_trained(module: torch.nn.Module) -> int:
    return sum(weight.numel() for weight in module.parameters() if weight.requires_grad)


def shapes_of(
    module: torch.nn.Module, names: tuple[str, ...], pictures: torch.Tensor
) -> list[tuple[int, ...]]:
    shapes: list[tuple[int, ...]] = []
    for name in names:
        module.get_submodule(name).register_forward_hook(lambda *a: shapes.append(tuple(a[2].shape[1:])))
    module(pictures)
    return shapes


def test_the_papers_encoder_has_as_many_parameters_as_the_released_ones():
    with torch.device("meta"):
        encoder = TaskonomyResNet50()
        assert n_trained(encoder) == 23_655_504
        assert len(encoder.state_dict()) == 324
        assert n_trained(TaskonomyResNet50(1)) == 23_655_504 - 2 * 64 * 49


@pytest.mark.parametrize("size", [256, 64, 48])
def test_every_layer_of_the_papers_encoder_has_its_size(size):
    names = ("conv1", "maxpool", "layer1.1", "layer1", "layer2.2", "layer2", "layer3", "layer4", "compress1")
    with torch.device("meta"):
        encoder = TaskonomyResNet50()
        shapes = shapes_of(encoder, names, torch.empty(2, 3, size, size))
    wanted = ((64, 2), (64, 4), (256, 4), (256, 8), (512, 8), (512, 16), (1024, 16), (2048, 16), (8, 16))
    assert shapes == [(channels, size // stride, size // stride) for channels, stride in wanted]


@pytest.mark.parametrize(("stride", "n_weights"), [(4, 112_640), (8, 98_768), (16, 398_800)])
def test_the_small_encoder_has_eight_channels_that_are_not_negative(stride, n_weights):
    encoder = SmallEncoder(width=32, stride=stride)
    representations = encoder(torch.randn(2, 3, 64, 32))
    assert representations.shape == (2, 8, 64 // stride, 32 // stride)
    assert representations.min() == 0 < representations.max()
    assert n_trained(encoder) == n_weights
    assert (encoder.stride, encoder.out_channels, encoder.in_channels) == (stride, 8, 3)


def test_a_unit_of_the_small_encoder_adds_what_came_in():
    unit = SmallEncoder(width=4, stride=8).stages[-1].eval()
    assert isinstance(unit, ResidualUnit)
    for weight in unit.parameters():
        torch.nn.init.zeros_(weight)
    features = torch.rand(1, 8, 5, 5)
    torch.testing.assert_close(unit(features.clone()), features)


@pytest.mark.parametrize(("stride", "channels"), [(8, 16), (16, 32)])
def test_the_small_encoder_halves_and_doubles_after_its_patches_then_works_on_the_cells(stride, channels):
    encoder = SmallEncoder(width=8, units=2, stride=stride)
    n_halvings = stride // 8
    convolutions = [layer for layer in encoder.modules() if isinstance(layer, torch.nn.Conv2d)]
    assert [conv.stride[0] for conv in convolutions] == [4] + n_halvings * [2] + 2 * 2 * [1] + [1]
    assert [conv.kernel_size[0] for conv in convolutions] == [4] + (n_halvings + 2 * 2 + 1) * [3]
    assert convolutions[-1].in_channels == channels
    assert len([unit for unit in encoder.modules() if isinstance(unit, ResidualUnit)]) == 2


def test_finer_cells_see_as_far_as_those_they_lie_in():
    torch.manual_seed(0)
    encoder = SmallEncoder(width=8, stride=4).eval()
    picture = torch.randn(1, 3, 64, 64, requires_grad=True)
    reached = []
    for y, x in ((8, 8), (9, 9)):  # two cells of one cell of eight pixels
        (gradient,) = torch.autograd.grad(
            encoder.split(encoder.compress(encoder.stages(picture)))[0, :, y, x].sum(), picture
        )
        reached.append(gradient.abs().sum((0, 1)) > 0)
    torch.testing.assert_close(*reached)
    rows = reached[0].any(dim=1).nonzero()
    assert rows.max() - rows.min() + 1 >= 56


@pytest.mark.parametrize("stride", [4, 8])
def test_channels_last_gives_the_same(stride):
    encoder = SmallEncoder(width=8, stride=stride).eval()
    pictures = torch.randn(2, 3, 32, 32)
    usual = encoder(pictures)
    last = encoder.to(memory_format=torch.channels_last)(pictures.to(memory_format=torch.channels_last))
    assert last.is_contiguous(memory_format=torch.channels_last)
    torch.testing.assert_close(last, usual, atol=1e-5, rtol=1e-4)  # another order of sums


@pytest.mark.parametrize("settings", [NetworkSettings(), NetworkSettings(encoder="taskonomy_resnet50")])
def test_the_encoder_of_the_settings_is_made(settings):
    encoder = make_encoder(settings, in_channels=1, image_size=32)
    assert isinstance(encoder, SmallEncoder if settings.encoder == "small" else TaskonomyResNet50)
    assert encoder.in_channels == 1
    assert encoder(torch.zeros(2, 1, 32, 32)).shape == (2, 8, 32 // encoder.stride, 32 // encoder.stride)


@pytest.mark.parametrize(
    ("settings", "size", "message"),
    [
        (NetworkSettings(stride=16), 100, "multiple of 16 pixels, got 100; 96 or 112 would do"),
        (NetworkSettings(stride=4), 36, "multiple of 8 pixels, got 36; 32 or 40 would do"),
        (NetworkSettings(), 60, "halves an image 3 times.*got 60; 56 or 64 would do"),
        (NetworkSettings(encoder="taskonomy_resnet50"), 8, "taskonomy_resnet50 .*got 8; 16 would do"),
        (NetworkSettings(), 0, "image_size must be a multiple of 8 pixels, got 0"),
    ],
)
def test_a_size_that_cannot_be_halved_is_refused(settings, size, message):
    with pytest.raises(ValueError, match=message):
        make_encoder(settings, in_channels=3, image_size=size)
