"""A split of rooms: its arrays, and what they depend on."""

import math

import numpy as np
import pytest
from tests.small_rooms import ROOMS, files, settings

from taskonomy_kedro.core.labels.stored import STORED_DOMAINS
from taskonomy_kedro.core.preparation.prepared import PreparedSplit
from taskonomy_kedro.core.preparation.split_build import build_split, describe_split


def test_a_split_holds_every_domain_of_every_image(split):
    assert len(split) >= 28
    assert set(split.arrays) == {*STORED_DOMAINS, "vanishing_point", "room_layout"}
    assert split.is_present.all()
    mapped = [*split.arrays.values(), *split.tuples.values(), *split.tuple_labels.values()]
    assert all(isinstance(array, np.memmap) for array in mapped)  # a split may be larger than memory
    assert split.image_size == 32
    image = split.stored_image(3)
    assert image.image_id == split.image_ids[3]
    np.testing.assert_array_equal(image.domains["normal"], split.arrays["normal"][3])
    np.testing.assert_allclose(
        np.linalg.norm(split.arrays["vanishing_point"][3].reshape(3, 3), axis=1), 1, atol=1e-5
    )


def test_pairs_and_triplets_are_rows_of_the_split_with_their_labels(split):
    assert {task: rows.shape[1] for task, rows in split.tuples.items()} == {
        "fixated_pose": 2, "nonfixated_pose": 2, "egomotion": 3, "point_matching": 2,
    }  # fmt: skip
    for task, length in (("fixated_pose", 6), ("nonfixated_pose", 6), ("egomotion", 18)):
        assert split.tuple_labels[task].shape == (len(split.tuples[task]), length)
        assert split.tuples[task].max() < len(split)


@pytest.mark.parametrize(("tuples_per_image", "share"), [(0.5, 0.5), (0.001, 0)])
def test_as_many_tuples_are_drawn_as_requested(split, tmp_path, tuples_per_image, share):
    """Each kind has more candidates than images; two are the minimum."""
    n_images = len(split)
    build_split("train", settings(tuples_per_image=tuples_per_image), tmp_path / "train")
    tuples = PreparedSplit.open(tmp_path / "train").tuples
    expected = max(2, math.ceil(share * n_images))
    n_tuples = {task: len(rows) for task, rows in tuples.items()}
    assert n_tuples.pop("point_matching") == expected // 2 * 2  # as many that match as do not
    assert set(n_tuples.values()) == {expected}


def test_batches_are_copies_of_rows_in_any_order(split):
    batch = split.batch(np.array([5, 0, 5]), names=("rgb", "room_layout"))
    np.testing.assert_array_equal(batch["rgb"], split.arrays["rgb"][[5, 0, 5]])
    assert set(batch) == {"rgb", "room_layout"}


def test_the_same_bytes_with_any_number_of_processes(whole, tmp_path):
    build_split("train", settings(processes=2), tmp_path / "train")
    assert files(tmp_path / "train") == files(whole)


def test_a_room_does_not_depend_on_the_number_of_rooms(split, tmp_path):
    fewer = settings(rooms={**ROOMS, "train": 1})
    build_split("train", fewer, tmp_path / "train")
    one = PreparedSplit.open(tmp_path / "train")
    assert split.image_ids[: len(one)] == one.image_ids
    np.testing.assert_array_equal(one.arrays["rgb"], split.arrays["rgb"][: len(one)])


def test_splits_share_no_room(split, tmp_path):
    build_split("test", settings(), tmp_path / "test")
    buildings = [
        {image_id.split("/")[0] for image_id in one.image_ids}
        for one in (split, PreparedSplit.open(tmp_path / "test"))
    ]
    assert buildings[0].isdisjoint(buildings[1])


def test_an_unfinished_folder_is_not_opened(tmp_path):
    with pytest.raises(
        FileNotFoundError, match=r"split\.json is missing\); run the pipeline data_preparation"
    ):
        PreparedSplit.open(tmp_path)


def test_a_split_depends_only_on_settings_that_change_its_bytes():
    described = describe_split("train", settings())
    assert described["seed"] == 0
    assert described["views_per_room"] == 14
    assert describe_split("train", settings(processes=2)) == described
    assert describe_split("train", settings(rooms={**ROOMS, "test": 2})) == described
    assert describe_split("train", settings(tuples_per_image=3.0)) != described
