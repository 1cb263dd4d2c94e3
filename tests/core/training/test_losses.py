import math
from dataclasses import replace

import numpy as np
import pytest
import torch
from tests import plain_losses as plain

from taskonomy_kedro.core.labels.camera_labels import composed_pose
from taskonomy_kedro.core.labels.custom_tasks import custom_task
from taskonomy_kedro.core.labels.statistics import LabelStatistics, Standardisation
from taskonomy_kedro.core.tasks import TASKS
from taskonomy_kedro.core.training.batch_tensors import TargetTensors
from taskonomy_kedro.core.training.losses import (
    LossConstants,
    LossTerms,
    batch_loss,
    constants_of,
    image_losses,
    loss_terms,
)
from taskonomy_kedro.core.training.losses.pair_loss import pair_loss_sums

N, SIDE = 3, 6
EGOMOTION = LossConstants(pose_mean=torch.linspace(-0.3, 0.3, 18), pose_std=torch.linspace(0.2, 1.4, 18))


def example(task, rng, n=N):
    """An output and a target in float64; the last item counts nowhere."""
    label = task.label
    k = label.n_outputs or label.size or 5
    weights = rng.choice([0.0, 1.0], (n, SIDE, SIDE))
    weights[-1] = 0
    rest = {}
    if label.kind == "regression_map":
        output, values, weights = (
            rng.normal(size=(n, k, SIDE, SIDE)),
            rng.normal(size=(n, k, SIDE, SIDE)),
            weights[:, None],
        )
    elif label.kind == "class_map":
        output, values = rng.normal(size=(n, k, SIDE, SIDE)), rng.integers(0, k, (n, SIDE, SIDE))
        weights = weights * rng.uniform(0.5, 9, weights.shape)
    elif label.kind == "color_bins":
        output = rng.normal(size=(n, k, SIDE, SIDE))
        values = np.argsort(rng.random((n, k, SIDE, SIDE)), axis=1)[:, :10]
        shares = rng.dirichlet(np.ones(10), (n, SIDE, SIDE)).transpose(0, 3, 1, 2)
        weights, rest = weights * rng.uniform(0.5, 9, weights.shape), {"shares": torch.from_numpy(shares)}
    elif label.kind == "region_map":
        output, values = 0.4 * rng.normal(size=(n, k, SIDE, SIDE)), rng.integers(0, 3, (n, SIDE, SIDE))
        weights = np.ones((n, SIDE, SIDE))
        weights[-1] = 0
        pixels = np.stack([rng.permutation(SIDE**2)[:20] for _ in range(n)])
        rest = {"pixels": torch.from_numpy(pixels)}
    else:
        output, weights = rng.normal(size=(n, k)), np.array([1.0] * (n - 1) + [0.0])
        values = {
            "class": rng.integers(0, k, n),
            "soft_class": rng.dirichlet(np.ones(k), n),
            "vector": rng.normal(size=(n, label.size or k)),
        }[label.kind]
    target = TargetTensors(values=torch.from_numpy(values), weights=torch.from_numpy(weights), **rest)
    return torch.from_numpy(output), target


def wanted_terms(task, output, target):
    out, values, weights = output.numpy(), target.values.numpy(), target.weights.numpy()
    if task.loss in ("l1", "l2", "mse"):
        return plain.masked_errors(out, values, weights, 1 if task.loss == "l1" else 2)
    if task.loss == "norm":
        return weights * np.sqrt(((out - values) ** 2).sum(axis=1)), weights != 0
    if task.loss == "cycle_norm":
        mean, std = EGOMOTION.pose_mean.numpy().astype(float), EGOMOTION.pose_std.numpy().astype(float)
        sums = np.zeros(len(out))
        for n in range(len(out)):
            one = out[n, :6] * std[:6] + mean[:6]
            two = out[n, 6:] * std[12:] + mean[12:]
            both = (composed_pose(one, two) - mean[6:12]) / std[6:12]
            norms = [
                np.linalg.norm(got - values[n, k : k + 6])
                for k, got in zip((0, 6, 12), (out[n, :6], both, out[n, 6:]), strict=True)
            ]
            sums[n] = weights[n] * (norms[0] + 0.5 * norms[1] + norms[2])
        return sums, weights != 0
    if task.loss == "cross_entropy":
        return plain.class_errors(out, values, weights)
    if target.shares is not None:
        spread = np.zeros_like(out)
        np.put_along_axis(spread, values, target.shares.numpy(), axis=1)
        return plain.distribution_errors(out, spread, weights)
    if task.loss == "soft_cross_entropy":
        return plain.distribution_errors(out, values, weights)
    pixels = target.pixels.numpy()
    sums, counts = np.zeros(len(out)), np.zeros(len(out))
    for n in range(len(out) - 1):
        embeddings = out[n].reshape(out.shape[1], -1)[:, pixels[n]].T
        sums[n] = plain.pair_errors(embeddings, values[n].ravel()[pixels[n]])
        counts[n] = len(embeddings) ** 2
    return sums, counts


TRAINED = [name for name, task in TASKS.items() if task.loss != "none"]


@pytest.mark.parametrize("name", TRAINED)
def test_every_loss_is_what_a_plain_loop_gives(name, rng):
    task = TASKS[name]
    output, target = example(task, rng)
    sums, counts = wanted_terms(task, output, target)
    exact = loss_terms(task, output, target, EGOMOTION)
    # the egomotion reference rounds its composed pose to float32
    tolerance = 1e-6 if task.loss == "cycle_norm" else 1e-10
    np.testing.assert_allclose(exact.sums, sums, rtol=tolerance)
    np.testing.assert_array_equal(exact.counts, counts)
    assert counts[0] > 0
    assert counts[-1] == 0
    single = TargetTensors(
        values=target.values.float() if target.values.is_floating_point() else target.values,
        weights=target.weights.float(),
        shares=None if target.shares is None else target.shares.float(),
        pixels=target.pixels,
    )
    rounded = loss_terms(task, output.float(), single, EGOMOTION)
    assert rounded.sums.dtype == rounded.counts.dtype == torch.float32
    np.testing.assert_allclose(rounded.sums, sums, rtol=2e-5)
    np.testing.assert_allclose(batch_loss(exact), sums.sum() / counts.sum(), rtol=tolerance)
    by_image = image_losses(exact).numpy()
    np.testing.assert_allclose(by_image[:-1], sums[:-1] / counts[:-1], rtol=tolerance)
    assert np.isnan(by_image[-1])


@pytest.mark.parametrize("name", TRAINED)
def test_gradients_are_those_of_the_loss_and_nothing_flows_where_nothing_counts(name, rng):
    task = TASKS[name]
    output, target = example(task, rng, n=2)
    output.requires_grad_()

    def loss(changed):
        return batch_loss(loss_terms(task, changed, target, EGOMOTION))

    if output.numel() < 1000:
        assert torch.autograd.gradcheck(loss, (output,), atol=1e-6)
    else:  # many numbers: along one random direction
        direction = torch.from_numpy(rng.normal(size=output.shape))
        slope = (loss(output + 1e-5 * direction) - loss(output - 1e-5 * direction)) / 2e-5
        (gradient,) = torch.autograd.grad(loss(output), output)
        np.testing.assert_allclose((gradient * direction).sum().item(), slope.item(), rtol=1e-5)
    (gradient,) = torch.autograd.grad(loss(output), output)
    assert gradient[0].abs().sum() > 0
    assert (gradient[-1] == 0).all()


@pytest.mark.parametrize("name", TRAINED)
def test_a_batch_in_which_nothing_counts_has_loss_and_gradient_0(name, rng):
    task = TASKS[name]
    output, target = example(task, rng)
    output = output[-1:].clone().requires_grad_()
    last = TargetTensors(**{k: None if v is None else v[-1:] for k, v in vars(target).items()})
    terms = loss_terms(task, output, last, EGOMOTION)
    batch_loss(terms).backward()
    assert batch_loss(terms).item() == 0
    assert (output.grad == 0).all()
    assert image_losses(terms).isnan().all()


def test_l1_by_hand_divides_by_the_pixels_that_count_of_all_channels():
    values = torch.tensor([[[[0.0, 1.0]], [[2.0, 3.0]]]])  # (1, 2, 1, 2)
    output = torch.tensor([[[[1.0, 9.0]], [[5.0, 9.0]]]])
    target = TargetTensors(values=values, weights=torch.tensor([[[[1.0, 0.0]]]]))
    task = custom_task("flow", {"kind": "regression_map", "channels": 2, "range": [0, 1]})
    assert batch_loss(loss_terms(task, output, target)).item() == (1 + 3) / 2
    squared = custom_task("flow", {"kind": "regression_map", "channels": 2, "range": [0, 1], "loss": "l2"})
    assert batch_loss(loss_terms(squared, output, target)).item() == (1 + 9) / 2


def test_weights_are_not_divided_out_only_their_number_is():
    target = TargetTensors(
        values=torch.zeros(1, 1, 3, dtype=torch.int64), weights=torch.tensor([[[4.0, 2.0, 0.0]]])
    )
    loss = batch_loss(loss_terms(TASKS["segment_semantic"], torch.zeros(1, 17, 1, 3), target))
    assert loss.item() == pytest.approx((4 + 2) * math.log(17) / 2)


def test_a_batch_weighs_pixels_alike_and_the_test_images():
    terms = LossTerms(sums=torch.tensor([10.0, 1.0]), counts=torch.tensor([10.0, 2.0]))
    assert batch_loss(terms).item() == pytest.approx(11 / 12)
    assert image_losses(terms).tolist() == [1.0, 0.5]


def test_metric_loss_by_hand():
    # two pixels, d = 1: the pair counts twice, and each pixel with itself -log(1 - 1e-7)
    output = torch.tensor([[[[0.0, 1.0]]]], dtype=torch.float64).expand(1, 64, 1, 2).clone()
    output[:, 1:] = 0
    task = TASKS["segment_unsup2d"]
    for ids, chance in (([3, 3], 2 / (1 + math.e)), ([3, 4], 1 - 2 / (1 + math.e))):
        target = TargetTensors(
            values=torch.tensor([[ids]]), weights=torch.ones(1, 1, 2), pixels=torch.tensor([[0, 1]])
        )
        wanted = (-2 * math.log(chance) - 2 * math.log(1 - 1e-7)) / 4
        assert batch_loss(loss_terms(task, output, target)).item() == pytest.approx(wanted, rel=1e-12)


@pytest.mark.parametrize("scale", [0.0, 1e-6, 1e-3, 1.0, 3.0, 1e3])
@pytest.mark.parametrize("layout", [torch.contiguous_format, torch.channels_last])
def test_metric_loss_is_finite_and_right_for_collapsed_and_far_embeddings(scale, layout, rng):
    task = TASKS["segment_unsup25d"]
    exact, target = example(task, rng)
    output = (0.7 + scale * exact).float().contiguous(memory_format=layout).requires_grad_()
    terms = loss_terms(task, output, target)
    batch_loss(terms).backward()
    sums, _ = wanted_terms(task, output.detach().double(), target)
    # at 1e-6 the float32 embeddings themselves are coarse: the reference sees the same ones
    np.testing.assert_allclose(terms.sums.detach(), sums, rtol=2e-3 if 0 < scale < 1e-2 else 1e-4)
    assert output.grad.isfinite().all()


@pytest.mark.parametrize(
    "name", ["normal", "egomotion", "segment_semantic", "class_scene", "colorization", "segment_unsup2d"]
)
def test_losses_are_in_float32_whatever_the_network_computes_in(name, rng):
    task = TASKS[name]
    output, target = example(task, rng)
    target = TargetTensors(
        values=target.values.float() if target.values.is_floating_point() else target.values,
        weights=target.weights.float(),
        shares=None if target.shares is None else target.shares.float(),
        pixels=target.pixels,
    )
    half = output.bfloat16()
    plainly = loss_terms(task, half.float(), target, EGOMOTION)
    with torch.autocast("cpu", dtype=torch.bfloat16):
        terms = loss_terms(task, half, target, EGOMOTION)
    assert terms.sums.dtype == torch.float32
    assert torch.equal(terms.sums, plainly.sums)


def test_errors_name_what_was_expected(rng):
    output, target = example(TASKS["normal"], rng)
    with pytest.raises(
        ValueError, match=r"'normal': expected an output of shape \(3, 3, 6, 6\), got \(3, 1, 6, 6\)"
    ):
        loss_terms(TASKS["normal"], output[:, :1], target)
    output, target = example(TASKS["egomotion"], rng)
    with pytest.raises(ValueError, match="mean and spread of poses"):
        loss_terms(TASKS["egomotion"], output, target)
    with pytest.raises(ValueError, match="'egomotion': unknown loss 'cycle_nrm'; did you mean 'cycle_norm'?"):
        loss_terms(replace(TASKS["egomotion"], loss="cycle_nrm"), output, target)


def test_constants_are_taken_for_egomotion_alone():
    found = Standardisation(mean=np.arange(18, dtype=np.float32), std=np.ones(18, dtype=np.float32))
    statistics = LabelStatistics(standardisations={"egomotion": found})
    assert constants_of(TASKS["egomotion"], statistics).pose_mean.tolist() == list(range(18))
    assert constants_of(TASKS["normal"], statistics).pose_mean is None


def test_the_metric_loss_is_the_same_with_and_without_a_gradient():
    generator = torch.Generator().manual_seed(0)
    embeddings = torch.randn(7, 40, 64, generator=generator) * 0.3
    ids = torch.randint(0, 4, (7, 40), generator=generator)
    weights = torch.randint(0, 2, (7, 40), generator=generator).float()
    wanted = pair_loss_sums(embeddings.clone().requires_grad_(), ids, weights)
    assert torch.equal(pair_loss_sums(embeddings, ids, weights), wanted.detach())
