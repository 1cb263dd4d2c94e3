import os
from pathlib import Path

import pytest
import torch
from torchvision.models import resnet50

from taskonomy_kedro.core.sources.imagenet import load_imagenet_encoder


@pytest.fixture(scope="module")
def network() -> torch.nn.Module:
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(0)
        return resnet50(weights=None).eval()


@pytest.fixture(scope="module")
def weights(network: torch.nn.Module, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("imagenet") / "resnet50-0123.pth"
    torch.save(network.state_dict(), path)
    return path


def test_it_is_torchvisions_last_layer_of_renormalised_pictures(network, weights):
    encoder = load_imagenet_encoder(weights)
    pictures = torch.rand(2, 3, 64, 64, generator=torch.Generator().manual_seed(1)) * 2 - 1
    seen = []
    network.layer4.register_forward_hook(lambda module, args, output: seen.append(output))
    mean, std = torch.tensor([0.485, 0.456, 0.406]), torch.tensor([0.229, 0.224, 0.225])
    with torch.no_grad():
        network((((pictures + 1) / 2).permute(0, 2, 3, 1) - mean).div(std).permute(0, 3, 1, 2))
        ours = encoder(pictures)
    wanted = torch.einsum("dc,nchw->ndhw", encoder.directions.flatten(1), seen[0]).clamp(min=0)
    assert ours.shape == (2, 8, 4, 4)
    repeated = wanted.repeat_interleave(2, dim=2).repeat_interleave(2, dim=3)
    torch.testing.assert_close(ours, repeated, rtol=1e-4, atol=1e-4 * repeated.max().item())
    assert 0.1 < (ours > 0).float().mean() < 0.9
    assert not encoder.training


def test_its_directions_are_orthonormal_and_always_the_same(weights):
    before = torch.get_rng_state()
    first, second = (load_imagenet_encoder(weights).directions.flatten(1) for _ in range(2))
    assert torch.equal(torch.get_rng_state(), before)
    assert torch.equal(first, second)
    torch.testing.assert_close(first @ first.T, torch.eye(8), atol=1e-5, rtol=0)
    torch.testing.assert_close(first.sum(dim=1), torch.zeros(8), atol=1e-4, rtol=0)


@pytest.mark.parametrize(("layer", "n_features"), [("layer1", 256), ("layer3", 1024)])
def test_an_earlier_layer_can_be_read(network, weights, layer, n_features):
    encoder = load_imagenet_encoder(weights, stride=8, layer=layer)
    seen = []
    getattr(encoder.network, layer).register_forward_hook(lambda module, args, output: seen.append(output))
    with torch.no_grad():
        ours = encoder(torch.zeros(1, 3, 64, 64))
    assert (ours.shape, seen[0].shape[1]) == ((1, 8, 8, 8), n_features)


def test_it_has_the_cells_of_the_other_sources(weights):
    encoder = load_imagenet_encoder(weights, stride=8)
    assert (encoder.stride, encoder.out_channels, encoder.in_channels) == (8, 8, 3)
    assert encoder(torch.zeros(1, 3, 48, 48)).shape == (1, 8, 6, 6)


def test_torchvisions_cache_is_looked_into(weights, tmp_path, monkeypatch):
    monkeypatch.setattr(torch.hub, "get_dir", lambda: str(tmp_path))
    with pytest.raises(ValueError, match="torchvision's cache as resnet50-.*found none there"):
        load_imagenet_encoder()
    (tmp_path / "checkpoints").mkdir()
    os.link(weights, tmp_path / "checkpoints" / weights.name)
    assert load_imagenet_encoder().stride == 16


def test_weights_of_another_network_are_refused(weights, tmp_path):
    state = torch.load(weights, weights_only=True)
    del state["layer4.2.conv3.weight"]
    torch.save(state, tmp_path / "other.pth")
    with pytest.raises(
        ValueError, match="torchvision's resnet50: 1 key is missing, first 'layer4.2.conv3.weight'"
    ):
        load_imagenet_encoder(tmp_path / "other.pth")
