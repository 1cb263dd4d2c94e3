from dataclasses import replace

import numpy as np
import pytest
import torch

from taskonomy_kedro.core.labels.colors import color_bins, lightness
from taskonomy_kedro.core.labels.custom_tasks import custom_task
from taskonomy_kedro.core.labels.self_supervised import (
    noisy_picture,
    picture_with_hole,
    sampled_pixels,
    shuffled_tiles,
    tile_classes,
)
from taskonomy_kedro.core.labels.statistics import LabelStatistics
from taskonomy_kedro.core.labels.targets import picture, target_of
from taskonomy_kedro.core.preparation.prepared import PreparedSplit
from taskonomy_kedro.core.tasks import TASKS
from taskonomy_kedro.core.training.losses import batch_loss, constants_of, loss_terms
from taskonomy_kedro.core.training.task_dataset import TaskBatch, TaskDataset, n_outputs

TRAINED = [task for task in TASKS.values() if task.loss != "none"]
OWN = {
    "heat": {"kind": "regression_map", "range": [0, 200], "mask": "valid_depth", "loss": "l2"},
    "parts": {"kind": "class_map", "classes": 4},
    "size": {"kind": "vector", "length": 3, "mask": "none", "loss": "norm"},
    "mood": {"kind": "class", "classes": 3},
}


def tensors(batch: TaskBatch) -> dict[str, torch.Tensor | None]:
    return {"pictures": batch.pictures, **vars(batch.target)}


def assert_equal(one: TaskBatch, two: TaskBatch) -> None:
    assert one.item_ids == two.item_ids
    for name, tensor in tensors(one).items():
        other = tensors(two)[name]
        assert (tensor is None) == (other is None), name
        if tensor is not None:
            assert tensor.dtype == other.dtype, name
            assert torch.equal(tensor, other), name


@pytest.fixture(scope="module")
def own_split(split) -> PreparedSplit:
    """The same images with labels of a user's own, of which the first two images have none."""
    rng = np.random.default_rng(5)
    n, side = len(split), split.image_size
    arrays = {
        "heat": rng.integers(0, 256, (n, side, side), dtype=np.uint8),
        "parts": rng.integers(0, 5, (n, side, side), dtype=np.uint8),
        "size": rng.normal(size=(n, 3)).astype(np.float32),
        "mood": rng.integers(0, 3, n),
    }
    arrays["size"][3] = np.nan
    arrays["mood"][4] = -1
    present = np.ones((n, len(arrays)), dtype=bool)
    present[:2] = False
    return replace(
        split,
        domains=(*split.domains, *arrays),
        is_present=np.concatenate([split.is_present, present], axis=1),
        arrays={**split.arrays, **arrays},
    )


@pytest.fixture(scope="module")
def own_statistics(own_split) -> LabelStatistics:
    from taskonomy_kedro.core.labels.statistics import standardisation_of

    return LabelStatistics(standardisations={"size": standardisation_of(own_split.arrays["size"])})


@pytest.mark.parametrize("task", TRAINED, ids=lambda task: task.name)
def test_batches_have_the_shapes_that_the_task_says(task, items_of, split, statistics):
    items = items_of(task)
    rows = np.array([3, 0, 3])
    batch = items.batch(rows)
    side = 16 if task.reads.transform == "tiles" else 32
    assert batch.pictures.shape == (3, task.reads.n_inputs, task.reads.n_channels, side, side)
    assert batch.pictures.dtype == torch.float32
    assert batch.pictures.abs().max() <= 1
    assert batch.item_ids == [items.item_ids[row] for row in rows]
    k = n_outputs(task, split)
    kind = task.label.kind
    wanted = {
        "regression_map": (k, 32, 32), "class_map": (32, 32), "region_map": (32, 32), "class": (),
        "color_bins": (10, 8, 8), "soft_class": (k,), "vector": (task.label.size,),
    }[kind]  # fmt: skip
    assert batch.target.values.shape == (3, *wanted)
    assert batch.target.values.is_floating_point() == (kind in ("regression_map", "soft_class", "vector"))
    assert torch.equal(batch.target.values[0], batch.target.values[2])
    assert (batch.target.weights >= 0).all()
    # the loss takes what the batch gives
    places = {"region_map": (32, 32), "class_map": (32, 32), "regression_map": (32, 32), "color_bins": (8, 8)}
    terms = loss_terms(
        task, torch.zeros(3, k, *places.get(kind, ())), batch.target, constants_of(task, statistics)
    )
    assert batch_loss(terms).isfinite()
    assert (terms.counts > 0).all()


@pytest.mark.parametrize("task", TRAINED, ids=lambda task: task.name)
def test_memory_gives_the_bits_that_the_disk_gives(task, items_of):
    items = items_of(task)
    held = items.in_memory(10**9)
    assert held.is_in_memory
    assert not items.is_in_memory
    rng = np.random.default_rng(1)
    for draw, n in ((0, 1), (4, 7)):
        rows = rng.integers(0, len(items), n)
        assert_equal(held.batch(rows, draw), items.batch(rows, draw))
        targets = held.targets(rows, draw)
        for name, tensor in vars(items.targets(rows, draw)).items():
            assert tensor is None or torch.equal(tensor, vars(targets)[name])
    # one item at a time, as in evaluation
    whole = items.batch(np.arange(4))
    for row in range(4):
        single = items.batch(np.array([row]))
        assert torch.equal(single.pictures[0], whole.pictures[row])
        assert torch.equal(single.target.values[0], whole.target.values[row])


def test_what_does_not_fit_stays_on_disk(items_of, split):
    items = items_of(TASKS["autoencoding"])
    needed = len(split) * 32 * 32 * 3
    assert items.in_memory(needed - 1) is items
    assert items.in_memory(needed).is_in_memory


def test_blocks_do_not_move_the_values(items_of, monkeypatch):
    from taskonomy_kedro.core.training import task_dataset

    items = items_of(TASKS["edge_occlusion"])
    whole = items.in_memory(10**9).batch(np.arange(len(items)))
    monkeypatch.setattr(task_dataset, "_BLOCK", 5)
    assert_equal(items.in_memory(10**9).batch(np.arange(len(items))), whole)


@pytest.mark.parametrize(
    ("name", "make"),
    [
        ("autoencoding", lambda rgb, ids: picture(rgb)[:, None]),
        ("denoising", lambda rgb, ids: noisy_picture(rgb, ids, seed=0)[:, None]),
        ("colorization", lambda rgb, ids: lightness(rgb)[:, None]),
        ("inpainting", lambda rgb, ids: picture_with_hole(rgb)[:, None]),
        ("jigsaw", lambda rgb, ids: shuffled_tiles(rgb, ids, seed=0, size=16)[0]),
    ],
)
def test_inputs_are_those_of_the_labels_module(name, make, items_of, split):
    rows = np.array([4, 1])
    batch = items_of(TASKS[name]).batch(rows)
    ids = [split.image_ids[row] for row in rows]
    np.testing.assert_array_equal(batch.pictures, make(split.arrays["rgb"][rows], ids))
    assert batch.item_ids == ids


@pytest.mark.parametrize("name", ["autoencoding", "denoising", "normal", "curvature", "keypoints3d", "class_scene",
                                  "segment_semantic", "vanishing_point", "room_layout", "segment_unsup2d"])  # fmt: skip
def test_targets_are_those_of_the_labels_module(name, items_of, split, statistics):
    task, rows = TASKS[name], np.array([6, 2])
    target = items_of(task).targets(rows)
    wanted = target_of(task, split.batch(rows), statistics)
    np.testing.assert_array_equal(target.values, wanted.values)
    np.testing.assert_array_equal(target.weights, wanted.weights)


def test_colours_are_kept_as_ten_bins(items_of, split, statistics):
    rows = np.array([6, 2])
    target = items_of(TASKS["colorization"]).targets(rows)
    bins, shares = color_bins(split.arrays["rgb"][rows])
    np.testing.assert_array_equal(target.values, np.moveaxis(bins, -1, 1))
    np.testing.assert_array_equal(target.shares, np.moveaxis(shares, -1, 1))
    np.testing.assert_array_equal(target.weights, statistics.color_weights[bins[..., 0]])


def test_jigsaw_classes_belong_to_the_tiles(items_of, split):
    rows = np.arange(9)
    ids = [split.image_ids[row] for row in rows]
    _, classes = shuffled_tiles(split.arrays["rgb"][rows], ids, seed=0)
    np.testing.assert_array_equal(items_of(TASKS["jigsaw"]).targets(rows).values, classes)
    np.testing.assert_array_equal(tile_classes(ids, seed=0), classes)


@pytest.mark.parametrize("name", ["fixated_pose", "nonfixated_pose", "egomotion", "point_matching"])
def test_pairs_and_triplets_show_their_images_in_order(name, items_of, split, statistics):
    items = items_of(TASKS[name])
    numbers = np.array([2, 0])
    batch, rows = items.batch(numbers), split.tuples[name][numbers]
    for n in range(2):
        np.testing.assert_array_equal(batch.pictures[n], picture(split.arrays["rgb"][rows[n]]))
        assert batch.item_ids[n] == "|".join(split.image_ids[row] for row in rows[n])
    labels = split.tuple_labels[name][numbers]
    if name == "point_matching":
        np.testing.assert_array_equal(batch.target.values, labels)
    else:
        np.testing.assert_array_equal(batch.target.values, statistics.standardisation(name).apply(labels))


def test_compared_pixels_repeat_in_evaluation_and_change_with_the_epoch(items_of):
    items = items_of(TASKS["segment_unsup2d"])
    rows = np.array([1, 5])
    first = items.batch(rows).target.pixels
    ids = [items.item_ids[row] for row in rows]
    np.testing.assert_array_equal(first, sampled_pixels(ids, 32 * 32, n_sampled=300, seed=0))
    assert torch.equal(items.batch(rows).target.pixels, first)
    assert not torch.equal(items.batch(rows, draw=1).target.pixels, first)
    assert not torch.equal(items_of(TASKS["segment_unsup2d"], seed=1).batch(rows).target.pixels, first)
    assert items_of(TASKS["normal"]).batch(rows).target.pixels is None


def test_the_seed_moves_the_noise(items_of):
    rows = np.array([0])
    one, two = (items_of(TASKS["denoising"], seed=seed).batch(rows) for seed in (0, 1))
    assert not torch.equal(one.pictures, two.pictures)
    assert torch.equal(one.target.values, two.target.values)


def test_number_of_outputs(split):
    known = {task.name: n_outputs(task, split) for task in TRAINED}
    assert known["class_object"] == 16
    assert known["class_scene"] == 8
    assert (known["egomotion"], known["segment_unsup2d"], known["colorization"]) == (12, 64, 313)
    with pytest.raises(ValueError, match="'random_projection' has no output"):
        n_outputs(TASKS["random_projection"], split)


def test_the_real_scene_labels_have_63_outputs(split):
    real = replace(split, arrays={**split.arrays, "class_scene": np.ones((len(split), 365), np.float32)})
    assert n_outputs(TASKS["class_scene"], real) == 63


@pytest.mark.parametrize("name", OWN)
def test_tasks_of_ones_own(name, own_split, own_statistics):
    task = custom_task(name, OWN[name])
    items = TaskDataset(task, own_split, own_statistics, seed=0)
    skipped = {"size": 3, "mood": 3}.get(name, 2)  # two have none, one more is unknown
    assert len(items) == len(own_split) - skipped
    rows = np.arange(5)
    assert_equal(items.in_memory(10**9).batch(rows), items.batch(rows))
    images = items.image_rows[rows, 0]
    wanted = target_of(task, own_split.batch(images), own_statistics)
    target = items.batch(rows).target
    np.testing.assert_array_equal(target.values, wanted.values)
    np.testing.assert_array_equal(target.weights, wanted.weights)
    k = n_outputs(task, own_split)
    places = tuple(target.values.shape[-2:]) if target.values.ndim > 2 else ()
    assert batch_loss(loss_terms(task, torch.zeros(5, k, *places), target)).item() > 0


def test_images_without_the_label_are_no_items(split, statistics):
    present = split.is_present.copy()
    present[[0, 5], split.domains.index("normal")] = False
    present[7, split.domains.index("mask_valid")] = False
    fewer = replace(split, is_present=present)
    items = TaskDataset(TASKS["normal"], fewer, statistics, seed=0)
    kept = [row for row in range(len(split)) if row not in (0, 5, 7)]
    assert items.image_rows[:, 0].tolist() == kept
    assert items.batch(np.array([0])).item_ids == [split.image_ids[1]]


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("normal", "the split 'train' has no item for the task 'normal': none of its .* images has rgb and normal and mask_valid; prepare"),
        ("egomotion", "the split 'train' has no item for the task 'egomotion': its .* images make no fixated triplets; prepare more views"),
        ("random_projection", "'random_projection' learns nothing"),
    ],
)  # fmt: skip
def test_a_split_without_items_is_refused(name, message, split, statistics):
    empty = replace(split, is_present=np.zeros_like(split.is_present), tuples={}, tuple_labels={})
    with pytest.raises(ValueError, match=message):
        TaskDataset(TASKS[name], empty, statistics, seed=0)


def test_a_label_that_was_not_prepared_is_refused(split, statistics):
    task = custom_task("norml", {"kind": "class", "classes": 2, "folder": "norml"})
    with pytest.raises(ValueError, match="'norml': the split 'train' has no label 'norml'.*normal"):
        TaskDataset(task, split, statistics, seed=0)


def test_colours_need_their_rarity(split):
    items = TaskDataset(TASKS["colorization"], split, LabelStatistics(), seed=0)
    with pytest.raises(ValueError, match="colorization needs the rarity of colours"):
        items.batch(np.array([0]))


def test_batches_move_with_all_they_hold(items_of):
    batch = items_of(TASKS["segment_unsup2d"]).batch(np.array([0])).to("meta")
    assert {tensor.device.type for tensor in tensors(batch).values() if tensor is not None} == {"meta"}
