"""Representations: the encoder's own, of every image, row by row, at half precision."""

import errno
import time
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
import torch
from tests.refused_writes import refuse_writes
from tests.small_models import COMPUTE, Workshop

from taskonomy_kedro.core.disk import CannotWriteError
from taskonomy_kedro.core.labels.colors import lightness
from taskonomy_kedro.core.labels.targets import picture
from taskonomy_kedro.core.tasks import TASKS
from taskonomy_kedro.core.training import encoded_items, encoding
from taskonomy_kedro.core.training.device import choose_compute
from taskonomy_kedro.core.training.encoded_items import EncodedItems
from taskonomy_kedro.core.training.settings import ComputeSettings


@pytest.fixture(scope="module")
def workshop(small_splits, tmp_path_factory) -> Workshop:
    return Workshop(small_splits, tmp_path_factory.mktemp("encoding"))


def encoded(workshop: Workshop, task: str, pictures: np.ndarray) -> np.ndarray:
    """Encode image by image, by the network itself."""
    network = workshop.modeling(task).network(workshop.splits["train"])
    network.load_state_dict(dict(workshop.network(task).weights))
    network.eval()
    with torch.inference_mode():
        return np.concatenate([network.represent(torch.from_numpy(one[None])).numpy() for one in pictures])


@pytest.mark.parametrize("task", ["normal", "egomotion", "jigsaw", "colorization", "random_projection"])
def test_representations_are_the_encoders_of_each_image(workshop, task, monkeypatch):
    """Whole, single, unshuffled images, whatever the task itself reads; colorization's lightness alone."""
    monkeypatch.setattr(encoding, "_BATCH", 5)  # the last block is smaller
    found = workshop.representations(task)
    assert set(found.arrays) == {"transfer", "validation", "test"}
    for name, array in found.arrays.items():
        rgb = np.asarray(workshop.splits[name].arrays["rgb"])
        assert array.dtype == np.float16
        assert array.shape == (len(rgb), 8, 4, 4)
        wanted = encoded(workshop, task, lightness(rgb) if task == "colorization" else picture(rgb))
        np.testing.assert_allclose(array, wanted, rtol=2e-3, atol=2e-3)  # half precision
    assert found.outcome["shape"] == [8, 4, 4]


class Wild(torch.nn.Module):
    """An encoder whose numbers are too large for half precision."""

    in_channels, out_channels, stride = 3, 8, 8

    def forward(self, pictures):
        signs = torch.tensor([1.0, -1.0, 0.001, 0.0] * 2)
        return (1e6 * signs)[None, :, None, None].expand(len(pictures), 8, 4, 4)


def test_numbers_beyond_half_precision_are_clipped_and_logged(workshop, caplog):
    found = encoding.encode_splits(
        "normal", Wild(), {"test": workshop.splits["test"]},
        compute=choose_compute(ComputeSettings(**COMPUTE)), folder=workshop.folder / "wild",
    )  # fmt: skip
    assert found.arrays["test"][0, :4, 0, 0].tolist() == [65504.0, -65504.0, 1000.0, 0.0]
    n_images = len(workshop.splits["test"])
    assert f"by normal, split test: {n_images * 64} of {n_images * 128} numbers" in caplog.text


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EROFS])
def test_a_full_disk_is_a_sentence(workshop, monkeypatch, number):
    refuse_writes(monkeypatch, "validation.npy", number)
    with pytest.raises(CannotWriteError, match=r"cannot write .*/validation\.npy"):
        workshop.representations("curvature")


def test_items_are_represented_as_the_encoder_does(workshop, monkeypatch):
    compute = choose_compute(ComputeSettings(**COMPUTE))
    for task in ("egomotion", "colorization"):
        items = workshop.modeling(task).items(workshop.splits["train"])
        encoder = workshop.modeling("random_projection").network(workshop.splits["train"])
        monkeypatch.setattr(encoded_items, "_BLOCK", 3)
        whole = EncodedItems(items, encoder, compute, weights=task)
        assert len(whole) == len(items)
        rows = np.array([4, 0, 4])
        batch, pictures = whole.batch(rows), items.batch(rows).pictures
        if pictures.shape[2] == 1:  # the lightness, three times
            pictures = pictures.repeat(1, 1, 3, 1, 1)
        with torch.inference_mode():
            wanted = torch.stack([encoder.eval().represent(item) for item in pictures])
        torch.testing.assert_close(batch.pictures, wanted.half().float(), rtol=2e-3, atol=2e-3)
        assert batch.pictures.shape[:3] == (3, TASKS[task].reads.n_inputs, 8)
        assert batch.item_ids == [items.item_ids[row] for row in rows]
        assert torch.equal(batch.target.values, items.batch(rows).target.values)


def test_draws_of_a_metric_loss_reach_represented_items(workshop):
    items = workshop.modeling("segment_unsup2d", training_pixels=7).items(workshop.splits["train"])
    encoder = workshop.modeling("random_projection").network(workshop.splits["train"])
    whole = EncodedItems(items, encoder, choose_compute(ComputeSettings(**COMPUTE)), weights="a")
    rows = np.arange(2)
    for draw in (0, 1, 2):
        pixels = whole.batch(rows, draw).target.pixels
        assert torch.equal(pixels, items.batch(rows, draw).target.pixels)
        assert pixels.shape == (2, 7 if draw else 300)


def test_the_same_images_are_represented_once_and_by_other_weights_again(workshop, monkeypatch):
    compute = choose_compute(ComputeSettings(**COMPUTE))
    split = workshop.splits["train"]
    encoder = workshop.modeling("random_projection").network(split)
    seen, represent = [], encoder.represent
    monkeypatch.setattr(
        encoder, "represent", lambda pictures: seen.append(len(pictures)) or represent(pictures)
    )
    monkeypatch.setattr(encoded_items, "_shared", {})
    for task in ("normal", "egomotion", "curvature"):
        EncodedItems(workshop.modeling(task).items(split), encoder, compute, weights="a")
    assert sum(seen) == len(split)
    EncodedItems(workshop.modeling("normal").items(split), encoder, compute, weights="b")
    assert sum(seen) == 2 * len(split)
    for weights in "cdefg":
        EncodedItems(workshop.modeling("normal").items(split), encoder, compute, weights=weights)
    assert len(encoded_items._shared) == 4


def test_threads_share_representations_and_evict_none_that_is_in_use(workshop, monkeypatch):
    """Sixteen tasks at a time, of five networks; only four splits are shared."""
    compute = choose_compute(ComputeSettings(**COMPUTE))
    items = workshop.modeling("normal").items(workshop.splits["train"])
    encoded = []

    def slow(n_rows, pictures_of, encoder, compute):
        encoded.append(encoder)
        time.sleep(0.01)
        return torch.full((n_rows, 1, 8, 1, 1), float(encoder))

    monkeypatch.setattr(encoded_items, "_represented", slow)
    monkeypatch.setattr(encoded_items, "_shared", {})

    def codes_of(number):
        made = EncodedItems(items, number, compute, weights=str(number))
        return int(made.batch(np.arange(1)).pictures[0, 0, 0, 0, 0])

    with ThreadPoolExecutor(16) as pool:
        assert list(pool.map(codes_of, [0] * 16)) == [0] * 16
        assert encoded == [0]
        numbers = list(range(5)) * 16
        assert list(pool.map(codes_of, numbers)) == numbers
    assert len(encoded_items._shared) == 4
