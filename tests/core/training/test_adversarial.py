import math

import numpy as np
import pytest
import torch
from torch import nn

from taskonomy_kedro.core.labels.colors import COLOR_BINS
from taskonomy_kedro.core.tasks import TASKS
from taskonomy_kedro.core.training.adversarial import (
    discriminator_loss,
    generator_loss,
    instance_noise,
    judged_output,
    judged_target,
    pixel_share,
)

PICTURES = torch.linspace(-1, 1, 2 * 3 * 64).reshape(2, 1, 3, 8, 8)


class Constant(nn.Module):
    """Gives every picture the same logit, and remembers its inputs."""

    def __init__(self, logit):
        super().__init__()
        self.logit, self.seen = nn.Parameter(torch.tensor(float(logit))), []

    def forward(self, image):
        self.seen.append(image)
        return self.logit + 0 * image[:, :1]


def entropy(logit, target):
    chance = 1 / (1 + math.exp(-logit))
    return -target * math.log(chance) - (1 - target) * math.log(1 - chance)


def test_losses_by_hand():
    judge = Constant(0.7)
    image = torch.zeros(2, 6, 8, 8, requires_grad=True)
    assert generator_loss(judge, image).item() == pytest.approx(entropy(0.7, 1.0))
    loss = discriminator_loss(judge, image, image)
    assert loss.item() == pytest.approx(0.5 * entropy(0.7, 0.9) + 0.5 * entropy(0.7, 0.0))


def test_the_discriminator_trains_without_moving_the_network():
    output = torch.zeros(2, 3, 8, 8, requires_grad=True)
    fake = judged_output(TASKS["normal"], PICTURES, output)
    judge = nn.Conv2d(6, 1, 3)
    discriminator_loss(judge, fake.detach(), fake).backward()
    assert output.grad is None
    assert judge.weight.grad.abs().sum() > 0
    generator_loss(judge, fake).backward()
    assert output.grad.abs().sum() > 0


def test_shares_and_noise_are_the_released_ones():
    assert pixel_share(TASKS["normal"]) == 0.996
    assert pixel_share(TASKS["colorization"]) == 0.99
    assert instance_noise(TASKS["normal"], 0) == 0.1
    assert instance_noise(TASKS["depth_zbuffer"], 0) == 0.03
    assert instance_noise(TASKS["normal"], 5000) == pytest.approx(0.05)
    for name in ("segment_semantic", "room_layout", "segment_unsup2d"):
        with pytest.raises(ValueError, match=f"'{name}' with the loss .* has no discriminator"):
            pixel_share(TASKS[name])


def test_the_discriminator_sees_the_input_and_the_output(items_of):
    batch = items_of(TASKS["normal"]).batch(np.array([0, 1]))
    output = torch.zeros_like(batch.target.values)
    fake, real = (
        judged_output(TASKS["normal"], batch.pictures, output),
        judged_target(TASKS["normal"], batch.pictures, batch.target),
    )
    assert torch.equal(fake[:, :3], batch.pictures[:, 0])
    assert torch.equal(fake[:, 3:], output)
    assert torch.equal(real[:, 3:], batch.target.values)


def test_noise_comes_from_the_generator_and_has_its_deviation():
    output = torch.zeros(2, 3, 8, 8)
    one, two = (
        judged_output(
            TASKS["normal"], PICTURES, output, sigma=0.1, generator=torch.Generator().manual_seed(3)
        )
        for _ in range(2)
    )
    assert torch.equal(one, two)
    assert torch.equal(one[:, :3], PICTURES[:, 0])
    assert one[:, 3:].std().item() == pytest.approx(0.1, rel=0.1)


def test_colours_are_the_centres_that_sharpened_chances_expect(items_of):
    task = TASKS["colorization"]
    batch = items_of(task).batch(np.array([0, 1]))
    logits = torch.randn((2, 313, 8, 8), generator=torch.Generator().manual_seed(0))
    fake = judged_output(task, batch.pictures, logits)
    assert fake.shape == (2, 3, 32, 32)
    chances = np.exp(2.606 * logits.numpy().astype(np.float64))
    chances /= chances.sum(axis=1, keepdims=True)
    wanted = np.einsum("nkyx,kc->ncyx", chances, COLOR_BINS / 110).repeat(4, 2).repeat(4, 3)
    np.testing.assert_allclose(fake[:, 1:], wanted, atol=1e-5)
    assert torch.equal(fake[:, :1], batch.pictures[:, 0])
    # of a target: its ten bins, weighed by their shares
    real = judged_target(task, batch.pictures, batch.target)
    bins, shares = batch.target.values.numpy(), batch.target.shares.numpy()
    wanted = (COLOR_BINS[bins] * shares[..., None]).sum(axis=1).transpose(0, 3, 1, 2) / 110
    np.testing.assert_allclose(real[:, 1:, ::4, ::4], wanted, atol=1e-5)
