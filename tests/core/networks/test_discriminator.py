import pytest
import torch

from taskonomy_kedro.core.networks.discriminator import PatchDiscriminator, SamePad, make_discriminator


def test_it_has_the_papers_parameters_and_sizes():
    with torch.device("meta"):
        discriminator = PatchDiscriminator(3, 3)
        sizes = []
        for layer in discriminator.layers:
            if isinstance(layer, torch.nn.Conv2d):
                layer.register_forward_hook(lambda *a: sizes.append(tuple(a[2].shape[1:])))
        discriminator(torch.empty(2, 3, 256, 256), torch.empty(2, 3, 256, 256))
    assert sizes == [(64, 64, 64), (128, 16, 16), (256, 4, 4), (512, 4, 4), (1, 4, 4)]
    assert sum(weight.numel() for weight in discriminator.parameters()) == 3_140_801
    for size, patches in ((64, 1), (100, 2), (128, 2)):
        with torch.device("meta"):
            logits = make_discriminator(1, 2, image_size=size)(
                torch.empty(2, 1, size, size), torch.empty(2, 2, size, size)
            )
        assert logits.shape == (2, 1, patches, patches)


@pytest.mark.parametrize(
    ("kernel", "stride", "size", "wanted"),
    [(5, 4, 64, (0, 1)), (4, 1, 4, (1, 2)), (5, 4, 7, (1, 1)), (5, 4, 9, (2, 2))],
)
def test_padding_is_tensorflows(kernel, stride, size, wanted):
    """By hand: total = (⌈n / stride⌉ - 1)·stride + kernel - n, the odd one last."""
    padded = SamePad(kernel, stride)(torch.ones(1, 1, size, size))[0, 0]
    before, after = wanted
    row = [0.0] * before + [1.0] * size + [0.0] * after
    assert padded.max(dim=0).values.tolist() == row
    assert padded.max(dim=1).values.tolist() == row


def test_what_does_not_fit_is_refused():
    with pytest.raises(ValueError, match="at least 64 pixels, got 48"):
        make_discriminator(3, 3, image_size=48)
    with pytest.raises(ValueError, match=r"of one size, got \(1, 3, 64, 64\) and \(1, 1, 32, 32\)"):
        PatchDiscriminator(3, 1)(torch.zeros(1, 3, 64, 64), torch.zeros(1, 1, 32, 32))
