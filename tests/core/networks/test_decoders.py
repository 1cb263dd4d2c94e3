import pytest
import torch
from torch.nn import functional

from taskonomy_kedro.core.networks.building import make_decoder
from taskonomy_kedro.core.networks.dense import CutLast, DenseDecoder, QuarterDecoder
from taskonomy_kedro.core.networks.heads import EgomotionHead, FullyConnectedHead
from taskonomy_kedro.core.networks.settings import NetworkSettings
from taskonomy_kedro.core.tasks import TASKS

PAPER = NetworkSettings(encoder="taskonomy_resnet50")
SMALL = NetworkSettings(stride=16, dropout=0.0)


def n_trained(module: torch.nn.Module) -> int:
    return sum(weight.numel() for weight in module.parameters() if weight.requires_grad)


@pytest.mark.parametrize(
    ("n_outputs", "n_weights"), [(1, 16_453_009), (2, 16_453_154), (3, 16_453_299), (64, 16_462_144)]
)
def test_the_papers_decoders_have_their_parameters_and_sizes(n_outputs, n_weights):
    with torch.device("meta"):
        decoder = DenseDecoder(n_outputs)
        assert n_trained(decoder) == n_weights
        for cells in (16, 4):
            maps = decoder(torch.empty(2, 1, 8, cells, cells))
            assert maps.shape == (2, n_outputs, 16 * cells, 16 * cells)
        quarter = QuarterDecoder()
        assert n_trained(quarter) == 25_527_865
        assert quarter(torch.empty(2, 1, 8, 16, 16)).shape == (2, 313, 64, 64)


def test_a_doubling_is_the_gradient_of_tensorflows_strided_convolution():
    """TensorFlow defines a transposed convolution as that; SAME pads 2n → n at the bottom right."""
    generator = torch.Generator().manual_seed(0)
    kernel = torch.randn(5, 3, 3, 3, generator=generator)  # of the convolution 3 → 5 channels
    large = torch.randn(1, 3, 8, 8, generator=generator, requires_grad=True)
    small = functional.conv2d(functional.pad(large, (0, 1, 0, 1)), kernel, stride=2)
    upstream = torch.randn(small.shape, generator=generator)
    (wanted,) = torch.autograd.grad(small, large, upstream)
    layer = DenseDecoder(1).deconv8
    assert [type(part) for part in layer][1:3] == [torch.nn.ConvTranspose2d, CutLast]
    ours = torch.nn.ConvTranspose2d(5, 3, 3, stride=layer[1].stride, padding=layer[1].padding, bias=False)
    ours.weight.data = kernel
    torch.testing.assert_close(layer[2](ours(upstream)), wanted)


def _outputs(task_name: str, settings: NetworkSettings, n_outputs: int | None = None) -> torch.Tensor:
    task = TASKS[task_name]
    n_pictures = task.reads.n_inputs
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(0)
        decoder = make_decoder(settings, task, n_outputs=n_outputs, image_size=32).eval()
        return decoder(20 * torch.randn(2, n_pictures, 8, 2, 2))


@pytest.mark.parametrize("settings", [PAPER, SMALL])
@pytest.mark.parametrize(
    ("task", "n_outputs", "shape"),
    [
        ("autoencoding", 3, (3, 32, 32)),
        ("curvature", None, (2, 32, 32)),
        ("segment_unsup2d", None, (64, 32, 32)),
        ("segment_semantic", None, (17, 32, 32)),
        ("colorization", None, (313, 8, 8)),
        ("class_scene", 63, (63,)),
        ("nonfixated_pose", None, (6,)),
        ("egomotion", None, (12,)),
        ("point_matching", None, (2,)),
    ],
)
def test_every_kind_of_output_has_its_shape(settings, task, n_outputs, shape):
    assert _outputs(task, settings, n_outputs).shape == (2, *shape)


@pytest.mark.parametrize(
    ("task", "in_paper", "in_small"),
    [
        ("normal", True, True),
        ("depth_zbuffer", True, True),
        ("curvature", True, False),
        ("segment_unsup2d", True, False),
        ("segment_semantic", False, False),
    ],
)
def test_tanh_is_applied_to_bounded_targets(task, in_paper, in_small):
    for settings, is_there in ((PAPER, in_paper), (SMALL, in_small)):
        decoder = make_decoder(settings, TASKS[task], image_size=32)
        last = decoder.decoder_output[-1]
        last.register_forward_hook(lambda module, args, output: 1000 * output)
        largest = decoder.eval()(torch.randn(2, 1, 8, 2, 2) * 100).abs().max()
        assert (largest <= 1) == is_there, (settings.encoder, task)


def test_a_readout_gives_more_channels():
    for settings in (PAPER, SMALL):
        for name in ("normal", "colorization", "fixated_pose"):
            decoder = make_decoder(settings, TASKS[name], image_size=32, in_channels=48)
            assert len(decoder(torch.randn(2, TASKS[name].reads.n_inputs, 48, 2, 2))) == 2


@pytest.mark.parametrize(
    ("task", "n_linear", "hidden", "n_features"),
    [
        ("vanishing_point", 2, 2048, 2048),
        ("fixated_pose", 2, 2048, 4096),
        ("nonfixated_pose", 3, 2048, 4096),
        ("point_matching", 2, 256, 4096),
        ("jigsaw", 3, 2048, 18432),
    ],
)
def test_heads_of_the_paper(task, n_linear, hidden, n_features):
    with torch.device("meta"):
        head = make_decoder(PAPER, TASKS[task], image_size=256)
    assert isinstance(head, FullyConnectedHead)
    linear = [layer for layer in head.children() if isinstance(layer, torch.nn.Linear)]
    assert len(linear) == n_linear
    assert (linear[0].in_features, linear[-1].in_features) == (n_features, hidden)
    assert [layer.bias is not None for layer in linear] == [False] * (n_linear - 1) + [True]
    assert head.dropout == 0.5


def test_egomotion_has_two_heads_that_see_all_pictures():
    with torch.device("meta"):
        head = make_decoder(PAPER, TASKS["egomotion"], image_size=256)
        # each: 6144·1024 + 1024, 1024·1024 + 1024, 1024·6 + 6, biases and no normalisation
        assert n_trained(head) == 2 * (6_292_480 + 1_049_600 + 6_150)
    small = EgomotionHead(3 * 8, hidden=4).eval()
    representations = torch.randn(1, 3, 8, 1, 1)
    whole = small(representations)
    torch.testing.assert_close(whole[:, :6], small.pose_12(representations))
    for picture in range(3):
        changed = representations.clone()
        changed[:, picture] += 5
        assert not torch.equal(small(changed), whole)


def test_pictures_are_flattened_by_row_column_channel():
    head = FullyConnectedHead(2 * 3 * 4 * 5, 1, n_layers=2, hidden=2 * 3 * 4 * 5, has_batch_norm=False).eval()
    with torch.no_grad():
        head.fc0.weight.copy_(torch.eye(120))
        head.fc0.bias.zero_()
        head.fc2.weight.copy_(torch.arange(120.0)[None])
        head.fc2.bias.zero_()
    representations = torch.zeros(1, 2, 3, 4, 5)
    representations[0, 1, 2, 3, 1] = 1  # picture 1, channel 2, row 3, column 1
    assert head(representations).item() == 60 + (3 * 5 + 1) * 3 + 2


def test_dropout_draws_from_the_global_generator_and_only_in_training():
    head = make_decoder(NetworkSettings(stride=16, dropout=0.5), TASKS["room_layout"], image_size=32)
    representations = torch.randn(4, 1, 8, 2, 2)
    assert torch.equal(head.eval()(representations), head(representations))
    head.train()
    drawn = []
    for seed in (0, 0, 1):
        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(seed)
            drawn.append(head(representations))
    assert torch.equal(drawn[0], drawn[1])
    assert not torch.equal(drawn[0], drawn[2])
    assert make_decoder(SMALL, TASKS["room_layout"], image_size=32).dropout == 0


@pytest.mark.parametrize(
    ("task", "more", "message"),
    [
        ("class_scene", {}, "class_scene has as many outputs as its labels have classes"),
        ("normal", {"n_pictures": 2}, "the decoder dense of task normal reads one picture, got 2"),
        ("normal", {"image_size": 40}, "multiple of 16 pixels, got 40; 32 or 48 would do"),
        ("random_projection", {}, "random_projection has no decoder"),
        ("egomotion", {"n_outputs": 11}, "even number of numbers, got n_outputs = 11"),
    ],
)
def test_impossible_decoders_are_refused(task, more, message):
    with pytest.raises(ValueError, match=message):
        make_decoder(SMALL, TASKS[task], **({"image_size": 32} | more))


@pytest.mark.parametrize(
    ("task", "message"),
    [
        ("normal", r"one picture an item, shape \(n, 1, C, h, w\); got \(2, 3, 8, 2, 2\)"),
        ("fixated_pose", r"reads 64 numbers an item.*got \(2, 3, 8, 2, 2\)"),
    ],
)
def test_representations_of_the_wrong_shape_are_refused(task, message):
    with pytest.raises(ValueError, match=message):
        make_decoder(SMALL, TASKS[task], image_size=32)(torch.zeros(2, 3, 8, 2, 2))
